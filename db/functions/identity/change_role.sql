-- Gives a person another role by the hand of an active administrator, who is not that person. Without a hand the first
-- administrator is made, and only while there is none. A cva's accreditation does not survive it.
--
-- Example:
--   insert into identity.user (id, email, full_name, role, created_at, updated_at) values
--     ('usr_anna', 'anna@example.com', 'Anna', 'buyer', '2026-03-01', '2026-03-01'),
--     ('usr_binh', 'binh@example.com', 'Binh', 'buyer', '2026-03-01', '2026-03-01');
--   select identity.change_role('usr_binh', 'usr_anna', 'admin', '2026-03-02Z');
--   =! role_change_unauthorised
create or replace function identity.change_role(p_operator text, p_id text, p_role text, p_at timestamptz)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  allowed boolean;
begin
  if p_operator is null then
    perform pg_advisory_xact_lock(hashtext('identity.first_admin'));
    allowed := not exists (select from identity.user where role = 'admin' and suspended_at is null);
  else
    allowed := p_operator <> p_id and exists (
      select from identity.user where id = p_operator and role = 'admin' and suspended_at is null);
  end if;
  if not allowed then
    raise exception using errcode = 'insufficient_privilege', message = 'role_change_unauthorised';
  end if;
  update identity.user set role = p_role, accredited = false, updated_at = p_at where id = p_id;
end
$$;

revoke execute on function identity.change_role from public;
grant execute on function identity.change_role to evx_serving;
