-- The rate at which a page's charge was reckoned, as it was configured then: units of the charged currency for one whole
-- unit of the payment's. A buyer saw it before they paid. Code of before reads and writes none of it.
alter table payments.attempt
  add column charged_rate text,
  add constraint attempt_rate check (charged_rate is null or charged_minor is not null);
