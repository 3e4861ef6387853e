-- Sales far from the market's price, whoever's: a kick-back need not be a gift. And the signs that such a sale was between
-- an auditor, by whatever account, and an owner whose requests they approve. Old code neither writes nor reads them.

create table verification.odd_trade (
  order_id text primary key,
  buyer_id text not null,
  seller_id text not null,
  -- To whom the grams were first issued: they may have come to the seller through others' hands.
  origin_ids text[] not null,
  grams bigint not null check (grams > 0),
  price_minor bigint not null check (price_minor > 0),
  -- What others had paid; null where too few had for anybody to say.
  market_minor bigint check (market_minor > 0),
  currency text not null check (length(currency) = 3),
  sold_at timestamptz not null
);
create index odd_trade_buyer on verification.odd_trade (buyer_id, sold_at);
create index odd_trade_seller on verification.odd_trade (seller_id, sold_at);
create index odd_trade_newest on verification.odd_trade (sold_at, order_id);

comment on column verification.odd_trade.order_id is 'Id<"order">';
comment on column verification.odd_trade.buyer_id is 'Id<"user">';
comment on column verification.odd_trade.seller_id is 'Id<"user">';
comment on column verification.odd_trade.origin_ids is 'Id<"user">';

create table verification.trade_alert (
  reviewer_id text not null,
  owner_id text not null,
  order_id text not null references verification.odd_trade (order_id),
  request_id text not null references verification.request (id),
  -- Whether the auditor bought; otherwise they sold to the owner.
  bought boolean not null,
  raised_at timestamptz not null,
  primary key (reviewer_id, owner_id, order_id)
);
create index trade_alert_request on verification.trade_alert (request_id);
create index trade_alert_raised on verification.trade_alert (raised_at desc);
create index trade_alert_pair on verification.trade_alert (owner_id, reviewer_id);

comment on column verification.trade_alert.reviewer_id is 'Id<"user">';
comment on column verification.trade_alert.owner_id is 'Id<"user">';
comment on column verification.trade_alert.order_id is 'Id<"order">';
comment on column verification.trade_alert.request_id is 'Id<"request">';

create trigger append_only before update or delete or truncate on verification.odd_trade
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on verification.trade_alert
  for each statement execute function public.refuse_change();

grant select, insert on verification.odd_trade, verification.trade_alert to evx_app;
