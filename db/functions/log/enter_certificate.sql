-- Enters a certificate: its number, kind and the hash of the document that was signed.
--
-- Example:
--   select log.enter_certificate('crt_unknown');
--   => null
create or replace function log.enter_certificate(p_id text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('certificate', c.number, jsonb_build_object('number', c.number, 'certificate', c.kind,
    'hash', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', c.credits_g::text, 'key', c.key_id), c.issued_at)
  from verification.certificate c where c.id = p_id
$$;

revoke execute on function log.enter_certificate from public;
