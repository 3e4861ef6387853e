-- Statements of daily snapshots in the words of the log's entries, by day, so many after the given one.
--
-- Example:
--   select * from verification.state_snapshots('', 10);
--   select count(*) from verification.state_snapshots('2026', 10);
--   => 0
create or replace function verification.state_snapshots(p_after text, p_limit int) returns table (name text, facts jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select day, jsonb_build_object('day', day, 'rows', statement::jsonb -> 'rows', 'sha256', statement::jsonb ->> 'sha256',
    'statement', encode(sha256(convert_to(statement, 'UTF8')), 'hex'))
  from verification.snapshot where day > p_after order by day limit p_limit
$$;

revoke execute on function verification.state_snapshots from public;
grant execute on function verification.state_snapshots to evx_app;
