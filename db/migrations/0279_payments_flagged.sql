-- An index over the moment of a payment's last change made every change of a payment write all its indexes anew, and the
-- list that it is for is read by the day of the payment. Without it a settled payment stays where it is on its page.
drop index payments.payment_flagged;
create index payment_flagged on payments.payment (created_at desc, id desc) where flag is not null;
