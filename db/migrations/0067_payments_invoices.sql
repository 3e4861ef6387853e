-- Invoices and credit notes: numbered on issue, without a gap in a series and year, and never changed.

-- One row for each series and year, locked by whoever issues: a number is taken by the transaction that uses it, so one
-- that is undone leaves no gap, and two cannot take the same.
create table payments.invoice_counter (
  series text not null,
  year int not null,
  last int not null check (last > 0),
  primary key (series, year)
);

create table payments.invoice (
  number text primary key,
  kind text not null check (kind in ('invoice', 'credit_note')),
  series text not null,
  year int not null,
  sequence int not null check (sequence > 0),
  -- What it was issued for: a sale, a refund, a dispute. Once.
  source text not null unique,
  payment_id text not null references payments.payment (id),
  order_id text not null,
  buyer_id text not null,
  seller_id text not null,
  -- Names as they were on issue.
  buyer_name text not null,
  seller_name text not null,
  issuer jsonb not null,
  -- The invoice that a credit note is about.
  refers_to text references payments.invoice (number),
  description text not null,
  currency text not null,
  total_minor bigint not null check (total_minor > 0),
  net_minor bigint not null check (net_minor >= 0),
  -- [{name, nameVi, rateBps, amount}]; with the net they sum to the total.
  taxes jsonb not null,
  reason text,
  issued_at timestamptz not null,
  unique (series, year, sequence)
);
comment on column payments.invoice.payment_id is 'Id<"payment">';
comment on column payments.invoice.order_id is 'Id<"order">';
comment on column payments.invoice.buyer_id is 'Id<"user">';
comment on column payments.invoice.seller_id is 'Id<"user">';
create index invoice_buyer on payments.invoice (buyer_id, issued_at desc, number desc);
create index invoice_newest on payments.invoice (issued_at desc, number desc);
create index invoice_payment on payments.invoice (payment_id);
create trigger invoice_stays before update or delete on payments.invoice
  for each statement execute function public.refuse_change();

grant select, insert, update on payments.invoice_counter to evx_app;
grant select, insert on payments.invoice to evx_app;
