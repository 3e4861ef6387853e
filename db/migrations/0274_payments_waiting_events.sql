-- One look at the gateway answers for all events of a payment that wait: found by the payment.
create index webhook_event_of_payment on payments.webhook_event ((subject ->> 'paymentId')) where processed_at is null;
