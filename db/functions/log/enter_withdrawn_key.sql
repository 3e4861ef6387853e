-- Enters that a key no longer holds: what is dated later and signed by it is worth nothing.
--
-- Example:
--   select log.enter_withdrawn_key('ed25519-unknown');
--   => null
create or replace function log.enter_withdrawn_key(p_key text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('key_withdrawn', key_id, jsonb_build_object('id', key_id), at)
  from verification.withdrawn_key where key_id = p_key
$$;

revoke execute on function log.enter_withdrawn_key from public;
