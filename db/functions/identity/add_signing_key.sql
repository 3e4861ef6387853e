-- Takes in the next key that signs access tokens: when none is good any more, or none was made for a day (after a change of
-- the secret that they are encrypted with). Answers false otherwise: another server was faster. What is taken in counts
-- only where its private half opens with that secret, so a row that somebody slips in signs nothing.
--
-- Example:
--   select identity.add_signing_key('sgk_one', '{}', 'sealed', 'EdDSA', 'Ed25519', now() + interval '30 days');
--   => t
--   select identity.add_signing_key('sgk_two', '{}', 'sealed', 'EdDSA', 'Ed25519', now() + interval '30 days');
--   => f
create or replace function identity.add_signing_key(
  p_id text, p_public_key text, p_private_key text, p_alg text, p_crv text, p_expires_at timestamptz
) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('identity.signing_key'));
  if exists (select from identity.signing_key
      where (expires_at is null or expires_at > now()) and created_at > now() - interval '1 day') then
    return false;
  end if;
  insert into identity.signing_key (id, public_key, private_key, alg, crv, created_at, expires_at)
  values (p_id, p_public_key, p_private_key, p_alg, p_crv, now(), least(p_expires_at, now() + interval '31 days'));
  return true;
end
$$;

revoke execute on function identity.add_signing_key from public;
grant execute on function identity.add_signing_key to evx_serving;
