-- Opens an account from its name. Two at once: one row, and both go on.
create or replace function ledger.open_account(p_id text, p_holder text, p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_asset text := split_part(p_id, '/', 1);
  v_owner text := split_part(p_id, '/', 3);
  v_kind ledger.account_kind;
begin
  select * into v_kind from ledger.account_kind where kind = split_part(p_id, '/', 2);
  if v_kind.kind is null
    or (v_kind.asset_class = 'credits') is distinct from (v_asset = 'gCO2e')
    or v_asset !~ '^(gCO2e|[A-Z]{3})$'
    or (v_owner = '') is distinct from (v_kind.owner = 'venue')
    or split_part(p_id, '/', 4) <> '' then
    raise exception using errcode = 'invalid_parameter_value', message = format('No account can be named %s.', p_id);
  end if;
  if v_kind.owner = 'listing' and p_holder is null then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s needs a holder when it is opened.', p_id);
  end if;
  insert into ledger.account (id, asset, kind, holder, min_balance, opened_at)
  values (p_id, v_asset, v_kind.kind,
    case v_kind.owner when 'user' then v_owner when 'listing' then p_holder end, v_kind.min_balance, p_at)
  on conflict (id) do nothing;
end
$$;

revoke execute on function ledger.open_account from public;
