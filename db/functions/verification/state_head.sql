-- What the registry says of itself at one moment, for whoever holds it against the log: how many entries the log has,
-- what waits to be numbered (its leaves' hashes), keys, the audit lines that books have named, and totals.
--
-- Example:
--   select verification.state_head() ->> 'size', verification.state_head() -> 'totals' ->> 'issued';
--   => 0 | 0
create or replace function verification.state_head() returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object(
    'size', coalesce((select max(size) from log.checkpoint), 0),
    'pending', coalesce((select jsonb_agg(encode(sha256('\x00'::bytea || body), 'hex') order by id)
      from (select id, body from log.pending order by id limit 10000) p), '[]'),
    'keys', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'publicKey', public_key, 'addedAt', log.moment(added_at),
      'withdrawnAt', log.moment(w.at)) order by added_at, id)
      from verification.signing_key k left join verification.withdrawn_key w on w.key_id = k.id), '[]'),
    'audit', coalesce((select jsonb_agg(jsonb_build_object('chain', a.chain, 'seq', a.seq::text, 'hash', encode(a.hash, 'hex')))
      from (select distinct (h ->> 'chain')::smallint as chain, (h ->> 'seq')::bigint as seq
        from log.entry e, jsonb_array_elements(convert_from(e.body, 'UTF8')::jsonb -> 'audit') h where e.kind = 'book') named
      join identity.audit a on (a.chain, a.seq) = (named.chain, named.seq)), '[]'),
    'totals', verification.registry_totals())
$$;

revoke execute on function verification.state_head from public;
grant execute on function verification.state_head to evx_app;
