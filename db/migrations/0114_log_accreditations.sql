-- What a batch's entry says of its auditor's accreditation is found again by the batch's moment: accreditations and batches
-- take turns, so that the two never differ.

-- needs function log.order_accreditation

create trigger order_accreditation before insert on verification.accreditation
  for each row execute function log.order_accreditation();
