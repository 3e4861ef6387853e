-- New grams of a new batch, numbered from 1 in account order, against the issued account.
create or replace function ledger.issue(
  p_id text, p_batch text, p_at timestamptz, p_accounts text[], p_amounts bigint[], p_memo jsonb
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_accounts text[];
  v_amounts bigint[];
begin
  if exists (select from unnest(p_amounts) as a (amount) where amount <= 0) then
    raise exception using errcode = 'invalid_parameter_value', message = 'An issue gives grams, it takes none.';
  end if;
  select array_agg(leg.account order by leg.account collate "C"), array_agg(leg.amount order by leg.account collate "C")
  into v_accounts, v_amounts
  from (
    select * from unnest(p_accounts, p_amounts) as given (account, amount)
    union all
    select 'gCO2e/issued', -sum(amount)::bigint from unnest(p_amounts) as given (amount)
  ) as leg;
  return ledger.post(p_id, 'issue', p_at, v_accounts, v_amounts, array_fill(null::text, array[cardinality(v_accounts)]),
    p_memo, null, p_batch);
end
$$;

revoke execute on function ledger.issue from public;
grant execute on function ledger.issue to evx_app;
