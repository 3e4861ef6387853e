-- Retirements that say another thing than the document that was signed of them; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_retirements();
--   => 0
create or replace function verification.faults_of_retirements() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('Retirement %s: the registry says %s, its certificate %s says %s.', id, said, number, signed) as fault
  from (
    select r.id, c.number, c.document::jsonb -> 'retirement' as signed, jsonb_build_object(
      'beneficiary', r.beneficiary_name, 'country', r.beneficiary_country, 'reason', r.reason, 'message', r.message,
      'periodFrom', to_char(r.period_from, 'YYYY-MM-DD'), 'periodTo', to_char(r.period_to, 'YYYY-MM-DD'),
      'retiredAt', log.moment(r.retired_at))
      || case when r.beneficiary_lei is null then '{}' else jsonb_build_object('lei', r.beneficiary_lei) end as said,
      r.holder_id = c.holder_id and r.grams_g = c.credits_g as same
    from credits.retirement r join verification.certificate c on c.kind = 'retirement' and c.subject_id = r.id
  ) pair where not same or signed is distinct from said order by id limit 100
$$;

revoke execute on function verification.faults_of_retirements from public;
grant execute on function verification.faults_of_retirements to evx_app;
