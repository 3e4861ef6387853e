-- The price that an auction stands at between its highest and its second highest bid: a step above the second, no more
-- than the highest, and the reserve as soon as the highest reaches it. Without a second bid it is the start.
--
-- Example:
--   insert into marketplace.listing (id, seller_id, kind, status, amount_g, remaining_g, price_minor, currency, vintage_year,
--       country_code, method_code, mixed, words, ends_at, created_at)
--     values ('lst_one', 'usr_anna', 'auction', 'active', 1000, 1000, 1000, 'USD', 2026, 'VN', 'flat', false, '', '2100-01-01',
--       '2026-03-01');
--   insert into marketplace.auction (listing_id, seller_id, currency, status, start_minor, reserve_salt, mask_secret, step_bps,
--       step_minor, window_s, first_ends_at, ends_at, head)
--     values ('lst_one', 'usr_anna', 'USD', 'live', 1000, 'salt', 'secret', 500, 100, 120, '2100-01-01', '2100-01-01', '');
--   select marketplace.price_between(a, 5000, null), marketplace.price_between(a, 5000, 2000),
--     marketplace.price_between(a, 2050, 2000) from marketplace.auction a;
--   => 1000 | 2100 | 2050
create or replace function marketplace.price_between(
  a marketplace.auction, p_highest bigint, p_second bigint
) returns bigint
language plpgsql immutable parallel safe as $$
declare
  price bigint := a.start_minor;
begin
  if p_second is not null then
    price := least(p_highest, p_second + marketplace.step_at(a, p_second));
  end if;
  if p_highest >= a.reserve_minor then price := greatest(price, a.reserve_minor); end if;
  return price;
end
$$;
