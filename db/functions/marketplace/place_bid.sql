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
language plpgsql as $$
declare
  a marketplace.auction;
  b marketplace.bid;
  moment timestamptz; paused timestamptz;
  highest bigint; second bigint;
  top_mask text; new_salt text;
  commitment bytea; new_hash bytea;
begin
  select * into a from marketplace.auction where auction.listing_id = p_listing_id for update;
  if not found then outcome := 'missing'; return; end if;
  seller_id := a.seller_id; seq := a.seq; price_minor := a.price_minor; ends_at := a.ends_at;

  select * into b from marketplace.bid where bid.listing_id = p_listing_id and bid.id = p_id;
  if found then
    if b.bidder_id <> p_bidder_id or b.max_minor <> p_max then outcome := 'id_reused'; return; end if;
    outcome := 'replayed'; mask := b.mask; leads := a.leader_id = p_bidder_id;
    return;
  end if;

  -- The wait for the lock may have outlasted the auction, so now() would be too early. Milliseconds, as shown.
  moment := date_trunc('milliseconds', clock_timestamp());
  if a.status <> 'live' or moment >= a.ends_at then outcome := 'ended'; return; end if;
  if moment < a.starts_at then outcome := 'early'; ends_at := a.starts_at; return; end if;
  select until into paused from marketplace.bid_pause where user_id = p_bidder_id and until > moment;
  if found then outcome := 'paused'; ends_at := paused; return; end if;
  if a.seller_id = p_bidder_id then outcome := 'own'; return; end if;
  if a.deposit_minor is not null and not exists (select from marketplace.deposit d
      where d.listing_id = p_listing_id and d.bidder_id = p_bidder_id) then outcome := 'no_deposit'; return; end if;

  minimum_minor := marketplace.minimum_bid(a, p_bidder_id);
  if p_max < minimum_minor then outcome := 'too_low'; return; end if;

  mask := left(encode(sha256(convert_to(a.mask_secret || '|' || p_bidder_id, 'UTF8')), 'hex'), 8);
  leads := a.leader_id is null or a.leader_id = p_bidder_id or p_max > a.leader_max_minor;
  if leads then
    highest := p_max;
    second := case when a.leader_id = p_bidder_id then a.second_max_minor else a.leader_max_minor end;
    top_mask := mask;
    if a.leader_id <> p_bidder_id then outbid_id := a.leader_id; end if;
  else
    highest := a.leader_max_minor;
    second := p_max;
    top_mask := a.leader_mask;
  end if;
  price_minor := marketplace.price_between(a, highest, second);

  ends_at := greatest(a.ends_at, moment + make_interval(secs => a.window_s));
  seq := a.seq + 1;
  new_salt := gen_random_uuid()::text;
  commitment := sha256(convert_to(new_salt || '|' || p_max, 'UTF8'));
  new_hash := sha256(convert_to(concat_ws('|', encode(a.head, 'hex'), p_listing_id, seq, p_id, mask,
    encode(commitment, 'hex'), price_minor, top_mask, marketplace.iso(moment), marketplace.iso(ends_at)), 'UTF8'));

  insert into marketplace.bid (listing_id, seq, id, bidder_id, mask, max_minor, salt, max_hash, price_minor,
      leader_mask, leads, ends_at, at, prev, hash)
    values (p_listing_id, place_bid.seq, p_id, p_bidder_id, place_bid.mask, p_max, new_salt, commitment,
      place_bid.price_minor, top_mask, place_bid.leads, place_bid.ends_at, moment, a.head, new_hash)
    returning * into b;
  update marketplace.auction set
      seq = place_bid.seq, head = new_hash, price_minor = place_bid.price_minor, ends_at = place_bid.ends_at,
      leader_id = case when place_bid.leads then p_bidder_id else auction.leader_id end,
      leader_mask = top_mask, leader_max_minor = highest, second_max_minor = second
    where auction.listing_id = p_listing_id;
  if ends_at <> a.ends_at then
    update marketplace.listing set ends_at = place_bid.ends_at where listing.id = p_listing_id;
  end if;

  perform marketplace.tell_of_bid(a, b, outbid_id, p_cause, p_at);
  outcome := 'placed';
end
$$;
