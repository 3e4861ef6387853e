-- Increments by the band of the present price, and deposits: money that a bidder sets aside on their balance. Old code leaves
-- both empty; its bids in an auction with a deposit are refused, since it sets none aside.

alter table marketplace.auction
  -- From which price per credit on which least step counts, ascending; null where `step_minor` holds for every price.
  add column band_from bigint[],
  add column band_step bigint[],
  add column deposit_minor bigint check (deposit_minor > 0),
  add constraint auction_bands check (cardinality(band_from) is not distinct from cardinality(band_step));

-- What a bidder has set aside for one auction. Returned once it is decided that they did not win or have paid; kept when
-- they won and did not pay.
create table marketplace.deposit (
  listing_id text not null,
  bidder_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('returned', 'kept')),
  primary key (listing_id, bidder_id),
  check ((ended_at is null) = (outcome is null))
);
create index deposit_open on marketplace.deposit (listing_id) where ended_at is null;

comment on column marketplace.deposit.listing_id is 'Id<"listing">';
comment on column marketplace.deposit.bidder_id is 'Id<"user">';
comment on table marketplace.deposit is 'distributed by listing_id';

-- Money of a winner who did not pay, for the seller.
alter table ledger.transfer
  drop constraint transfer_kind_known,
  add constraint transfer_kind_known check (kind in (
    'issue', 'transfer', 'list', 'unlist', 'sale', 'capture', 'refund', 'payout', 'payout_failed', 'retire',
    'cancel', 'buffer', 'cva_fee', 'gateway_fee', 'chargeback', 'correction', 'take_back', 'set_off', 'write_off', 'deposit_kept',
    'dispute_fee')) not valid;
alter table ledger.transfer validate constraint transfer_kind_known;

grant select, insert, update on marketplace.deposit to evx_app;
