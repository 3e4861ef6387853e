-- A right that is worth more than a row: whoever may write people makes none an administrator and gives nobody another
-- role. identity.change_role does, with its owner's rights; the release before did it under evx_former.
--
-- Example:
--   insert into identity.user (id, email, full_name, role, created_at, updated_at)
--     values ('usr_anna', 'anna@example.com', 'Anna', 'buyer', '2026-03-01', '2026-03-01');
--   set local role evx_serving;
--   update identity.user set role = 'admin' where id = 'usr_anna';
--   =! role_is_given
create or replace function identity.guard_role() returns trigger
language plpgsql as $$
begin
  if (tg_op = 'INSERT' and new.role <> 'admin') or (tg_op = 'UPDATE' and new.role = old.role) then
    return new;
  end if;
  if pg_has_role(current_user, 'evx_former', 'usage')
    or current_user = (select c.relowner::regrole::text from pg_catalog.pg_class c where c.oid = tg_relid) then
    return new;
  end if;
  raise exception using errcode = 'insufficient_privilege', message = 'role_is_given',
    detail = 'A role is changed by identity.change_role alone.';
end
$$;
