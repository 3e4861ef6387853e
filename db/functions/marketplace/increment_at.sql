-- The step to the next bid in minor units: a share of the price in hundredths of a percent, rounded up, but no less than
-- the smallest step.
--
-- Example:
--   select marketplace.increment_at(10001, 500, 100), marketplace.increment_at(50, 500, 100);
--   => 501 | 100
create or replace function marketplace.increment_at(price bigint, step_bps int, step_minor bigint) returns bigint
language sql immutable parallel safe as $$
  select greatest((price * step_bps + 9999) / 10000, step_minor);
$$;
