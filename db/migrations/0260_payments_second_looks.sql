-- Money can be under way to a page while it is closed: a capture of PayPal's that another worker had begun. Its gateway is asked
-- again later, a few times. Code of before reads and writes none of it.
alter table payments.attempt add column look_again_at timestamptz;
create index attempt_look_again on payments.attempt (look_again_at) where look_again_at is not null;

-- Pages that were closed lately may be such.
update payments.attempt set look_again_at = looked_at
  where status = 'closed' and ref is not null and gateway <> 'stripe' and looked_at > now() - interval '4 days';

-- What a gateway charged for sending a withdrawal, once a day of its is compared.
alter table payments.withdrawal add column fee_minor bigint check (fee_minor >= 0);
