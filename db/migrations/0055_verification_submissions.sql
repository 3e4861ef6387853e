-- Asking for credits for much at once: a request of more trips than one call can take, or a whole fleet. Each line becomes
-- one request, or says why not; a job works them off and goes on where it was killed.

create table verification.submission (
  id text primary key check (id like 'sub\_%'),
  owner_id text not null,
  fleet boolean not null,
  status text not null check (status in ('queued', 'running', 'done')),
  created_at timestamptz not null,
  finished_at timestamptz
);

create index submission_owner on verification.submission (owner_id, id desc);

create table verification.submission_line (
  submission_id text not null references verification.submission (id),
  place int not null check (place >= 0),
  vehicle_id text not null,
  -- The request that the line becomes; its name is known before it is made, so a retry makes no second one.
  request_id text not null unique,
  year int,
  period_from timestamptz,
  period_to timestamptz,
  status text not null default 'waiting' check (status in ('waiting', 'done', 'refused')),
  refusal text,
  details jsonb not null default '{}',
  trips bigint not null check (trips >= 0),
  trips_done bigint not null default 0,
  primary key (submission_id, place)
);

comment on column verification.submission.id is 'Id<"submission">';
comment on column verification.submission.owner_id is 'Id<"user">';
comment on column verification.submission_line.submission_id is 'Id<"submission">';
comment on column verification.submission_line.vehicle_id is 'Id<"vehicle">';
comment on column verification.submission_line.request_id is 'Id<"request">';

grant select, insert, update on verification.submission, verification.submission_line to evx_app;
