-- Says why a debit or a hold on an account did not go through. Returns when the account has changed meanwhile
-- and the caller may try again.
create or replace function ledger.explain_short(p_id text, p_holder text, p_change bigint, p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v ledger.account;
begin
  select * into v from ledger.account where id = p_id;
  if not found then
    perform ledger.open_account(p_id, p_holder, p_at);
  elsif v.balance - v.held + p_change < v.min_balance then
    perform ledger.refuse('balance_insufficient', jsonb_build_object(
      'account', p_id, 'asset', v.asset, 'kind', v.kind,
      'missing', (v.min_balance - (v.balance - v.held + p_change))::text,
      'available', (v.balance - v.held - v.min_balance)::text));
  end if;
end
$$;

revoke execute on function ledger.explain_short from public;
