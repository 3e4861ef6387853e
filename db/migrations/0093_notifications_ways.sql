-- Push and SMS beside e-mail, when a person does not want to be disturbed, and summaries of a day or a week.

alter table notifications.preference
  add column push boolean not null default true,
  add column sms boolean not null default false;

alter table notifications.notification
  -- Not sent before this moment: quiet hours, or the time of a person's summary.
  add column not_before timestamptz,
  -- Waits for the person's next summary; the summary that took it up.
  add column digest boolean not null default false,
  add column digest_id text,
  -- When an SMS was first handed over: after a try whose end nobody knows the gateway is asked first.
  add column tried_at timestamptz;

create index notification_failed on notifications.notification (id desc) where status = 'failed';
create index notification_queued on notifications.notification (created_at) where status = 'queued';
create index notification_of_digest on notifications.notification (digest_id) where digest_id is not null;

-- How a person wants to be told. Absent: at any hour, each thing by itself.
create table notifications.manner (
  user_id text primary key,
  zone text not null default 'UTC' check (length(zone) between 1 and 64),
  -- Minutes since midnight in the zone; from 22:00 to 07:00 goes over midnight.
  quiet_from smallint check (quiet_from between 0 and 1439),
  quiet_to smallint check (quiet_to between 0 and 1439),
  digest text not null default 'off' check (digest in ('off', 'daily', 'weekly')),
  -- Whoever has it may switch this person's e-mails off, and nothing else: it stands in each of them.
  leave_token text not null unique check (length(leave_token) = 32),
  changed_at timestamptz not null,
  check ((quiet_from is null) = (quiet_to is null))
);

-- A browser that takes pushes for a person. The id is the SHA-256 of its address at the push service.
create table notifications.device (
  id text primary key,
  user_id text not null,
  endpoint text not null check (length(endpoint) between 10 and 1000),
  p256dh text not null check (length(p256dh) between 80 and 100),
  auth text not null check (length(auth) between 20 and 30),
  label text not null check (length(label) between 1 and 100),
  created_at timestamptz not null
);
create index device_by_user on notifications.device (user_id);

-- The telephone to which a person wants SMS, theirs once the code that was sent there came back.
create table notifications.phone (
  user_id text primary key,
  number text not null check (number ~ '^\+[1-9][0-9]{6,14}$'),
  code_digest text,
  code_until timestamptz,
  tries smallint not null default 0,
  -- How many codes were asked for on the day of `asked_at`.
  asked smallint not null default 0,
  asked_at timestamptz not null,
  confirmed_at timestamptz
);

-- Addresses that take no mail, or whose owner called one of ours spam.
create table notifications.bounced (
  email text primary key check (length(email) <= 320),
  kind text not null check (kind in ('bounced', 'complained')),
  reason text not null,
  at timestamptz not null
);

comment on column notifications.notification.digest_id is 'Id<"notification">';
comment on column notifications.manner.user_id is 'Id<"user">';
comment on column notifications.device.user_id is 'Id<"user">';
comment on column notifications.phone.user_id is 'Id<"user">';

grant select, insert, update on notifications.manner to evx_app;
grant select, insert, update, delete on notifications.device, notifications.phone, notifications.bounced to evx_app;
