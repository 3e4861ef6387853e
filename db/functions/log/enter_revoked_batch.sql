-- Enters that a batch should not have been issued, and how many grams are owed for it. The reason stands as a hash.
--
-- Example:
--   select log.enter_revoked_batch('bat_unknown');
--   => null
create or replace function log.enter_revoked_batch(p_batch text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('revoked', b.id, jsonb_build_object('what', 'batch',
    'batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), 'owed', r.owed_g::text,
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || r.reason, 'UTF8')), 'hex')), r.revoked_at)
  from credits.revoked_batch r join credits.batch b on b.id = r.batch_id where r.batch_id = p_batch
$$;

revoke execute on function log.enter_revoked_batch from public;
