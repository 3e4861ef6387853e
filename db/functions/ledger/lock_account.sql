-- Locks an account until the transaction ends, and opens it where there is none of that name.
--
-- Example:
--   select ledger.lock_account('gCO2e/wallet/usr_anna', '2026-03-01');
--   select id, kind, holder, balance from ledger.account where id = 'gCO2e/wallet/usr_anna';
--   => gCO2e/wallet/usr_anna | wallet | usr_anna | 0
create or replace function ledger.lock_account(p_id text, p_at timestamptz) returns void
language plpgsql as $$
begin
  loop
    perform from ledger.account where id = p_id for no key update;
    exit when found;
    perform ledger.open_account(p_id, null, p_at);
  end loop;
end
$$;

revoke execute on function ledger.lock_account from public;
