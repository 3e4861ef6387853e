-- Requests and batches that lack what they came from: a batch, as many approvals as were needed, an approval by their
-- reviewer and by everybody who is said to have approved; in sentences.
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
  union all
  select format('Request %s was approved by %s, and needed %s.', r.id, a.given, r.approvals_needed)
  from verification.request r
  cross join lateral (select count(*) as given from verification.approval where request_id = r.id) a
  where r.status = 'approved' and a.given < r.approvals_needed
  union all
  select format('By the audit trail %s did not approve request %s.', p.reviewer_id, p.request_id)
  from verification.approval p
  where not exists (select from identity.audit a where a.action in ('request.approve', 'request.approve_first')
    and a.object = p.request_id and a.actor_id = p.reviewer_id)
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_requests from public;
grant execute on function verification.faults_of_requests to evx_app;
