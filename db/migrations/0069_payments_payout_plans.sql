-- Who wants their balance sent to their bank by itself, how often, and from how much on. Code of before reads and writes none of it.
create table payments.payout_plan (
  user_id text primary key,
  every text not null check (every in ('week', 'month')),
  currency text not null,
  -- Less than this waits for the next time.
  minimum_minor bigint not null check (minimum_minor > 0),
  gateway text not null check (gateway in ('stripe', 'paypal', 'vnpay')),
  country_code text not null,
  bank_masked text not null,
  bank_sealed text not null,
  bank_digest text not null,
  accepted_from text not null,
  changed_at timestamptz not null,
  -- The first moment of the week or month (UTC) that was last looked at.
  ran_for timestamptz
);
comment on column payments.payout_plan.user_id is 'Id<"user">';
create index payout_plan_waiting on payments.payout_plan (every, ran_for);
grant select, insert, update, delete on payments.payout_plan to evx_app;
