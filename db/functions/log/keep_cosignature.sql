-- Keeps what a witness put under a checkpoint; its first word stands.
--
-- Example:
--   select log.sequence(0, array[]::bigint[], array[]::int[], array[]::bigint[], array[]::bytea[], sha256(''), 'note', '2026-03-01Z');
--   select log.keep_cosignature(0, 'witness', '— witness AAAA', '2026-03-01Z');
--   select name from log.cosignature;
--   => witness
create or replace function log.keep_cosignature(p_size bigint, p_name text, p_line text, p_at timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into log.cosignature (size, name, line, at) values (p_size, p_name, p_line, p_at)
  on conflict (size, name) do nothing
$$;

revoke execute on function log.keep_cosignature from public, evx_app;
grant execute on function log.keep_cosignature to evx_working, evx_former;
