-- What a seller may say of an auction besides: when it begins, and for how much it can be had before anybody bids. And who
-- won and did not pay. Old code leaves both null.

alter table marketplace.auction
  add column starts_at timestamptz,
  add column buy_now_minor bigint check (buy_now_minor >= start_minor);

-- One for each order that somebody had won and did not pay.
create table marketplace.strike (
  order_id text primary key,
  user_id text not null,
  at timestamptz not null
);
create index strike_user on marketplace.strike (user_id, at);

-- Who may not bid until a moment, because of strikes.
create table marketplace.bid_pause (
  user_id text primary key,
  until timestamptz not null
);

comment on column marketplace.strike.order_id is 'Id<"order">';
comment on column marketplace.strike.user_id is 'Id<"user">';
comment on column marketplace.bid_pause.user_id is 'Id<"user">';
comment on table marketplace.strike is 'distributed by order_id';
comment on table marketplace.bid_pause is 'distributed by user_id';

create trigger append_only before update or delete or truncate on marketplace.strike
  for each statement execute function public.refuse_change();

grant select, insert on marketplace.strike to evx_app;
grant select, insert, update on marketplace.bid_pause to evx_app;
