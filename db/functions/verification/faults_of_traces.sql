-- What somebody did by the audit trail, and of which nothing is there; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_traces();
--   => 0
create or replace function verification.faults_of_traces() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('Line %s/%s of the audit trail says %s of %s, and nothing of it is there.', chain, seq, action, object) as fault
  from identity.audit a where case action
    when 'certificate.revoke' then not exists (select from verification.revocation where certificate_id = a.object)
    when 'credits.retire' then not exists (select from credits.retirement where id = a.object)
    when 'request.approve' then not exists (select from credits.batch where request_id = a.object)
    else false end
  order by chain, seq limit 100
$$;

revoke execute on function verification.faults_of_traces from public;
grant execute on function verification.faults_of_traces to evx_app;
