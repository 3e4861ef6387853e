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
declare
  asset_name text := split_part(p_id, '/', 1);
  owner_name text := split_part(p_id, '/', 3);
  known ledger.account_kind;
begin
  select * into known from ledger.account_kind where kind = split_part(p_id, '/', 2);
  if known.kind is null
    or (known.asset_class = 'credits') is distinct from (asset_name = 'gCO2e')
    or asset_name !~ '^(gCO2e|[A-Z]{3})$'
    or (owner_name = '') is distinct from (known.owner = 'venue')
    or split_part(p_id, '/', 4) <> '' then
    raise exception using errcode = 'invalid_parameter_value', message = format('No account can be named %s.', p_id);
  end if;
  if known.owner = 'listing' and p_holder is null then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s needs a holder when it is opened.', p_id);
  end if;
  insert into ledger.account (id, asset, kind, holder, min_balance, opened_at)
  values (p_id, asset_name, known.kind,
    case known.owner when 'user' then owner_name when 'listing' then p_holder end, known.min_balance, p_at)
  on conflict (id) do nothing;
end
$$;

revoke execute on function ledger.open_account from public;
