-- Makes a public key of certificates known, vouched for by the one before it. One that is known stays as it was added.
-- The first key of an empty registry the venue enters itself, as it first signs; every later one the database's owner alone,
-- whatever voucher is shown: the database cannot check one, and a thief with the application's rights must not add a signer.
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
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- Who calls, not whose rights this function has: the role that was chosen, or else the login.
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user);
begin
  perform pg_advisory_xact_lock(hashtext('verification.signing_key'));
  if exists (select from verification.signing_key where id = p_id) then
    return;
  end if;
  if exists (select from verification.signing_key) and not pg_has_role(caller, (
      select relowner from pg_class where oid = 'verification.signing_key'::regclass), 'usage') then
    raise exception 'signing_key_unknown' using errcode = 'insufficient_privilege';
  end if;
  insert into verification.signing_key (id, public_key, added_at, signed_by, cross_signature)
  values (p_id, p_public_key, p_at, p_signed_by, p_signature);
end
$$;

revoke execute on function verification.add_key from public;
grant execute on function verification.add_key to evx_app;
