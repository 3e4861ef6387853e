-- Rows that edges and workers share: what is to be done, what was already answered, which rules hold.

create schema jobs;

-- Written in the business transaction, moved to pg-boss by the relay, then deleted.
create table jobs.outbox (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('event', 'job')),
  name text not null,
  payload jsonb not null,
  run_at timestamptz,
  key text,
  cause text not null,
  at timestamptz not null
);

grant usage on schema jobs to evx_app;
-- Update, because the relay locks the rows that it moves.
grant select, insert, update, delete on jobs.outbox to evx_app;

create schema rpc;

-- One row per Idempotency-Key; status and answer are null while the first request is still running.
create table rpc.idempotency (
  scope text not null,
  key text not null,
  digest text not null,
  status int,
  answer jsonb,
  at timestamptz not null,
  primary key (scope, key)
);

create index idempotency_at on rpc.idempotency (at);

grant usage on schema rpc to evx_app;
grant select, insert, update, delete on rpc.idempotency to evx_app;

create schema rules;

-- Versioned business configuration: a change is a new version with a reason.
create table rules.rule (
  name text not null,
  version int not null check (version > 0),
  value jsonb not null,
  reason text not null,
  set_by text,
  effective_at timestamptz not null,
  primary key (name, version)
);

create trigger append_only before update or delete or truncate on rules.rule
  for each statement execute function public.refuse_change();

grant usage on schema rules to evx_app;
grant select, insert on rules.rule to evx_app;
