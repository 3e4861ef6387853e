-- What is needed so that every state of a payment has a way out. Code of before reads and writes none of it.

-- What a page really brought in, where it is not what was asked: it is booked as it came and given back.
alter table payments.attempt
  add column received_minor bigint check (received_minor > 0),
  add column received_currency text,
  add constraint attempt_received check ((received_minor is null) = (received_currency is null));

-- When a card's bank took the money back for good. A flag says that somebody must look, and goes when they did; this stays.
alter table payments.payment add column charged_back_at timestamptz;
-- Flags may be gone; the chargeback's posting is not.
update payments.payment p set charged_back_at = t.at
  from ledger.transfer t where t.kind = 'chargeback' and t.memo ->> 'paymentId' = p.id;

-- The hold that sets a refund's money aside, where it is not named as the refund: one for money that a bank returned.
-- A refund that failed keeps it until the money is tried again or gone another way; then it is freed.
alter table payments.refund add column hold_id text, add column hold_freed_at timestamptz;
update payments.refund r set hold_id = h.id
  from ledger.hold h where r.status = 'failed' and h.id = r.id || '_returned';
