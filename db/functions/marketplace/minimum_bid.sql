-- The least that a bidder may bid now: the start, one more than their own highest, or a step above the price.
--
-- Example:
--   insert into marketplace.listing (id, seller_id, kind, status, amount_g, remaining_g, price_minor, currency, vintage_year,
--       country_code, method_code, mixed, words, ends_at, created_at)
--     values ('lst_one', 'usr_anna', 'auction', 'active', 1000, 1000, 1000, 'USD', 2026, 'VN', 'flat', false, '', '2100-01-01',
--       '2026-03-01');
--   insert into marketplace.auction (listing_id, seller_id, currency, status, start_minor, reserve_salt, mask_secret, step_bps,
--       step_minor, window_s, first_ends_at, ends_at, head)
--     values ('lst_one', 'usr_anna', 'USD', 'live', 1000, 'salt', 'secret', 500, 100, 120, '2100-01-01', '2100-01-01', '');
--   select marketplace.minimum_bid(a, 'usr_binh') from marketplace.auction a;
--   => 1000
--   select outcome from marketplace.place_bid('lst_one', 'bid_one', 'usr_binh', 5000, now(), 'req_one');
--   select marketplace.minimum_bid(a, 'usr_binh'), marketplace.minimum_bid(a, 'usr_chi') from marketplace.auction a;
--   => 5001 | 1100
create or replace function marketplace.minimum_bid(a marketplace.auction, p_bidder_id text) returns bigint
language plpgsql immutable parallel safe as $$
begin
  if a.leader_id is null then return a.start_minor; end if;
  if a.leader_id = p_bidder_id then return a.leader_max_minor + 1; end if;
  return a.price_minor + marketplace.step_at(a, a.price_minor);
end
$$;
