-- Entries whose columns, by which they are found, say another thing than their bytes; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_entries();
--   => 0
create or replace function verification.faults_of_entries() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with entry as (
    select e.place, e.kind, e.subject, e.at, j, split_part(e.subject, '/', 1) as head
    from log.entry e cross join lateral (select convert_from(e.body, 'UTF8')::jsonb as j) b
  )
  select format('Entry %s is found as %s %s of %s, and is %s.', place, kind, subject, log.moment(at), j) as fault
  from entry where kind is distinct from j ->> 'kind' or log.moment(at) is distinct from j ->> 'at'
    or case kind
      when 'certificate' then head <> j ->> 'number'
      when 'retired' then head <> j ->> 'id'
      when 'cancelled' then head <> j ->> 'id'
      when 'key' then head <> j ->> 'id'
      when 'key_withdrawn' then head <> j ->> 'id'
      when 'book' then head <> j ->> 'day'
      when 'snapshot' then head <> j ->> 'day'
      when 'batch_issued' then not exists (select from credits.batch b where b.id = head and b.number = (j ->> 'batch')::bigint)
      else false end
  order by place limit 100
$$;

revoke execute on function verification.faults_of_entries from public;
grant execute on function verification.faults_of_entries to evx_app;
