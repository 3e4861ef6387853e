-- Opens accounts from their names, in the order given. Two at once: one row for each, and both go on.
--
-- Example:
--   select ledger.open_accounts(array['USD/cash/usr_anna', 'gCO2e/listing/lst_one'], array[null, 'usr_anna'], '2026-03-01');
--   select ledger.open_accounts(array['USD/cash/usr_anna', 'USD/loss'], array[null, null], '2026-03-01');
--   select id, holder from ledger.account order by id collate "C";
--   => USD/cash/usr_anna | usr_anna
--   => USD/loss | null
--   => gCO2e/listing/lst_one | usr_anna
--   select ledger.open_accounts(array['USD/loss', 'USD/wallet/usr_anna'], array[null, null], '2026-03-01');
--   =! No account can be named USD/wallet/usr_anna.
create or replace function ledger.open_accounts(p_ids text[], p_holders text[], p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  wrong text; homeless text;
begin
  with asked as (
    select given.id, given.holder, given.place, split_part(given.id, '/', 1) as asset, split_part(given.id, '/', 3) as owner,
      split_part(given.id, '/', 4) as rest, split_part(given.id, '/', 2) as kind
    from unnest(p_ids, p_holders) with ordinality as given (id, holder, place)
  ), described as (
    select asked.*, known.owner as owned_by, known.min_balance,
      known.kind is not null and (known.asset_class = 'credits') = (asked.asset = 'gCO2e')
        and asked.asset ~ '^(gCO2e|[A-Z]{3})$' and (asked.owner = '') = (known.owner = 'venue') and asked.rest = '' as fits
    from asked left join ledger.account_kind known on known.kind = asked.kind
  ), opened as (
    insert into ledger.account (id, asset, kind, holder, min_balance, opened_at)
    select id, asset, kind, case owned_by when 'user' then owner when 'listing' then holder end, min_balance, p_at
    from described where fits and (owned_by <> 'listing' or holder is not null) order by place
    on conflict (id) do nothing
  )
  select min(id) filter (where not fits), min(id) filter (where fits and owned_by = 'listing' and holder is null)
  into wrong, homeless from described;
  if wrong is not null then
    raise exception using errcode = 'invalid_parameter_value', message = format('No account can be named %s.', wrong);
  end if;
  if homeless is not null then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s needs a holder when it is opened.', homeless);
  end if;
end
$$;

revoke execute on function ledger.open_accounts from public;
