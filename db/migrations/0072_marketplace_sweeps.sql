-- Buying across lots: a quote over many listings, and the sweep that buys it. Each line of a sweep is an order of its own
-- for everything that looks at sales; payment, posting and certificate are the sweep's.

create table marketplace.quote (
  id text primary key,
  currency text not null,
  amount_g bigint not null check (amount_g > 0),
  -- What was asked for; null where nothing was.
  max_minor bigint check (max_minor > 0),
  vintage_from int,
  country_code text,
  method_code text,
  quality_tier text,
  -- [{listingId, grams, price, total}], cheapest first; grams and money as decimal text.
  lines jsonb not null,
  total_minor bigint not null check (total_minor > 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- The sweep that used it: once.
  order_id text
);
create index quote_expiry on marketplace.quote (expires_at);

create table marketplace.sweep (
  id text primary key,
  quote_id text not null,
  buyer_id text not null,
  status text not null
    check (status in ('pending_payment', 'paid', 'completed', 'cancelled', 'expired', 'refunded', 'disputed')),
  amount_g bigint not null check (amount_g > 0),
  currency text not null,
  -- What the buyer pays. Lines that went away since are worth the difference to the lines' totals: it goes to the
  -- buyer's balance at settlement.
  total_minor bigint not null check (total_minor > 0),
  -- The dearest that a line's replacement may be, and what it must be.
  max_minor bigint not null check (max_minor > 0),
  vintage_from int,
  country_code text,
  method_code text,
  quality_tier text,
  payment_id text not null,
  -- What the settlement's transfer will be called in the book: one for all lines.
  transfer_id text not null,
  -- Where the money waits, and where what is left of it goes.
  escrow_account text not null,
  change_account text not null,
  -- In whose name the credits are retired at settlement; null when they go to the buyer's wallet.
  retirement jsonb,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  ended_at timestamptz
) with (fillfactor = 80);
create index sweep_buyer on marketplace.sweep (buyer_id, created_at, id);
create index sweep_waiting on marketplace.sweep (expires_at) where status = 'pending_payment';
create index sweep_paid on marketplace.sweep (paid_at) where status = 'paid';

alter table marketplace."order" add column sweep_id text;
create index order_sweep on marketplace."order" (sweep_id) where sweep_id is not null;

-- What a quote reads: fixed prices, cheapest first, ties by age.
create index listing_fixed_price on marketplace.listing (currency, price_minor, created_at, id)
  where open and kind = 'fixed';

comment on column marketplace.quote.id is 'Id<"quote">';
comment on column marketplace.quote.order_id is 'Id<"order">';
comment on column marketplace.sweep.id is 'Id<"order">';
comment on column marketplace.sweep.quote_id is 'Id<"quote">';
comment on column marketplace.sweep.buyer_id is 'Id<"user">';
comment on column marketplace.sweep.payment_id is 'Id<"payment">';
comment on column marketplace.sweep.transfer_id is 'Id<"transfer">';
comment on column marketplace."order".sweep_id is 'Id<"order">';

comment on table marketplace.sweep is 'distributed by id';
comment on table marketplace.quote is 'distributed by id';
grant select, insert, update, delete on marketplace.quote to evx_app;
grant select, insert, update on marketplace.sweep to evx_app;
