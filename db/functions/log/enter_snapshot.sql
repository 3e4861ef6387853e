-- Enters a day's snapshot: how many rows it has, the hash of their lines and of the statement that was signed. One from before
-- snapshots were logged is entered as of the moment that is given.
--
-- Example:
--   select log.enter_snapshot('2026-03-01');
--   => null
create or replace function log.enter_snapshot(p_day text, p_at timestamptz default null) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('snapshot', day, jsonb_build_object('day', day, 'rows', statement::jsonb -> 'rows',
    'sha256', statement::jsonb ->> 'sha256', 'statement', encode(sha256(convert_to(statement, 'UTF8')), 'hex')),
    coalesce(p_at, at))
  from verification.snapshot where day = p_day
$$;

revoke execute on function log.enter_snapshot from public;
