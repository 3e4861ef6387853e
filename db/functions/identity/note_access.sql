-- A trigger, so that no verb, script or plugin can change a right and forget to say so.
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
