-- The smallest raise over a price: its share rounded up, at least the step of the band that the price lies in, or the
-- one for all. One expression, so that a caller's plan takes it in instead of calling it.
--
-- Example:
--   select marketplace.step_of(1000, 500, 25, null, null), marketplace.step_of(100, 500, 25, null, null),
--     marketplace.step_of(10000, 0, 10, '{5000,20000}', '{50,100}'), marketplace.step_of(4999, 0, 10, '{5000}', '{50}');
--   => 50 | 25 | 50 | 10
create or replace function marketplace.step_of(
  p_price bigint, p_step_bps int, p_step_minor bigint, p_band_from bigint[], p_band_step bigint[]
) returns bigint
language sql immutable parallel safe as $$
  select greatest((p_price * p_step_bps + 9999) / 10000,
    coalesce(p_band_step[width_bucket(p_price, p_band_from)], p_step_minor));
$$;
