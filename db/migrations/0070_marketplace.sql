-- The marketplace: what is for sale, who orders it, who bids for it.
--
-- Lock order, so that no two verbs can wait for each other: an order that exists, its auction, its listing, then the
-- ledger's accounts. A new order's row comes after its listing's lock; nobody who waits for it holds what it needs.
--
-- Distribution beyond one primary: listing, auction and bid by the listing's id, order by its own. Hence no foreign
-- key from order to listing; listings are never deleted.

create schema marketplace;

create table marketplace.listing (
  id text primary key,
  seller_id text not null,
  kind text not null check (kind in ('fixed', 'auction')),
  status text not null check (status in ('active', 'sold', 'cancelled', 'expired')),
  amount_g bigint not null check (amount_g > 0),
  -- Free to be ordered. What is neither free, sold nor returned is held by unpaid and unsettled orders.
  remaining_g bigint not null check (remaining_g >= 0),
  sold_g bigint not null default 0 check (sold_g >= 0),
  returned_g bigint not null default 0 check (returned_g >= 0),
  -- Per credit; an auction's starting price.
  price_minor bigint not null check (price_minor > 0),
  currency text not null,
  -- Of the batch that most grams come from; `mixed` says that there are others.
  vintage_year int not null,
  country_code text not null,
  method_code text not null,
  mixed boolean not null,
  -- Lower case, without accents: country names, method, vintage, serial numbers. What free text searches.
  words text not null,
  -- The auction's end as it is now; null for a fixed price. Kept by marketplace.place_bid.
  ends_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  -- Can be bought or bid on. The search's indexes stand on this column, which seldom changes,
  -- so an order's update of remaining_g touches no index.
  open boolean not null generated always as (status = 'active' and remaining_g > 0) stored,
  check (remaining_g + sold_g + returned_g <= amount_g),
  check ((kind = 'auction') = (ends_at is not null))
) with (fillfactor = 80);

-- A page is read in index order and ends with the page: its cost does not grow with the number of listings.
-- One index per sort and per set of filters that can be selective; type is always a residual filter (two values).
create index listing_newest on marketplace.listing (created_at, id) where open;
create index listing_price on marketplace.listing (price_minor, id) where open;
create index listing_ending on marketplace.listing (ends_at, id) where open and kind = 'auction';
create index listing_country_newest on marketplace.listing (country_code, created_at, id) where open;
create index listing_country_price on marketplace.listing (country_code, price_minor, id) where open;
create index listing_vintage_newest on marketplace.listing (vintage_year, country_code, created_at, id) where open;
create index listing_vintage_price on marketplace.listing (vintage_year, country_code, price_minor, id) where open;
create index listing_method_newest on marketplace.listing (method_code, created_at, id) where open;
create index listing_method_price on marketplace.listing (method_code, price_minor, id) where open;
create index listing_seller on marketplace.listing (seller_id, created_at, id);
create index listing_words on marketplace.listing using gin (words gin_trgm_ops) where open;

-- Vintage, country and method hang together; as independent columns the planner would misjudge how rare a mix is.
create statistics marketplace.listing_attributes (dependencies, mcv)
  on vintage_year, country_code, method_code, kind from marketplace.listing;

create table marketplace."order" (
  id text primary key,
  kind text not null check (kind in ('purchase', 'auction_win', 'second_chance')),
  listing_id text not null,
  buyer_id text not null,
  seller_id text not null check (seller_id <> buyer_id),
  status text not null
    check (status in ('pending_payment', 'paid', 'completed', 'cancelled', 'expired', 'refunded', 'disputed')),
  amount_g bigint not null check (amount_g > 0),
  price_minor bigint not null check (price_minor > 0),
  currency text not null,
  total_minor bigint not null check (total_minor > 0),
  platform_fee_minor bigint not null check (platform_fee_minor >= 0),
  cva_fee_minor bigint not null check (cva_fee_minor >= 0),
  net_minor bigint not null check (net_minor >= 0),
  -- Version of the fee rule under which the three were computed.
  fees_version int not null,
  payment_id text not null,
  -- What the settlement's transfer will be called in the book.
  transfer_id text not null,
  -- The legs of that transfer, agreed with the fees when the order is placed; in the order in which the book locks
  -- accounts.
  leg_accounts text[] not null,
  leg_amounts bigint[] not null check (cardinality(leg_amounts) = cardinality(leg_accounts)),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  ended_at timestamptz,
  check (platform_fee_minor + cva_fee_minor + net_minor = total_minor)
) with (fillfactor = 80);

create index order_newest on marketplace."order" (created_at, id);
create index order_buyer on marketplace."order" (buyer_id, created_at, id);
create index order_seller on marketplace."order" (seller_id, created_at, id);
create index order_listing on marketplace."order" (listing_id);
create index order_waiting on marketplace."order" (expires_at) where status = 'pending_payment';
create index order_paid on marketplace."order" (paid_at) where status = 'paid';

create table marketplace.auction (
  listing_id text primary key references marketplace.listing (id),
  -- Copied from the listing, so that a bid locks this row alone.
  seller_id text not null,
  currency text not null,
  status text not null check (status in ('live', 'closed_sold', 'closed_unsold', 'cancelled')),
  start_minor bigint not null check (start_minor > 0),
  reserve_minor bigint check (reserve_minor >= start_minor),
  reserve_salt text not null,
  -- Makes each bidder's mask; never shown, so masks of two auctions cannot be compared.
  mask_secret text not null,
  step_bps int not null check (step_bps >= 0),
  step_minor bigint not null check (step_minor > 0),
  window_s int not null check (window_s > 0),
  first_ends_at timestamptz not null,
  ends_at timestamptz not null check (ends_at >= first_ends_at),
  leader_id text,
  leader_mask text,
  leader_max_minor bigint,
  second_max_minor bigint,
  price_minor bigint check (price_minor <= leader_max_minor),
  -- Number of accepted bids; counts without a gap, under this row's lock.
  seq bigint not null default 0,
  -- Hash of the last bid; of the terms before the first.
  head bytea not null,
  closed_at timestamptz,
  check ((leader_id is null) = (seq = 0) and (leader_max_minor is null) = (seq = 0) and (price_minor is null) = (seq = 0))
) with (fillfactor = 50);

create index auction_live on marketplace.auction (ends_at) where status = 'live';

create table marketplace.bid (
  listing_id text not null references marketplace.auction (listing_id),
  seq bigint not null check (seq > 0),
  id text not null,
  bidder_id text not null,
  mask text not null,
  -- Secret until the close, like its salt; until then max_hash = sha256(salt|max) stands for it.
  max_minor bigint not null check (max_minor > 0),
  salt text not null,
  max_hash bytea not null,
  -- What the bid made of the auction.
  price_minor bigint not null,
  leader_mask text not null,
  leads boolean not null,
  ends_at timestamptz not null,
  at timestamptz not null,
  -- sha256 over prev and everything public of this bid: a chain that starts at the auction's terms.
  prev bytea not null,
  hash bytea not null,
  primary key (listing_id, seq),
  unique (listing_id, id)
);

create index bid_bidder on marketplace.bid (bidder_id, at, listing_id, seq);

create trigger append_only before update or delete or truncate on marketplace.bid
  for each statement execute function public.refuse_change();

-- A moment as JavaScript's toISOString writes it, so that a browser can compute the same hashes.
create function marketplace.iso(moment timestamptz) returns text
language sql stable parallel safe as $$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

create function marketplace.increment_at(price bigint, step_bps int, step_minor bigint) returns bigint
language sql immutable parallel safe as $$
  select greatest((price * step_bps + 9999) / 10000, step_minor);
$$;

-- Places one bid: locks the auction, decides by the clock after the lock, applies the proxy rule, extends the end,
-- numbers the bid, chains it and tells. One call, so that bids wait for each other's commits and not for round trips.
-- Refusals change nothing. Outcomes: placed, replayed (the same bid was already placed under this id), id_reused,
-- missing, ended, own, too_low (minimum_minor says what would do).
create function marketplace.place_bid(
  p_listing_id text, p_id text, p_bidder_id text, p_max bigint, p_at timestamptz, p_cause text,
  out outcome text, out seq bigint, out leads boolean, out price_minor bigint, out minimum_minor bigint,
  out ends_at timestamptz, out mask text, out outbid_id text, out seller_id text
)
language plpgsql as $$
declare
  a marketplace.auction;
  b marketplace.bid;
  moment timestamptz;
  highest bigint;
  second bigint;
  top_mask text;
  new_salt text;
  commitment bytea;
  new_hash bytea;
begin
  select * into a from marketplace.auction where auction.listing_id = p_listing_id for update;
  if not found then outcome := 'missing'; return; end if;
  seller_id := a.seller_id;
  seq := a.seq;
  price_minor := a.price_minor;
  ends_at := a.ends_at;

  select * into b from marketplace.bid where bid.listing_id = p_listing_id and bid.id = p_id;
  if found then
    if b.bidder_id <> p_bidder_id or b.max_minor <> p_max then outcome := 'id_reused'; return; end if;
    outcome := 'replayed';
    mask := b.mask;
    leads := a.leader_id = p_bidder_id;
    return;
  end if;

  -- The wait for the lock may have outlasted the auction, so now() would be too early. Milliseconds, as shown.
  moment := date_trunc('milliseconds', clock_timestamp());
  if a.status <> 'live' or moment >= a.ends_at then outcome := 'ended'; return; end if;
  if a.seller_id = p_bidder_id then outcome := 'own'; return; end if;

  if a.leader_id is null then
    minimum_minor := a.start_minor;
  elsif a.leader_id = p_bidder_id then
    minimum_minor := a.leader_max_minor + 1;
  else
    minimum_minor := a.price_minor + marketplace.increment_at(a.price_minor, a.step_bps, a.step_minor);
  end if;
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
  price_minor := case when second is null then a.start_minor
    else least(highest, second + marketplace.increment_at(second, a.step_bps, a.step_minor)) end;
  if highest >= a.reserve_minor then price_minor := greatest(price_minor, a.reserve_minor); end if;

  ends_at := greatest(a.ends_at, moment + make_interval(secs => a.window_s));
  seq := a.seq + 1;
  new_salt := gen_random_uuid()::text;
  commitment := sha256(convert_to(new_salt || '|' || p_max, 'UTF8'));
  new_hash := sha256(convert_to(concat_ws('|', encode(a.head, 'hex'), p_listing_id, seq, p_id, mask,
    encode(commitment, 'hex'), price_minor, top_mask, marketplace.iso(moment), marketplace.iso(ends_at)), 'UTF8'));

  insert into marketplace.bid (listing_id, seq, id, bidder_id, mask, max_minor, salt, max_hash, price_minor,
      leader_mask, leads, ends_at, at, prev, hash)
    values (p_listing_id, place_bid.seq, p_id, p_bidder_id, place_bid.mask, p_max, new_salt, commitment,
      place_bid.price_minor, top_mask, place_bid.leads, place_bid.ends_at, moment, a.head, new_hash);
  update marketplace.auction set
      seq = place_bid.seq, head = new_hash, price_minor = place_bid.price_minor, ends_at = place_bid.ends_at,
      leader_id = case when place_bid.leads then p_bidder_id else auction.leader_id end,
      leader_mask = top_mask, leader_max_minor = highest, second_max_minor = second
    where auction.listing_id = p_listing_id;
  if ends_at <> a.ends_at then
    update marketplace.listing set ends_at = place_bid.ends_at where listing.id = p_listing_id;
  end if;

  perform jobs.emit('marketplace.bid_placed', jsonb_build_object(
    'listingId', p_listing_id, 'sellerId', a.seller_id, 'bidId', p_id, 'bidderId', p_bidder_id, 'seq', seq,
    'leads', leads, 'priceMinor', price_minor::text, 'currency', a.currency, 'endsAt', marketplace.iso(ends_at),
    'outbidId', outbid_id), p_cause, p_at);
  if outbid_id is not null then
    perform jobs.emit('marketplace.outbid', jsonb_build_object(
      'listingId', p_listing_id, 'bidderId', outbid_id, 'priceMinor', price_minor::text, 'currency', a.currency,
      'endsAt', marketplace.iso(ends_at)), p_cause, p_at);
  end if;
  outcome := 'placed';
end
$$;

-- Settles a paid order: completes it, takes its payment for the seller and its grams off the listing, posts the
-- transfer that was agreed when it was placed, and tells. One call, so that the locks of shared accounts last no longer
-- than the commit. False when the order is not waiting to be settled; raises order_money_withheld when its payment is
-- disputed or on its way back.
create function marketplace.settle(p_order text, p_at timestamptz, p_cause text) returns boolean
language plpgsql as $$
declare
  o marketplace."order";
  l marketplace.listing;
begin
  update marketplace."order" set status = 'completed', ended_at = p_at
    where id = p_order and status = 'paid'
    returning * into o;
  if not found then return false; end if;
  if not payments.settle(o.payment_id, p_at) then
    raise exception using errcode = 'MKT01', message = 'order_money_withheld';
  end if;
  update marketplace.listing set
      sold_g = sold_g + o.amount_g,
      status = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then 'sold' else status end,
      ended_at = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then p_at else ended_at end
    where id = o.listing_id
    returning * into l;
  perform jobs.emit('credits.sold', jsonb_build_object(
    'transferId', o.transfer_id, 'orderId', o.id, 'sellerId', o.seller_id, 'buyerId', o.buyer_id,
    'grams', o.amount_g::text, 'at', marketplace.iso(p_at)), p_cause, p_at);
  perform jobs.emit('marketplace.order_completed', jsonb_build_object(
    'orderId', o.id, 'kind', o.kind, 'listingId', o.listing_id, 'buyerId', o.buyer_id, 'sellerId', o.seller_id,
    'grams', o.amount_g::text, 'pricePerCreditMinor', o.price_minor::text, 'totalMinor', o.total_minor::text,
    'currency', o.currency, 'paymentId', o.payment_id, 'transferId', o.transfer_id,
    'platformFeeMinor', o.platform_fee_minor::text, 'cvaFeeMinor', o.cva_fee_minor::text,
    'netMinor', o.net_minor::text, 'vintage', l.vintage_year, 'country', l.country_code,
    'method', l.method_code, 'at', marketplace.iso(p_at)), p_cause, p_at);
  perform ledger.post(o.transfer_id, 'sale', p_at, o.leg_accounts, o.leg_amounts,
    array_fill(null::text, array[cardinality(o.leg_accounts)]), jsonb_build_object('orderId', o.id),
    array[o.id], null);
  return true;
end
$$;

comment on table marketplace.listing is 'distributed by id';
comment on table marketplace."order" is 'distributed by id';
comment on table marketplace.auction is 'distributed by listing_id';
comment on table marketplace.bid is 'distributed by listing_id';

grant usage on schema marketplace to evx_app;
grant select, insert, update on marketplace.listing, marketplace."order", marketplace.auction to evx_app;
grant select, insert on marketplace.bid to evx_app;
