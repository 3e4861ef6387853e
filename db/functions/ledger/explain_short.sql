-- Says why a debit or a hold on an account did not go through. Returns when the account has changed meanwhile
-- and the caller may try again.
--
-- Example:
--   select ledger.open_account('USD/cash/usr_anna', null, '2026-03-01');
--   select ledger.explain_short('USD/cash/usr_anna', null, -5, '2026-03-01');
--   =! balance_insufficient
create or replace function ledger.explain_short(p_id text, p_holder text, p_change bigint, p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  known ledger.account;
begin
  select * into known from ledger.account where id = p_id;
  if not found then
    perform ledger.open_account(p_id, p_holder, p_at);
  elsif known.balance - known.held + p_change < known.min_balance then
    perform ledger.refuse('balance_insufficient', jsonb_build_object(
      'account', p_id, 'asset', known.asset, 'kind', known.kind,
      'missing', (known.min_balance - (known.balance - known.held + p_change))::text,
      'available', (known.balance - known.held - known.min_balance)::text));
  end if;
end
$$;

revoke execute on function ledger.explain_short from public;
