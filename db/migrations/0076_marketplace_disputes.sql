-- What buyers object to in what they bought, what both sides say of it, and how an operator decided.

create table marketplace.dispute (
  id text primary key,
  order_id text not null,
  payment_id text not null,
  buyer_id text not null,
  currency text not null,
  status text not null check (status in ('open', 'resolved')),
  reason text not null,
  outcome text check (outcome in ('refund', 'partial_refund', 'release')),
  amount_minor bigint check (amount_minor > 0),
  opened_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  check ((status = 'resolved') = (outcome is not null) and (outcome is null) = (resolved_at is null))
);
create unique index dispute_open on marketplace.dispute (order_id) where status = 'open';
create index dispute_newest on marketplace.dispute (opened_at, id);
create index dispute_buyer on marketplace.dispute (buyer_id, opened_at, id);

create table marketplace.dispute_message (
  dispute_id text not null references marketplace.dispute (id),
  seq int not null check (seq > 0),
  author_id text not null,
  side text not null check (side in ('buyer', 'seller', 'operator')),
  message text not null,
  at timestamptz not null,
  primary key (dispute_id, seq)
);

comment on column marketplace.dispute.id is 'Id<"dispute">';
comment on column marketplace.dispute.order_id is 'Id<"order">';
comment on column marketplace.dispute.payment_id is 'Id<"payment">';
comment on column marketplace.dispute.buyer_id is 'Id<"user">';
comment on column marketplace.dispute.resolved_by is 'Id<"user">';
comment on column marketplace.dispute_message.dispute_id is 'Id<"dispute">';
comment on column marketplace.dispute_message.author_id is 'Id<"user">';

create trigger append_only before update or delete or truncate on marketplace.dispute_message
  for each statement execute function public.refuse_change();

grant select, insert, update on marketplace.dispute to evx_app;
grant select, insert on marketplace.dispute_message to evx_app;
