-- Makes a public key of certificates known, vouched for by the one before it. One that is known stays as it was added.
-- The first key needs nobody; a later one without a voucher is entered so, and everybody who watches the log sees it.
--
-- Example:
--   select verification.add_key('ed25519-one', 'AAAA', '2026-03-01Z', null, null);
--   select verification.add_key('ed25519-two', 'BBBB', '2026-04-01Z', 'ed25519-one', 'CCCC');
--   select verification.add_key('ed25519-two', 'BBBB', '2026-05-01Z', null, null);
--   select id, signed_by, added_at = '2026-04-01Z' from verification.signing_key where signed_by is not null;
--   => ed25519-two | ed25519-one | t
create or replace function verification.add_key(
  p_id text, p_public_key text, p_at timestamptz, p_signed_by text, p_signature text
) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into verification.signing_key (id, public_key, added_at, signed_by, cross_signature)
  values (p_id, p_public_key, p_at, p_signed_by, p_signature)
  on conflict (id) do nothing
$$;

revoke execute on function verification.add_key from public;
grant execute on function verification.add_key to evx_app;
