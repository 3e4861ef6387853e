-- Batches and retirements whose grams the ledger moved at another moment; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_moments();
--   => 0
create or replace function verification.faults_of_moments() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('Batch %s was issued on %s, its grams on %s.', lpad(b.number::text, 6, '0'), log.moment(b.issued_at), log.moment(t.at)) as fault
  from credits.batch b left join ledger.transfer t on t.id = b.transfer_id where b.issued_at is distinct from t.at
  union all
  select format('Retirement %s is of %s, its grams left on %s.', r.id, log.moment(r.retired_at), log.moment(t.at))
  from credits.retirement r left join ledger.transfer t on t.id = r.transfer_id where r.retired_at is distinct from t.at
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_moments from public;
grant execute on function verification.faults_of_moments to evx_app;
