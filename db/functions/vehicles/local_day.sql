-- The day on which a moment lies where a vehicle is. Days follow one another without a gap: each lasts from its own
-- midnight to the next one's, 23 to 25 hours, so a clock that goes back over midnight begins no day twice. A midnight
-- that clocks skip is the moment at which they do.
--
-- Example:
--   select vehicles.local_day('2025-12-31 16:30Z', 'Asia/Ho_Chi_Minh'), vehicles.local_day('2025-12-31 17:00Z', 'Asia/Ho_Chi_Minh');
--   => 2025-12-31 | 2026-01-01
--   select vehicles.local_day('2025-12-31 10:00Z', 'Pacific/Kiritimati'), vehicles.local_day('2026-01-01 09:59Z', 'Pacific/Honolulu');
--   => 2026-01-01 | 2025-12-31
--   select vehicles.local_day('2010-11-07 02:30:30Z', 'America/St_Johns'), vehicles.local_day('2010-11-07 03:30:00Z', 'America/St_Johns');
--   => 2010-11-06 | 2010-11-07
create or replace function vehicles.local_day(p_at timestamptz, p_zone text) returns date
language sql immutable parallel safe as $$
  select (p_at at time zone p_zone)::date
    - case when p_at < (p_at at time zone p_zone)::date::timestamp at time zone p_zone then 1 else 0 end
$$;
