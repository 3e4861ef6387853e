-- The numbers of the batches whose grams a certificate of this number names.
--
-- Example:
--   select count(*) from verification.batches_of_certificate('EVXC-2026-AAAAA-AAAAA-A');
--   => 0
create or replace function verification.batches_of_certificate(p_number text) returns setof bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct b.number
  from verification.certificate c
  join verification.certificate_lot l on l.certificate_id = c.id
  join credits.batch b on b.id = l.batch_id
  where c.number = p_number
$$;

revoke execute on function verification.batches_of_certificate from public;
grant execute on function verification.batches_of_certificate to evx_app;
