-- Two roles beside evx_app, which keeps what both need: the server's (evx_serving) lets people in, the worker's
-- (evx_working) does what nobody asks for at that moment. Neither makes an administrator, another role or a signing key
-- but by a function that looks at who acts. evx_former has the rights of before, for logins that were there already: code
-- of the release before goes on under them until its processes are gone.
do $$
declare
  fresh text;
begin
  foreach fresh in array array['evx_serving', 'evx_working', 'evx_former'] loop
    if exists (select from pg_catalog.pg_roles where rolname = fresh) then
      continue;
    end if;
    begin
      execute format('create role %I nologin', fresh);
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise exception using
          errcode = 'insufficient_privilege',
          message = format('The role %I is missing and %I may not create it.', fresh, current_user),
          hint = 'Let an administrator create evx_serving, evx_working and evx_former (nologin), then migrate again.';
    end;
  end loop;
end
$$;

do $$
declare
  known name;
begin
  perform pg_advisory_xact_lock(hashtext('evx roles'));
  grant evx_app to evx_serving, evx_working;
  for known in
    select m.rolname from pg_catalog.pg_auth_members a join pg_catalog.pg_roles m on m.oid = a.member
    where a.roleid = 'evx_app'::regrole and m.rolcanlogin and not m.rolsuper
      and not pg_has_role(m.oid, 'evx_serving', 'member') and not pg_has_role(m.oid, 'evx_working', 'member')
  loop
    execute format('grant evx_former to %I', known);
  end loop;
end
$$;

-- Who lets people in, and answers each request once.
revoke insert on identity.user, identity.session, identity.refresh_token, identity.known_place from evx_app;
revoke insert, update on identity.account, identity.two_factor, identity.api_key, rpc.idempotency from evx_app;
revoke insert on identity.signing_key from evx_app;
grant insert on identity.user, identity.session, identity.refresh_token, identity.known_place
  to evx_serving, evx_former;
grant insert, update on identity.account, identity.two_factor, identity.api_key, rpc.idempotency
  to evx_serving, evx_former;
grant insert on identity.signing_key to evx_former;

-- Who says that work goes on.
revoke insert, update, delete on jobs.beat from evx_app;
grant insert, update, delete on jobs.beat to evx_working, evx_former;

-- needs function identity.guard_role
create trigger guard_role before insert or update of role on identity.user
  for each row execute function identity.guard_role();
