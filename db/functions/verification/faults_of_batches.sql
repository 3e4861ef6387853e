-- Batches that say another thing than the certificate of their issuance; in sentences. Older certificates name days.
--
-- Example:
--   select count(*) from verification.faults_of_batches();
--   => 0
create or replace function verification.faults_of_batches() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('Batch %s: its row says %s, its certificate %s says %s.', lpad(number::text, 6, '0'), said, certificate, signed) as fault
  from (
    select b.number, c.number as certificate, jsonb_strip_nulls(jsonb_build_object('vintage', l -> 'vintage',
      'from', l -> 'vintageFrom', 'to', l -> 'vintageTo', 'country', l -> 'country', 'method', l -> 'method',
      'factorSet', l -> 'factorSet', 'quality', l -> 'quality', 'root', l -> 'root',
      'vehicle', c.document::jsonb #> '{vehicle,class}')) as signed,
      jsonb_strip_nulls(jsonb_build_object('vintage', b.vintage_year,
      'from', case l ->> 'vintageFrom' when v.months ->> 'from' then v.months -> 'from'
        else case when l ? 'vintageFrom' then to_jsonb(to_char(b.vintage_from, 'YYYY-MM-DD')) end end,
      'to', case l ->> 'vintageTo' when v.months ->> 'to' then v.months -> 'to'
        else case when l ? 'vintageTo' then to_jsonb(to_char(b.vintage_to, 'YYYY-MM-DD')) end end, 'country', b.country_code,
      'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'root', t.root,
      'vehicle', case when jsonb_typeof(c.document::jsonb -> 'vehicle') = 'object' then b.vehicle_class end)) as said
    from credits.batch b join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
    cross join lateral jsonb_array_elements(c.document::jsonb -> 'lots') l
    left join verification.tree t on t.batch_id = b.id
    cross join lateral log.vintage_of(b) v (months)
    where l ->> 'batch' = b.id
  ) pair where said <> signed order by number limit 100
$$;

revoke execute on function verification.faults_of_batches from public;
grant execute on function verification.faults_of_batches to evx_app;
