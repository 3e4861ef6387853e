-- A browser takes a person's pushes as long as the session that set it up lasts. Signing out, a new password, a reset, a
-- suspension end the session, and with it what the browser is told.

alter table notifications.device
  add column session_id text references identity.session (id) on delete cascade;

create index device_by_session on notifications.device (session_id);

-- Browsers from before belong to the session that was the youngest when they were set up; those without one are forgotten. What
-- the release before adds meanwhile has no session, and is told nothing until it is turned on again.
update notifications.device d set session_id = (
  select s.id from identity.session s
  where s.user_id = d.user_id and s.created_at <= d.created_at and s.expires_at > now()
  order by s.created_at desc limit 1);
delete from notifications.device where session_id is null;

comment on column notifications.device.session_id is 'Id<"session">';
