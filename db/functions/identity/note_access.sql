-- A trigger, so that no verb, script or plugin can change a right and forget to say so.
--
-- Example:
--   insert into identity.user (id, email, full_name, role, created_at, updated_at)
--     values ('usr_anna', 'anna@example.com', 'Anna', 'buyer', '2026-03-01', '2026-03-01');
--   update identity.user set full_name = 'Anna B.' where id = 'usr_anna' returning access_xid > 0;
--   => f
--   update identity.user set role = 'ev_owner' where id = 'usr_anna' returning access_xid > 0;
--   => t
create or replace function identity.note_access() returns trigger
language plpgsql as $$
begin
  if (new.role, new.accredited, new.kyc_status, new.email_verified, new.two_factor_enabled)
       is distinct from (old.role, old.accredited, old.kyc_status, old.email_verified, old.two_factor_enabled)
     or new.suspended_at is distinct from old.suspended_at then
    new.access_xid := pg_current_xact_id()::text::bigint;
    new.access_at := clock_timestamp();
  end if;
  return new;
end
$$;
