-- What is said to make up for a revoked batch, and moved no such grams into the buffer; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_replacements();
--   => 0
create or replace function verification.faults_of_replacements() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('%s g are said to make up for batch %s on %s, and did not go into the buffer.', r.grams_g,
    lpad(b.number::text, 6, '0'), log.moment(r.made_at)) as fault
  from credits.replacement r join credits.batch b on b.id = r.batch_id
  where not exists (select from ledger.transfer t join ledger.entry e on e.transfer_id = t.id
    where t.id = r.transfer_id and t.kind = 'buffer' and t.at = r.made_at and t.memo ->> 'batchId' = r.batch_id
      and e.account_id = 'gCO2e/buffer' and e.amount = r.grams_g)
  order by r.made_at, r.transfer_id limit 100
$$;

revoke execute on function verification.faults_of_replacements from public;
grant execute on function verification.faults_of_replacements to evx_app;
