-- Decisions that are told otherwise than the audit trail has them: a request's row or its batches', what was said, which trips
-- were refused; decisions and recomputations that it knows nothing of; in sentences. A column that is no longer there is
-- passed over. Decisions from before their facts were written down are held by what else is said of them.
--
-- Example:
--   select count(*) from verification.faults_of_decisions();
--   => 0
create or replace function verification.faults_of_decisions() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  with decided as (
    select a.object as id, a.after -> 'facts' as was,
      verification.request_facts(a.object, (a.after #>> '{facts,messages,count}')::bigint) as now
    from identity.audit a where a.action in ('request.approve', 'request.reject') and a.after ? 'facts'
  ), said as (
    select 'Request ' || d.id as what, w.name, w.value as was, d.now -> 'request' as now
    from decided d cross join lateral jsonb_each(d.was -> 'request') w (name, value)
    union all
    select 'Batch ' || lpad(b.value ->> 'number', 6, '0'), w.name, w.value, d.now -> 'batches' -> b.key
    from decided d cross join lateral jsonb_each(d.was -> 'batches') b cross join lateral jsonb_each(b.value) w (name, value)
  )
  select format('%s: the registry says %s %s, the audit trail of its decision %s.', what, name, now -> name, was) as fault
  from said where now ? name and now -> name is distinct from was
  union all
  select format('Request %s is in the audit trail as decided, and is not there.', id) from decided where now ->> 'request' is null
  union all
  select format('Request %s: what was said before it was decided is not what is kept.', id)
  from decided where now -> 'messages' is distinct from was -> 'messages'
  union all
  select format('Request %s: the trips that were refused are not those that are kept.', id)
  from decided where now -> 'refusals' is distinct from was -> 'refusals'
  union all
  select format('Request %s: its approvals are not those by which it was decided.', id)
  from decided where was ? 'approvals' and now -> 'approvals' is distinct from was -> 'approvals'
  union all
  select format('Request %s: message %s is missing.', request_id, before + 1)
  from (select request_id, seq, lag(seq, 1, 0) over (partition by request_id order by seq) as before from verification.message) m
  where seq <> before + 1
  union all
  select format('By the audit trail %s did not reject request %s.', r.decided_by, r.id)
  from verification.request r where r.status = 'rejected' and not exists (select from identity.audit a
    where a.action = 'request.reject' and a.object = r.id and a.actor_id = r.decided_by)
  union all
  select format('Request %s: by the audit trail it gave %s g when it was computed again, and no such recomputation is kept.',
    a.object, a.after ->> 'grams')
  from identity.audit a where a.action = 'request.recompute_failed' and not exists (select from verification.recomputation c
    where c.request_id = a.object and c.found_g::text = a.after ->> 'grams' and c.leaves_match = (a.after ->> 'proofMatches')::boolean)
  union all
  select format('Request %s: by the audit trail %s had it computed again on %s, and nothing of it is kept.', a.object, a.actor_id,
    a.after ->> 'at')
  from identity.audit a where a.action = 'request.recompute' and not exists (select from verification.recomputation c
    where c.request_id = a.object and log.moment(c.at) = a.after ->> 'at')
  union all
  select format('Request %s: a recomputation on %s says that %s g were expected, %s g were issued.', c.request_id, log.moment(c.at),
    c.expected_g, r.issued_g)
  from verification.recomputation c join verification.request r on r.id = c.request_id
  where r.status = 'approved' and c.at > r.decided_at and c.expected_g <> r.issued_g
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_decisions from public;
grant execute on function verification.faults_of_decisions to evx_app;
