-- A moment as entries write it.
--
-- Example:
--   select log.moment('2026-03-01 07:00:00.5+07');
--   => 2026-03-01T00:00:00.500Z
create or replace function log.moment(p_at timestamptz) returns text
language sql immutable parallel safe as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
