-- Requests and batches that lack what they came from: a batch, an approval by their reviewer; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_requests();
--   => 0
create or replace function verification.faults_of_requests() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('Request %s is approved, and has no batch.', r.id) as fault
  from verification.request r
  where r.status = 'approved' and not exists (select from credits.batch b where b.request_id = r.id)
  union all
  select format('Batch %s: by the audit trail its reviewer did not approve its request %s.', lpad(b.number::text, 6, '0'), b.request_id)
  from credits.batch b
  where not exists (select from identity.audit a
    where a.action = 'request.approve' and a.object = b.request_id and a.actor_id = b.cva_id)
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_requests from public;
grant execute on function verification.faults_of_requests to evx_app;
