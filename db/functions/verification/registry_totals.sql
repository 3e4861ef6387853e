-- What the ledger says of all grams, in the words of the log's entries.
--
-- Example:
--   select verification.registry_totals();
--   => {"issued": "0", "retired": "0", "cancelled": "0", "circulating": "0"}
create or replace function verification.registry_totals() returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object(
    'issued', coalesce(-sum(balance) filter (where kind = 'issued'), 0)::text,
    'circulating', coalesce(sum(balance) filter (where kind in ('wallet', 'listing', 'buffer')), 0)::text,
    'retired', coalesce(sum(balance) filter (where kind = 'retired'), 0)::text,
    'cancelled', coalesce(sum(balance) filter (where kind = 'cancelled'), 0)::text)
  from ledger.account where asset = 'gCO2e'
$$;

revoke execute on function verification.registry_totals from public;
grant execute on function verification.registry_totals to evx_app;
