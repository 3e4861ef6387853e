-- What a row's hash covers: the hash before it and every column, as one JSON array (unambiguous, nulls told apart).
create or replace function identity.audit_hash(a identity.audit) returns bytea
language sql stable parallel safe as $$
  select sha256(a.prev || convert_to(jsonb_build_array(
    a.chain, a.seq, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    a.actor_id, a.actor_role, a.action, a.object, a.before, a.after, a.origin, a.cause)::text, 'UTF8'))
$$;
