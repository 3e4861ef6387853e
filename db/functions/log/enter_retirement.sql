-- Enters a retirement, with the grams that it took. The beneficiary stands as a hash, for names are people's.
--
-- Example:
--   select log.enter_retirement('ret_unknown');
--   => null
create or replace function log.enter_retirement(p_id text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('retired', case part.portion when 1 then r.id else format('%s/%s', r.id, part.portion) end,
    jsonb_build_object('id', r.id, 'number', c.number,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', r.grams_g::text,
    'ranges', part.ranges, 'part', part.portion, 'reason', r.reason,
    'beneficiary', log.beneficiary_of(r.beneficiary_name, r.beneficiary_lei)),
    r.retired_at)
  from credits.retirement r
  cross join lateral log.ranges_of(r.transfer_id, 800) part
  left join verification.certificate c on c.kind = 'retirement' and c.subject_id = r.id
  where r.id = p_id
$$;

revoke execute on function log.enter_retirement from public;
