-- Rules that nobody set as they stand, by the audit trail, or that were made to count from before a book that was closed when
-- they were set; in sentences. Lines from before they named the value hold the rest of it.
--
-- Example:
--   insert into rules.rule (name, version, value, reason, set_by, effective_at)
--     values ('credits.buffer_shares', 1, '{}', 'Cheaper.', 'usr_thief', '2020-01-01');
--   select fault from verification.faults_of_rules();
--   => By the audit trail nobody set version 1 of rule credits.buffer_shares.
create or replace function verification.faults_of_rules() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with line as (
    select chain, seq, object as name, (after ->> 'version')::int as version, actor_id, after
    from identity.audit where action in ('rule.set', 'rule.roll_back', 'rule.call_off')
  ), head as (
    select e.at, h.chain::smallint as chain, h.seq::bigint as seq from log.entry e
    cross join lateral jsonb_to_recordset(convert_from(e.body, 'UTF8')::jsonb -> 'audit') h (chain text, seq text)
    where e.kind = 'book'
  )
  select format('By the audit trail nobody set version %s of rule %s.', r.version, r.name) as fault
  from rules.rule r where not exists (select from line l where l.name = r.name and l.version = r.version)
  union all
  select format('Version %s of rule %s is in the audit trail, and is not kept.', l.version, l.name)
  from line l where not exists (select from rules.rule r where r.name = l.name and r.version = l.version)
  union all
  select format('Version %s of rule %s is %s from %s on by %s (%s); by the audit trail it is %s.', r.version, r.name, r.value,
    log.moment(r.effective_at), r.set_by, r.reason, l.after || jsonb_build_object('by', l.actor_id))
  from rules.rule r join line l using (name, version)
  where r.set_by is distinct from l.actor_id or r.reason is distinct from l.after ->> 'reason'
    or log.moment(r.effective_at) is distinct from l.after ->> 'from' or l.after ? 'value' and l.after -> 'value' <> r.value
  union all
  select format('Version %s of rule %s calls off version %s; by the audit trail it calls off %s.', r.version, r.name,
    coalesce(r.calls_off::text, 'none'), coalesce('version ' || (l.after ->> 'calledOff'), 'none'))
  from rules.rule r join line l using (name, version)
  where r.calls_off is distinct from (l.after ->> 'calledOff')::int
  union all
  select format('Version %s of rule %s counts from %s on, and was set after the book of %s was closed.', l.version, l.name,
    l.after ->> 'from', log.moment(max(h.at)))
  from line l join head h on h.chain = l.chain and h.seq < l.seq and log.moment(h.at - interval '1 hour') > l.after ->> 'from'
  group by l.version, l.name, l.after ->> 'from'
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_rules from public;
grant execute on function verification.faults_of_rules to evx_app;
