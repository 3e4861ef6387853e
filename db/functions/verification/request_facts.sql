-- What a request says of itself, whole, as its decision is written into the audit trail: its row, its batches', and hashes
-- of what was said, who approved and which trips were refused. What is said later counts for nothing here.
--
-- Example:
--   select verification.request_facts('req_unknown') -> 'messages' ->> 'count', verification.request_facts('req_unknown') -> 'request';
--   => 0 | null
create or replace function verification.request_facts(p_request text, p_messages bigint default null) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object(
    'request', (select to_jsonb(r) from verification.request r where r.id = p_request),
    'batches', coalesce((select jsonb_object_agg(b.id, to_jsonb(b)) from credits.batch b where b.request_id = p_request), '{}'),
    'messages', (select jsonb_build_object('count', count(*), 'hash',
        encode(sha256(convert_to(coalesce(jsonb_agg(to_jsonb(m) order by m.seq), '[]')::text, 'UTF8')), 'hex'))
      from (select seq, author_id, kind, body, at from verification.message
        where request_id = p_request and (p_messages is null or seq <= p_messages)) m),
    'approvals', (select encode(sha256(convert_to(coalesce(jsonb_agg(to_jsonb(t) order by t.reviewer_id), '[]')::text, 'UTF8')), 'hex')
      from (select reviewer_id, digest, note, approved_at from verification.approval where request_id = p_request) t),
    'refusals', (select encode(sha256(convert_to(coalesce(jsonb_agg(to_jsonb(t) order by t.trip_id), '[]')::text, 'UTF8')), 'hex')
      from (select trip_id, reason_code, note, started_at, distance_m, co2_saved_g, decided_by, decided_at
        from verification.trip_rejection where request_id = p_request) t))
$$;

revoke execute on function verification.request_facts from public;
grant execute on function verification.request_facts to evx_app;
