-- A moment as JavaScript's toISOString writes it, so that a browser can compute the same hashes.
--
-- Example:
--   select marketplace.iso('2026-03-01 12:30:00.1234+07');
--   => 2026-03-01T05:30:00.123Z
create or replace function marketplace.iso(moment timestamptz) returns text
language sql stable parallel safe as $$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;
