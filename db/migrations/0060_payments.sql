-- Payments: buyers' money on its way in, owners' money on its way out, and what the gateways told us.
--
-- Lock order: a payment, its attempts, its refunds; a withdrawal; then the ledger's accounts. An order, where one
-- is involved, is locked before its payment.
--
-- Distribution beyond one primary: none of these tables needs it. There is a row for each sale and each withdrawal,
-- none for each trip, entry or bid, and payment.order_id must be unique over all payments.

create schema payments;

create table payments.payment (
  id text primary key,
  order_id text not null unique,
  buyer_id text not null,
  seller_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  description text not null,
  status text not null default 'created' check (status in
    ('created', 'authorized', 'captured', 'partially_refunded', 'refunded', 'failed', 'expired', 'disputed')),
  -- The gateway that the buyer chose last, and the attempt whose money counts.
  method text check (method in ('stripe', 'paypal', 'vnpay')),
  attempt int,
  captured_at timestamptz,
  -- When the money left escrow for the seller, or was set aside to go back to the buyer: never both. Both are
  -- written on this row, so that of two who try at once the second one sees what the first one did.
  settled_at timestamptz,
  refunding_at timestamptz,
  refunded_minor bigint not null default 0,
  -- The gateway's or our own code for why it is not paid.
  failure text,
  -- What an operator must look at, until they say that they did.
  flag text check (flag in ('amount_mismatch', 'refund_failed', 'refunded_outside', 'dispute_lost')),
  expires_at timestamptz not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  check (refunded_minor between 0 and amount_minor),
  check ((attempt is null) = (captured_at is null)),
  check (settled_at is null or captured_at is not null),
  check (settled_at is null or refunding_at is null)
) with (fillfactor = 80);

create index payment_buyer on payments.payment (buyer_id, created_at desc, id desc);
create index payment_newest on payments.payment (created_at desc, id desc);
create index payment_waiting on payments.payment (expires_at) where status in ('created', 'authorized', 'failed');
create index payment_flagged on payments.payment (changed_at desc) where flag is not null;

-- One payment page at a gateway. A page lives a day at most, so a payment may need several, one after another.
create table payments.attempt (
  payment_id text not null references payments.payment (id),
  number int not null check (number > 0),
  gateway text not null check (gateway in ('stripe', 'paypal', 'vnpay')),
  -- opening: the gateway was or will be asked. surplus: paid although another attempt already was; it is refunded.
  -- mismatch: paid with another amount than asked; never settled.
  status text not null check (status in ('opening', 'open', 'paid', 'surplus', 'mismatch', 'closed')),
  ref text,
  redirect_url text,
  charge_ref text,
  locale text not null,
  expires_at timestamptz not null,
  opened_at timestamptz not null,
  looked_at timestamptz not null,
  primary key (payment_id, number),
  check (status = 'opening' or status = 'closed' or ref is not null)
);

create index attempt_charge on payments.attempt (charge_ref) where charge_ref is not null;
create index attempt_waiting on payments.attempt (looked_at) where status in ('opening', 'open');

-- The inbox: each event of a gateway once, as it came.
create table payments.webhook_event (
  gateway text not null check (gateway in ('stripe', 'paypal', 'vnpay')),
  id text not null,
  type text not null,
  subject jsonb not null,
  raw_body text not null,
  happened_at timestamptz not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  outcome text,
  primary key (gateway, id)
);

create index webhook_event_waiting on payments.webhook_event (received_at) where processed_at is null;

create table payments.refund (
  id text primary key,
  payment_id text not null references payments.payment (id),
  attempt int not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null,
  status text not null check (status in ('requested', 'sent', 'succeeded', 'failed')),
  ref text,
  failure text,
  requested_at timestamptz not null,
  looked_at timestamptz not null,
  settled_at timestamptz,
  foreign key (payment_id, attempt) references payments.attempt (payment_id, number),
  check ((settled_at is null) = (status in ('requested', 'sent')))
);

create index refund_payment on payments.refund (payment_id);
create index refund_waiting on payments.refund (looked_at) where status in ('requested', 'sent');

-- A person as a gateway knows them, so that it can pay them out.
create table payments.recipient (
  user_id text not null,
  gateway text not null check (gateway in ('stripe', 'paypal', 'vnpay')),
  ref text,
  country_code text not null,
  accepted_at timestamptz not null,
  accepted_from text not null,
  primary key (user_id, gateway)
);

create table payments.withdrawal (
  id text primary key,
  user_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  status text not null check (status in ('requested', 'approved', 'sent', 'completed', 'failed')),
  gateway text not null check (gateway in ('stripe', 'paypal', 'vnpay')),
  -- The account's last four places are all that is ever shown; the whole of it is sealed under a key of the environment.
  bank_masked text not null,
  bank_sealed text not null,
  -- Equal for equal accounts, and says nothing else.
  bank_digest text not null,
  payout_ref text,
  failure text,
  requested_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  -- When the gateway was first asked: it remembers our key for a day only.
  sending_at timestamptz,
  looked_at timestamptz not null,
  settled_at timestamptz,
  -- Set when only a person can go on: the gateway's memory is over and it never answered.
  flag text check (flag in ('unanswered')),
  check (status in ('requested', 'failed') or decided_at is not null),
  check ((status in ('sent', 'completed')) <= (payout_ref is not null)),
  check ((status in ('completed', 'failed')) = (settled_at is not null))
);

create index withdrawal_user on payments.withdrawal (user_id, requested_at desc, id desc);
create index withdrawal_newest on payments.withdrawal (requested_at desc, id desc);
create index withdrawal_waiting on payments.withdrawal (looked_at) where status in ('approved', 'sent') and flag is null;

grant usage on schema payments to evx_app;
grant select, insert, update on payments.payment, payments.attempt, payments.webhook_event, payments.refund,
  payments.recipient, payments.withdrawal to evx_app;
