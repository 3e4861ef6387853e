-- Enters that a certificate was revoked. The reason stands as a hash, for it is free text.
--
-- Example:
--   select log.enter_revocation('crt_unknown');
--   => null
create or replace function log.enter_revocation(p_certificate text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('revoked', c.number, jsonb_build_object('what', 'certificate', 'number', c.number,
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || r.reason, 'UTF8')), 'hex')), r.revoked_at)
  from verification.revocation r join verification.certificate c on c.id = r.certificate_id
  where r.certificate_id = p_certificate
$$;

revoke execute on function log.enter_revocation from public;
