-- Money that goes back after a sale was settled, and disputes with their money. Code of before reads and writes none of it.

-- The posting of the sale: who was given what of the payment, so that each gives back their part.
alter table payments.payment add column sale_id text;
comment on column payments.payment.sale_id is 'Id<"transfer">';
drop function payments.settle(text, timestamptz);

-- Whom the money of a refund was taken back from, after the sale: [{of, account, amount}]. Null: it lay in escrow.
-- returned_at: it was given back to them, because the refund came to nothing.
alter table payments.refund
  add column shares jsonb,
  add column returned_at timestamptz;

-- A payment's dispute at its buyer's bank, as it stands now. A lost one can still be won.
create table payments.dispute (
  payment_id text primary key references payments.payment (id),
  status text not null check (status in ('open', 'won', 'lost')),
  amount_minor bigint not null check (amount_minor >= 0),
  opened_at timestamptz not null,
  decided_at timestamptz,
  -- How often the bank took the money: each time is a posting of its own name.
  losses int not null default 0,
  -- The posting of the last loss, [{of, account, amount}], until it is reversed.
  shares jsonb,
  fee_minor bigint not null default 0 check (fee_minor >= 0),
  answered_at timestamptz
);
comment on column payments.dispute.payment_id is 'Id<"payment">';
create index dispute_newest on payments.dispute (opened_at desc, payment_id desc);
grant select, insert, update on payments.dispute to evx_app;

insert into payments.dispute (payment_id, status, amount_minor, opened_at, decided_at, losses)
  select id, case when charged_back_at is null then 'open' else 'lost' end, amount_minor - refunded_minor,
    coalesce(charged_back_at, changed_at), charged_back_at, case when charged_back_at is null then 0 else 1 end
  from payments.payment where status = 'disputed' or charged_back_at is not null;
