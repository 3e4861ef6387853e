-- Sets a part of a balance aside under a name of the caller's. Answers true for a retry.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[100], null);
--   select ledger.hold('ord_one', 'gCO2e/wallet/usr_anna', 60, null, '2026-03-01');
--   => f
--   select ledger.hold('ord_one', 'gCO2e/wallet/usr_anna', 60, null, '2026-03-01');
--   => t
--   select ledger.hold('ord_two', 'gCO2e/wallet/usr_anna', 60, null, '2026-03-01');
--   =! balance_insufficient
--   select balance, held from ledger.account where id = 'gCO2e/wallet/usr_anna';
--   => 100 | 60
create or replace function ledger.hold(p_id text, p_account text, p_amount bigint, p_memo jsonb, p_at timestamptz) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  known ledger.hold;
begin
  insert into ledger.hold (id, account_id, amount, memo, at) values (p_id, p_account, p_amount, p_memo, p_at)
  on conflict (id) do nothing;
  if not found then
    select * into known from ledger.hold where id = p_id;
    if known.account_id = p_account and known.amount = p_amount and known.memo is not distinct from p_memo then
      return true;
    end if;
    perform ledger.refuse('hold_id_reused', jsonb_build_object('holdId', p_id));
  end if;
  loop
    update ledger.account set held = held + p_amount
    where id = p_account and (min_balance is null or balance - held - p_amount >= min_balance);
    exit when found;
    perform ledger.explain_short(p_account, null, -p_amount, p_at);
  end loop;
  return false;
end
$$;

revoke execute on function ledger.hold from public;
grant execute on function ledger.hold to evx_app;
