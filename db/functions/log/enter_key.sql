-- Enters a public key of certificates, and by which key it was vouched for.
--
-- Example:
--   select verification.add_key('ed25519-one', 'AAAA', '2026-03-01Z', null, null);
--   set constraints all immediate;
--   select convert_from(body, 'UTF8') from log.pending;
--   => {"at":"2026-03-01T00:00:00.000Z","cross":null,"id":"ed25519-one","kind":"key","publicKey":"AAAA","v":1}
create or replace function log.enter_key(p_id text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('key', id, jsonb_build_object('id', id, 'publicKey', public_key, 'cross',
    case when signed_by is not null then jsonb_build_object('by', signed_by, 'signature', cross_signature) end), added_at)
  from verification.signing_key where id = p_id
$$;

revoke execute on function log.enter_key from public;
