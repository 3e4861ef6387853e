-- The step from a price to the next bid of an auction: its share of the price, and no less than the step of the price band
-- that the price lies in.
--
-- Example:
--   insert into marketplace.listing (id, seller_id, kind, status, amount_g, remaining_g, price_minor, currency, vintage_year,
--       country_code, method_code, mixed, words, ends_at, created_at)
--     values ('lst_one', 'usr_anna', 'auction', 'active', 1000, 1000, 1000, 'USD', 2026, 'VN', 'flat', false, '', '2100-01-01',
--       '2026-03-01');
--   insert into marketplace.auction (listing_id, seller_id, currency, status, start_minor, reserve_salt, mask_secret, step_bps,
--       step_minor, band_from, band_step, window_s, first_ends_at, ends_at, head)
--     values ('lst_one', 'usr_anna', 'USD', 'live', 1000, 'salt', 'secret', 100, 5, array[1000, 10000], array[50, 500], 120,
--       '2100-01-01', '2100-01-01', '');
--   select marketplace.step_at(a, 999), marketplace.step_at(a, 1000), marketplace.step_at(a, 10000),
--     marketplace.step_at(a, 100000) from marketplace.auction a;
--   => 10 | 50 | 500 | 1000
create or replace function marketplace.step_at(a marketplace.auction, p_price bigint) returns bigint
language plpgsql immutable parallel safe as $$
declare
  step bigint := a.step_minor;
begin
  for place in 1 .. coalesce(cardinality(a.band_from), 0) loop
    exit when a.band_from[place] > p_price;
    step := a.band_step[place];
  end loop;
  return greatest((p_price * a.step_bps + 9999) / 10000, step);
end
$$;
