-- Says that a session or a key is no longer good: servers read what was revoked since they last asked.
--
-- Example:
--   insert into identity.user (id, email, full_name, role, created_at, updated_at)
--     values ('usr_anna', 'anna@example.com', 'Anna', 'buyer', '2026-03-01', '2026-03-01');
--   insert into identity.session (id, user_id, token, created_at, updated_at, expires_at)
--     values ('ses_one', 'usr_anna', 'secret', '2026-03-01', '2026-03-01', '2026-04-01');
--   delete from identity.session where id = 'ses_one';
--   select subject_id from identity.revocation;
--   => ses_one
create or replace function identity.note_revocation() returns trigger
language plpgsql as $$
begin
  insert into identity.revocation (subject_id) values (old.id);
  return null;
end
$$;
