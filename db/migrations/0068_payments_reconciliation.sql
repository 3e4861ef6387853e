-- What gateways say that moved in a day of theirs, compared with what was booked here. Code of before reads and writes none of it.

-- A movement of our balance at a gateway, as it says: once, and never changed. Signed from our side: what came in is above zero.
create table payments.movement (
  gateway text not null check (gateway in ('stripe', 'paypal', 'vnpay')),
  id text not null,
  -- The gateway's own day, midnight to midnight where it counts.
  day date not null,
  kind text not null check (kind in ('payment', 'refund', 'dispute', 'payout', 'fee', 'other')),
  -- The gateway's name for what moved: a charge, a refund, a transfer.
  ref text,
  payment_id text,
  at timestamptz not null,
  currency text not null,
  gross_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null check (net_minor = gross_minor - fee_minor),
  primary key (gateway, id)
);
comment on column payments.movement.payment_id is 'Id<"payment">';
create index movement_day on payments.movement (gateway, day);
create index movement_ref on payments.movement (gateway, ref) where ref is not null;
create trigger append_only before update or delete or truncate on payments.movement
  for each statement execute function public.refuse_change();
create index movement_payment on payments.movement (payment_id) where payment_id is not null;

-- A day that was compared; again as long as something differs.
create table payments.reconciled_day (
  gateway text not null check (gateway in ('stripe', 'paypal', 'vnpay')),
  day date not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- How it was compared: by the gateway's own list, or by asking for each payment that we know of.
  listed boolean not null,
  ran_at timestamptz not null,
  primary key (gateway, day)
);
create index reconciled_newest on payments.reconciled_day (day desc, gateway desc);

-- What differs, until it does no more or an operator has said what it was.
create table payments.difference (
  id text primary key,
  gateway text not null,
  day date not null,
  kind text not null check (kind in ('missing_here', 'missing_there', 'amount', 'fee')),
  what text not null check (what in ('payment', 'refund', 'dispute', 'payout', 'fee', 'other')),
  ref text,
  payment_id text,
  currency text not null,
  here_minor bigint,
  there_minor bigint,
  found_at timestamptz not null,
  -- It was found no more.
  gone_at timestamptz,
  resolved_at timestamptz,
  resolved_by text,
  note text,
  foreign key (gateway, day) references payments.reconciled_day (gateway, day)
);
comment on column payments.difference.id is 'Id<"difference">';
comment on column payments.difference.payment_id is 'Id<"payment">';
comment on column payments.difference.resolved_by is 'Id<"user">';
create index difference_open on payments.difference (day desc, id desc) where gone_at is null and resolved_at is null;
create index difference_day on payments.difference (gateway, day);

grant select, insert on payments.movement to evx_app;
grant select, insert, update on payments.reconciled_day, payments.difference to evx_app;

-- What the gateway charged for a page that was paid, once a day of its is compared.
alter table payments.attempt add column fee_minor bigint check (fee_minor >= 0);
