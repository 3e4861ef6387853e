-- What pricing knows of past sales: a read model of the marketplace's completed orders, and what its model last said.
create schema pricing;

create table pricing.trade (
  order_id text primary key,
  grams bigint not null check (grams > 0),
  price_minor bigint not null check (price_minor > 0),
  currency text not null,
  vintage integer not null,
  country text not null,
  method text not null,
  listing_type text not null check (listing_type in ('fixed', 'auction')),
  buyer_id text not null,
  seller_id text not null,
  at timestamptz not null
);

create index trade_by_time on pricing.trade (at, order_id);

create trigger append_only before update or delete or truncate on pricing.trade
  for each statement execute function public.refuse_change();

grant usage on schema pricing to evx_app;
grant select, insert on pricing.trade to evx_app;
