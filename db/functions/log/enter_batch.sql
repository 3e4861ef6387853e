-- Enters an issued batch. Null where there is no such batch. One that says from which day to which it was driven is
-- entered in version 3: with the months of these days, and its auditor's accreditation as it had been entered by then.
--
-- needs function log.accreditation_of
-- needs function log.vintage_of
--
-- Example:
--   select log.enter_batch('bat_unknown');
--   => null
create or replace function log.enter_batch(p_id text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('batch_issued', b.id, jsonb_build_object(
    'batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', b.grams_g::text, 'bufferGrams', b.buffer_g::text, 'vintage', b.vintage_year, 'country', b.country_code,
    'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'trips', b.trip_count,
    'tree', case when t.batch_id is not null then
      jsonb_build_object('root', t.root, 'size', t.leaf_count, 'sum', t.sum_g::text) end,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'))
    || case when b.vintage_from is null then '{}' else log.vintage_of(b)
      || jsonb_build_object('v', 3, 'accreditation', log.accreditation_of(b.cva_id, b.issued_at)) end, b.issued_at)
  from credits.batch b
  left join verification.tree t on t.batch_id = b.id
  left join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
  where b.id = p_id
$$;

revoke execute on function log.enter_batch from public;
