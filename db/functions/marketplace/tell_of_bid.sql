-- Tells the bidder whom the bid that was just placed has cost the lead. Open pages read the auction itself.
--
-- Example:
--   insert into marketplace.listing (id, seller_id, kind, status, amount_g, remaining_g, price_minor, currency, vintage_year,
--       country_code, method_code, mixed, words, ends_at, created_at)
--     values ('lst_one', 'usr_anna', 'auction', 'active', 1000, 1000, 1000, 'USD', 2026, 'VN', 'flat', false, '', '2100-01-01',
--       '2026-03-01');
--   insert into marketplace.auction (listing_id, seller_id, currency, status, start_minor, reserve_salt, mask_secret, step_bps,
--       step_minor, window_s, first_ends_at, ends_at, head)
--     values ('lst_one', 'usr_anna', 'USD', 'live', 1000, 'salt', 'secret', 500, 100, 120, '2100-01-01', '2100-01-01', '');
--   select outcome from marketplace.place_bid('lst_one', 'bid_one', 'usr_binh', 5000, '2026-03-01', 'req_one');
--   select outcome from marketplace.place_bid('lst_one', 'bid_two', 'usr_chi', 6000, '2026-03-01', 'req_two');
--   select name, payload ->> 'bidderId', payload ->> 'priceMinor' from jobs.outbox order by id;
--   => marketplace.outbid | usr_binh | 5250
create or replace function marketplace.tell_of_bid(
  a marketplace.auction, b marketplace.bid, p_outbid_id text, p_cause text, p_at timestamptz
) returns void
language plpgsql as $$
begin
  if p_outbid_id is not null then
    perform jobs.emit('marketplace.outbid', jsonb_build_object(
      'listingId', b.listing_id, 'bidderId', p_outbid_id, 'priceMinor', b.price_minor::text, 'currency', a.currency,
      'endsAt', marketplace.iso(b.ends_at)), p_cause, p_at);
  end if;
end
$$;
