-- Certificates whose rows of lots are others than their document's; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_lots();
--   => 0
create or replace function verification.faults_of_lots() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with signed as (
    select c.id, l ->> 'batch' as batch_id, part[1]::bigint as first_g, part[2]::bigint as last_g
    from verification.certificate c cross join lateral jsonb_array_elements(c.document::jsonb -> 'lots') l
    cross join lateral regexp_match(l ->> 'serial', '-([0-9]+)-([0-9]+)$') part
  ), stored as (
    select certificate_id as id, batch_id, first_g, last_g from verification.certificate_lot
  ), other as (
    (select id from (table signed except all table stored) a) union (select id from (table stored except all table signed) b)
  )
  select format('Certificate %s: its rows of serial numbers are not those that were signed.', c.number) as fault
  from other join verification.certificate c using (id) order by c.number limit 100
$$;

revoke execute on function verification.faults_of_lots from public;
grant execute on function verification.faults_of_lots to evx_app;
