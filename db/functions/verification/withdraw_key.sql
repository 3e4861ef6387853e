-- Ends a key: what it signs from now on counts for nothing. By the operator alone, who owns the database.
--
-- Example:
--   select verification.add_key('ed25519-one', 'AAAA', '2026-03-01Z', null, null);
--   select verification.withdraw_key('ed25519-one', '2026-04-01Z', 'It was stolen.');
--   select key_id, reason from verification.withdrawn_key;
--   => ed25519-one | It was stolen.
create or replace function verification.withdraw_key(p_id text, p_at timestamptz, p_reason text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into verification.withdrawn_key (key_id, at, reason) values (p_id, p_at, p_reason)
$$;

revoke execute on function verification.withdraw_key from public;
