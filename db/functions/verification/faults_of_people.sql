-- People who are something else than the audit trail made them: their role, whether they may review, the name that the public
-- reads. Of whom it says nothing was there before it did; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_people();
--   => 0
create or replace function verification.faults_of_people() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with line as (
    select object as id, action, after, at, chain, seq from identity.audit
    where action in ('user.register', 'user.change_role', 'user.accredit', 'user.disaccredit', 'user.public_name')
  ), role as (
    select distinct on (id) id, after ->> 'role' as role from line where action in ('user.register', 'user.change_role')
    order by id, at desc, seq desc
  ), accredited as (
    select distinct on (id) id, action = 'user.accredit' as accredited from line where action <> 'user.public_name'
    order by id, at desc, seq desc
  ), called as (
    select distinct on (id) id, after as said from line where action = 'user.public_name' order by id, at desc, seq desc
  )
  select format('%s has the role %s; by the audit trail it is %s.', u.id, u.role, r.role) as fault
  from identity."user" u join role r using (id) where r.role is distinct from u.role
  union all
  select format('%s %s review; by the audit trail it is otherwise.', u.id, case when u.accredited then 'may' else 'may not' end)
  from identity."user" u join accredited a using (id) where a.accredited <> u.accredited
  union all
  select format('%s is called %s in public; by the audit trail nobody said so.', u.id, coalesce(u.public_name, 'by a pseudonym'))
  from identity."user" u join role using (id) left join called c using (id)
  where jsonb_build_object('kind', u.public_kind, 'name', u.public_name, 'lei', u.lei)
    <> coalesce(c.said, '{"kind": "pseudonym", "name": null, "lei": null}')
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_people from public;
grant execute on function verification.faults_of_people to evx_app;
