-- Places one bid: locks the auction, decides by the clock after the lock, applies the proxy rule, extends the end,
-- numbers the bid, chains it and tells. One call, so that bids wait for each other's commits and not for round trips.
-- Refusals change nothing. Outcomes: placed, replayed (the same bid was already placed under this id), id_reused,
-- missing, ended, early (before its start), paused (ends_at says until when), own, no_deposit, too_low
-- (minimum_minor says what would do).
--
-- Example:
--   insert into marketplace.listing (id, seller_id, kind, status, amount_g, remaining_g, price_minor, currency, vintage_year,
--       country_code, method_code, mixed, words, ends_at, created_at)
--     values ('lst_one', 'usr_anna', 'auction', 'active', 1000, 1000, 1000, 'USD', 2026, 'VN', 'flat', false, '', '2100-01-01',
--       '2026-03-01');
--   insert into marketplace.auction (listing_id, seller_id, currency, status, start_minor, reserve_salt, mask_secret, step_bps,
--       step_minor, window_s, first_ends_at, ends_at, head)
--     values ('lst_one', 'usr_anna', 'USD', 'live', 1000, 'salt', 'secret', 500, 100, 120, '2100-01-01', '2100-01-01', '');
--   select outcome, leads, price_minor from marketplace.place_bid('lst_one', 'bid_one', 'usr_binh', 5000, now(), 'req_one');
--   => placed | t | 1000
--   select outcome, leads, price_minor, outbid_id
--     from marketplace.place_bid('lst_one', 'bid_two', 'usr_chi', 6000, now(), 'req_two');
--   => placed | t | 5250 | usr_binh
--   select outcome, minimum_minor from marketplace.place_bid('lst_one', 'bid_three', 'usr_binh', 5300, now(), 'req_three');
--   => too_low | 5513
create or replace function marketplace.place_bid(
  p_listing_id text, p_id text, p_bidder_id text, p_max bigint, p_at timestamptz, p_cause text,
  out outcome text, out seq bigint, out leads boolean, out price_minor bigint, out minimum_minor bigint,
  out ends_at timestamptz, out mask text, out outbid_id text, out seller_id text
)
-- Every statement finds one row by its key: planning it anew for each bid would cost more than it saves.
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  a marketplace.auction; known marketplace.bid;
  moment timestamptz; paused timestamptz;
  is_covered boolean; is_own boolean;
  highest bigint; second bigint; top_mask text; new_salt text; commitment bytea; new_hash bytea;
begin
  select * into a from marketplace.auction where auction.listing_id = p_listing_id for update;
  if not found then outcome := 'missing'; return; end if;
  seller_id := a.seller_id; seq := a.seq; price_minor := a.price_minor;
  is_own := a.leader_id = p_bidder_id;
  -- The wait for the lock may have outlasted the auction, so now() would be too early. Milliseconds, as shown.
  moment := date_trunc('milliseconds', clock_timestamp());
  minimum_minor := case when a.leader_id is null then a.start_minor when is_own then a.leader_max_minor + 1
    else a.price_minor + marketplace.step_of(a.price_minor, a.step_bps, a.step_minor, a.band_from, a.band_step) end;
  select (select p.until from marketplace.bid_pause p where p.user_id = p_bidder_id and p.until > moment),
      a.deposit_minor is null or exists (select from marketplace.deposit d
        where d.listing_id = p_listing_id and d.bidder_id = p_bidder_id) into paused, is_covered;
  outcome := case
    when a.status <> 'live' or moment >= a.ends_at then 'ended' when moment < a.starts_at then 'early'
    when paused is not null then 'paused' when a.seller_id = p_bidder_id then 'own'
    when not is_covered then 'no_deposit' when p_max < minimum_minor then 'too_low' end;
  ends_at := case outcome when 'early' then a.starts_at when 'paused' then paused else a.ends_at end;
  if outcome is null then
    mask := left(encode(sha256(convert_to(a.mask_secret || '|' || p_bidder_id, 'UTF8')), 'hex'), 8);
    leads := a.leader_id is null or is_own or p_max > a.leader_max_minor;
    highest := case when leads then p_max else a.leader_max_minor end;
    second := case when not leads then p_max when is_own then a.second_max_minor else a.leader_max_minor end;
    top_mask := case when leads then mask else a.leader_mask end;
    outbid_id := case when leads and not is_own then a.leader_id end;
    price_minor := marketplace.proxy_price(highest, second, a.start_minor, a.reserve_minor,
      marketplace.step_of(second, a.step_bps, a.step_minor, a.band_from, a.band_step));
    ends_at := greatest(a.ends_at, moment + make_interval(secs => a.window_s));
    new_salt := gen_random_uuid()::text;
    commitment := sha256(convert_to(new_salt || '|' || p_max, 'UTF8'));
    new_hash := sha256(convert_to(concat_ws('|', encode(a.head, 'hex'), p_listing_id, a.seq + 1, p_id, mask,
      encode(commitment, 'hex'), price_minor, top_mask, marketplace.iso(moment), marketplace.iso(ends_at)), 'UTF8'));
    -- Both in one statement: each of its own costs as much again. Where the id is known nothing happens.
    with placed as (
      insert into marketplace.bid (listing_id, seq, id, bidder_id, mask, max_minor, salt, max_hash, price_minor,
          leader_mask, leads, ends_at, at, prev, hash)
        values (p_listing_id, a.seq + 1, p_id, p_bidder_id, place_bid.mask, p_max, new_salt, commitment,
          place_bid.price_minor, top_mask, place_bid.leads, place_bid.ends_at, moment, a.head, new_hash)
        on conflict (listing_id, id) do nothing returning bid.seq
    )
    update marketplace.auction set
        seq = placed.seq, head = new_hash, price_minor = place_bid.price_minor, ends_at = place_bid.ends_at,
        leader_id = case when place_bid.leads then p_bidder_id else auction.leader_id end,
        leader_mask = top_mask, leader_max_minor = highest, second_max_minor = second
      from placed where auction.listing_id = p_listing_id returning placed.seq into place_bid.seq;
    if found then
      outcome := 'placed';
      if ends_at <> a.ends_at then
        update marketplace.listing set ends_at = place_bid.ends_at where listing.id = p_listing_id;
      end if;
      -- Whom the bid has cost the lead; open pages read the auction itself.
      if outbid_id is not null then
        perform jobs.emit('marketplace.outbid', jsonb_build_object('listingId', p_listing_id, 'bidderId', outbid_id,
          'priceMinor', price_minor::text, 'currency', a.currency, 'endsAt', marketplace.iso(ends_at)), p_cause, p_at);
      end if;
      return;
    end if;
  end if;
  -- Nothing was changed: the answer to this bid when it came before, or why it cannot stand.
  select * into known from marketplace.bid b where b.listing_id = p_listing_id and b.id = p_id;
  if found then
    outcome := case when known.bidder_id = p_bidder_id and known.max_minor = p_max then 'replayed' else 'id_reused' end;
    mask := known.mask; seq := a.seq; price_minor := a.price_minor; ends_at := a.ends_at; leads := is_own;
    outbid_id := null;
  end if;
end
$$;
