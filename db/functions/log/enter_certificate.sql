-- Enters a certificate: its number, kind, serial ranges and the hash of the document that was signed.
--
-- Example:
--   select log.enter_certificate('crt_unknown');
--   => null
create or replace function log.enter_certificate(p_id text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('certificate', case part.portion when 1 then c.number else format('%s/%s', c.number, part.portion) end,
    jsonb_build_object('number', c.number, 'certificate', c.kind, 'part', part.portion, 'ranges', part.ranges,
    'hash', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', c.credits_g::text, 'key', c.key_id), c.issued_at)
  from verification.certificate c cross join lateral log.lots_of(c.id, 800) part where c.id = p_id
$$;

revoke execute on function log.enter_certificate from public;

-- needs function log.lots_of
