-- Wanted orders: what buyers would pay, waiting for owners who sell. Old code knows nothing of them.

create table marketplace.wanted (
  id text primary key,
  buyer_id text not null,
  status text not null check (status in ('open', 'filled', 'cancelled', 'expired')),
  amount_g bigint not null check (amount_g > 0),
  -- What no order of it has taken yet.
  remaining_g bigint not null check (remaining_g between 0 and amount_g),
  -- The most per credit.
  max_minor bigint not null check (max_minor > 0),
  currency text not null,
  -- What the credits must be; null where anything will do.
  vintage_from int,
  country_code text,
  method_code text,
  quality_tier text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
) with (fillfactor = 80);

-- Price-time priority: the highest first, ties by age.
create index wanted_price on marketplace.wanted (currency, max_minor desc, created_at, id) where status = 'open';
create index wanted_buyer on marketplace.wanted (buyer_id, created_at, id);
create index wanted_expiry on marketplace.wanted (expires_at) where status = 'open';

-- The orders that wanted orders led to.
create table marketplace.wanted_fill (
  order_id text primary key,
  wanted_id text not null,
  amount_g bigint not null check (amount_g > 0),
  at timestamptz not null,
  -- When its credits turned out not to be had, so that they are wanted again.
  lost_at timestamptz
);
create index wanted_fill_wanted on marketplace.wanted_fill (wanted_id, at);

-- Owners whose new credits are sold by themselves: at the market, and for no less than the floor where there is one.
create table marketplace.auto_sale (
  owner_id text primary key,
  currency text not null,
  floor_minor bigint check (floor_minor > 0),
  set_at timestamptz not null
);

comment on column marketplace.wanted.id is 'Id<"wanted">';
comment on column marketplace.wanted.buyer_id is 'Id<"user">';
comment on column marketplace.wanted_fill.order_id is 'Id<"order">';
comment on column marketplace.wanted_fill.wanted_id is 'Id<"wanted">';
comment on column marketplace.auto_sale.owner_id is 'Id<"user">';
comment on table marketplace.wanted is 'distributed by id';
comment on table marketplace.wanted_fill is 'distributed by order_id';
comment on table marketplace.auto_sale is 'distributed by owner_id';

grant select, insert, update on marketplace.wanted to evx_app;
grant select, insert, update on marketplace.wanted_fill to evx_app;
grant select, insert, update, delete on marketplace.auto_sale to evx_app;
