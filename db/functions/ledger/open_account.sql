-- Opens an account from its name. Two at once: one row, and both go on.
--
-- Example:
--   select ledger.open_account('USD/cash/usr_anna', null, '2026-03-01');
--   select ledger.open_account('gCO2e/listing/lst_one', 'usr_anna', '2026-03-01');
--   select id, asset, kind, holder, min_balance from ledger.account order by id;
--   => USD/cash/usr_anna | USD | cash | usr_anna | 0
--   => gCO2e/listing/lst_one | gCO2e | listing | usr_anna | 0
--   select ledger.open_account('USD/wallet/usr_anna', null, '2026-03-01');
--   =! No account can be named USD/wallet/usr_anna.
create or replace function ledger.open_account(p_id text, p_holder text, p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform ledger.open_accounts(array[p_id], array[p_holder], p_at);
end
$$;

revoke execute on function ledger.open_account from public;
