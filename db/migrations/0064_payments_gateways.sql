-- What three gateways need. Code of before reads and writes none of it.

-- What the gateway is asked to charge, where that is not the payment's own amount: a gateway that charges dong alone.
-- Frozen when the page is opened, at the rate of that moment; units of the charged currency's minor unit.
alter table payments.attempt
  add column charged_minor bigint check (charged_minor > 0),
  add column charged_currency text,
  add constraint attempt_charged check ((charged_minor is null) = (charged_currency is null));

-- What a refund asks the gateway for, where that is not its own amount. The parts add up to what was charged.
alter table payments.refund add column charged_minor bigint check (charged_minor > 0);

-- An event that could not be acted on is tried a few times and then laid aside for a person: it is not lost, and it
-- is not tried each minute for ever.
alter table payments.webhook_event
  add column tries int not null default 0,
  add column parked_at timestamptz,
  add column problem text;
drop index payments.webhook_event_waiting;
create index webhook_event_waiting on payments.webhook_event (received_at)
  where processed_at is null and parked_at is null;
create index webhook_event_parked on payments.webhook_event (parked_at) where parked_at is not null;

-- An IPN names a page by the beginning of its ref.
create index attempt_ref on payments.attempt (ref text_pattern_ops) where ref is not null;
