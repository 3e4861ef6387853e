-- What a row's hash covers: the hash before it and every column, as one JSON array (unambiguous, nulls told apart).
--
-- Example:
--   select identity.append_audit(3::smallint, 'aud_one', '2026-03-01', 'usr_anna', 'admin', 'user.suspended', 'usr_binh',
--     null, null, null, 'req_one');
--   select encode(identity.audit_hash(a), 'hex'), identity.audit_hash(a) = a.hash from identity.audit a;
--   => f2dcf09d2fe3a91bda98a34c5ffe1bb8c41e5d30f6e278f4caef46051098025c | t
create or replace function identity.audit_hash(a identity.audit) returns bytea
language sql stable parallel safe as $$
  select sha256(a.prev || convert_to(jsonb_build_array(
    a.chain, a.seq, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    a.actor_id, a.actor_role, a.action, a.object, a.before, a.after, a.origin, a.cause)::text, 'UTF8'))
$$;
