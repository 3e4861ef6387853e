-- What the leader pays: the smaller of the highest maximum and the second plus one increment; the start while nobody else has
-- bid; lifted to the reserve once the highest maximum reaches it.
--
-- Example:
--   select marketplace.proxy_price(5000, null, 1000, null, 100), marketplace.proxy_price(5000, 3000, 1000, null, 100),
--     marketplace.proxy_price(3050, 3000, 1000, null, 100), marketplace.proxy_price(5000, 3000, 1000, 4000, 100);
--   => 1000 | 3100 | 3050 | 4000
create or replace function marketplace.proxy_price(
  p_highest bigint, p_second bigint, p_start bigint, p_reserve bigint, p_step bigint
) returns bigint
language sql immutable parallel safe as $$
  select greatest(case when p_second is null then p_start else least(p_highest, p_second + p_step) end,
    case when p_highest >= p_reserve then p_reserve end);
$$;
