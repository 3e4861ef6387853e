-- New grams of a new batch, numbered from 1 in account order, against the issued account.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna', 'gCO2e/buffer'],
--     array[90, 10], null);
--   => f
--   select account_id, amount, after from ledger.entry where transfer_id = 'tfr_one' order by leg;
--   => gCO2e/buffer | 10 | 10
--   => gCO2e/issued | -100 | -100
--   => gCO2e/wallet/usr_anna | 90 | 90
create or replace function ledger.issue(
  p_id text, p_batch text, p_at timestamptz, p_accounts text[], p_amounts bigint[], p_memo jsonb
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  accounts text[];
  amounts bigint[];
begin
  if exists (select from unnest(p_amounts) as a (amount) where amount <= 0) then
    raise exception using errcode = 'invalid_parameter_value', message = 'An issue gives grams, it takes none.';
  end if;
  select array_agg(leg.account order by leg.account collate "C"), array_agg(leg.amount order by leg.account collate "C")
  into accounts, amounts
  from (
    select * from unnest(p_accounts, p_amounts) as given (account, amount)
    union all
    select 'gCO2e/issued', -sum(amount)::bigint from unnest(p_amounts) as given (amount)
  ) as leg;
  return ledger.post(p_id, 'issue', p_at, accounts, amounts, array_fill(null::text, array[cardinality(accounts)]),
    p_memo, null, p_batch);
end
$$;

revoke execute on function ledger.issue from public;
grant execute on function ledger.issue to evx_app;
