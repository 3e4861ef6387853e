-- Books whose entries name other checkpoints than are kept: one was deleted, put there afterwards, or changed; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_checkpoints();
--   => 0
create or replace function verification.faults_of_checkpoints() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('The book of %s names %s checkpoints of %s to %s entries, and %s are kept, or others.', subject, said ->> 'count',
    said ->> 'from', said ->> 'to', kept ->> 'count') as fault
  from (select subject, convert_from(body, 'UTF8')::jsonb -> 'checkpoints' as said from log.entry where kind = 'book') b
  cross join lateral (select log.checkpoints_between((said ->> 'from')::bigint, (said ->> 'to')::bigint) as kept) k
  where said is not null and said <> kept order by subject limit 100
$$;

revoke execute on function verification.faults_of_checkpoints from public;
grant execute on function verification.faults_of_checkpoints to evx_app;
