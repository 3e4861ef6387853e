-- Sums by the quarter of an hour, of which a report adds up any days, months or years of the reader's zone: no zone's midnight
-- lies within a quarter. `subject` is a person, a vehicle, or `venue`.
create table reports.quarter_sum (
  subject text not null,
  at timestamptz not null check (extract(epoch from at)::bigint % 900 = 0),
  metric text not null,
  amount bigint not null,
  primary key (subject, at, metric)
);

-- Who sold, bought and retired most in a period.
create index quarter_sum_by_metric on reports.quarter_sum (metric, at) include (subject, amount);

-- A report on its way into a file, and the file until it expires.
create table reports.export (
  id text primary key,
  user_id text not null,
  -- What was asked for: report, whose, period, zone, language.
  asked jsonb not null,
  format text not null check (format in ('csv', 'xlsx', 'pdf')),
  status text not null check (status in ('queued', 'running', 'done', 'failed')),
  -- The run whose parts are the file's; a run that was cut off leaves parts of its own.
  run text,
  rows_done bigint not null default 0 check (rows_done >= 0),
  -- Null until it is known.
  rows_total bigint,
  bytes bigint not null default 0,
  failure text,
  created_at timestamptz not null,
  finished_at timestamptz,
  expires_at timestamptz not null,
  check ((status in ('done', 'failed')) = (finished_at is not null))
);
create index export_by_user on reports.export (user_id, created_at desc);
create index export_by_end on reports.export (expires_at);
create index export_waiting on reports.export (created_at) where status in ('queued', 'running');

create table reports.export_part (
  export_id text not null references reports.export (id) on delete cascade,
  run text not null,
  seq int not null,
  content bytea not null,
  primary key (export_id, run, seq)
);
alter table reports.export_part alter column content set storage external;

comment on column reports.export.id is 'Id<"export">';
comment on column reports.export.user_id is 'Id<"user">';
comment on column reports.export_part.export_id is 'Id<"export">';

grant select, insert, update, delete on reports.quarter_sum, reports.export, reports.export_part to evx_app;

-- What happened before is counted by the first worker that knows how.
insert into jobs.outbox (kind, name, payload, cause, at)
select 'job', 'reports.count_all', '{}', 'the first count by quarters', now()
where exists (select from identity."user");
