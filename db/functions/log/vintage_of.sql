-- From the first day of the month of a batch's first trip to the last day of its last one's: on which day somebody drove is
-- nobody's business. Null where the batch names no days.
--
-- Example:
--   select log.vintage_of(b) ->> 'from' from jsonb_populate_record(null::credits.batch,
--     '{"vintage_from": "2026-03-05", "vintage_to": "2026-03-09"}') b;
--   => 2026-03-01
create or replace function log.vintage_of(p_batch credits.batch) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('from', to_char(date_trunc('month', p_batch.vintage_from::timestamp), 'YYYY-MM-DD'),
    'to', to_char(date_trunc('month', p_batch.vintage_to::timestamp) + interval '1 month - 1 day', 'YYYY-MM-DD'))
  where p_batch.vintage_from is not null
$$;

revoke execute on function log.vintage_of from public;
