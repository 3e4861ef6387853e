-- What changes a gram's worth is entered from here on, and what was done before.

-- needs function log.canonical
-- needs function log.moment
-- needs function log.enter
-- needs function log.enter_batch
-- needs function log.enter_certificate
-- needs function log.enter_retirement
-- needs function log.enter_cancellation
-- needs function log.enter_revoked_batch
-- needs function log.enter_revocation
-- needs function log.enter_key
-- needs function log.enter_withdrawn_key
-- needs function log.ranges_of
-- needs function log.entered
-- needs function log.number_batch
-- needs function log.require_tree
-- needs function log.require_fact

-- Deferred, so that the whole of what was done is there to be told.
create constraint trigger a_logged after insert on credits.batch deferrable initially deferred
  for each row execute function log.entered('enter_batch', 'id');
create constraint trigger a_logged after insert on credits.retirement deferrable initially deferred
  for each row execute function log.entered('enter_retirement', 'id');
create constraint trigger a_logged after insert on credits.cancellation deferrable initially deferred
  for each row execute function log.entered('enter_cancellation', 'transfer_id');
create constraint trigger a_logged after insert on credits.revoked_batch deferrable initially deferred
  for each row execute function log.entered('enter_revoked_batch', 'batch_id');
create constraint trigger a_logged after insert on verification.certificate deferrable initially deferred
  for each row execute function log.entered('enter_certificate', 'id');
create constraint trigger a_logged after insert on verification.revocation deferrable initially deferred
  for each row execute function log.entered('enter_revocation', 'certificate_id');
create constraint trigger a_logged after insert on verification.signing_key deferrable initially deferred
  for each row execute function log.entered('enter_key', 'id');
create constraint trigger a_logged after insert on verification.withdrawn_key deferrable initially deferred
  for each row execute function log.entered('enter_withdrawn_key', 'key_id');

create trigger number_batch before insert on credits.batch
  for each row execute function log.number_batch();

-- No grams without a batch, no batch without trips and certificate, no retirement without its record.
create constraint trigger has_tree after insert on credits.batch deferrable initially deferred
  for each row execute function log.require_tree();
create constraint trigger has_fact after insert on ledger.transfer deferrable initially deferred
  for each row when (new.kind in ('issue', 'retire')) execute function log.require_fact();

-- What was done before there was a log, in the order in which it must be read: a number without a batch is void.
select log.enter_key(id) from (select id from verification.signing_key order by added_at, id) k;
select coalesce(log.enter_batch(b.id), log.enter('void', n::text, jsonb_build_object('batch', lpad(n::text, 6, '0')), now()))
from generate_series(1, coalesce((select max(number) from credits.batch), 0)) n
left join credits.batch b on b.number = n;
select log.enter_certificate(id) from (select id from verification.certificate order by issued_at, id) c;
select log.enter_retirement(id) from (select id from credits.retirement order by retired_at, id) r;
select log.enter_cancellation(transfer_id) from (select transfer_id from credits.cancellation order by cancelled_at, transfer_id) c;
select log.enter_revoked_batch(batch_id) from (select batch_id from credits.revoked_batch order by revoked_at, batch_id) r;
select log.enter_revocation(certificate_id) from (select certificate_id from verification.revocation order by revoked_at, certificate_id) r;
