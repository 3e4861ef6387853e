-- What people are told, in the app and by e-mail. A message of ours is kept as template and details and is written out in
-- the reader's language when it is read; a message that an operator wrote is kept as it was written.
create schema notifications;

create table notifications.notification (
  id text primary key,
  user_id text not null,
  channel text not null check (channel in ('in_app', 'email', 'sms', 'push')),
  template text,
  details jsonb not null default '{}',
  subject text,
  message text,
  link text,
  status text not null check (status in ('unread', 'read', 'queued', 'sent', 'failed')),
  reason text,
  read_at timestamptz,
  created_at timestamptz not null,
  -- Which happening this tells of: told twice, it is still one notification.
  source text not null,
  unique (user_id, channel, source),
  check ((template is null) <> (subject is null)),
  check ((subject is null) = (message is null)),
  check ((status = 'read') = (read_at is not null))
);

create index notification_by_user on notifications.notification (user_id, id desc) where channel = 'in_app';
create index notification_all_by_user on notifications.notification (user_id, id desc);
create index notification_unread on notifications.notification (user_id) where status = 'unread';

-- Which e-mails a person does not want. Absent means wanted.
create table notifications.preference (
  user_id text not null,
  topic text not null,
  email boolean not null,
  changed_at timestamptz not null,
  primary key (user_id, topic)
);

grant usage on schema notifications to evx_app;
grant select, insert, update on notifications.notification to evx_app;
grant select, insert, update on notifications.preference to evx_app;
