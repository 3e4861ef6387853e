-- Read models: what other rooms' events add up to, by month (UTC). They can be emptied and built again from the events;
-- nothing is decided on them. The figures of record are the ledger's.
create schema reports;

-- Which events were counted, so that a job that runs twice counts once.
create table reports.counted (
  source text primary key,
  at timestamptz not null
);

create trigger append_only before update or delete or truncate on reports.counted
  for each statement execute function public.refuse_change();

create table reports.personal_month (
  user_id text not null,
  month text not null check (month ~ '^\d{4}-\d{2}$'),
  metric text not null,
  amount bigint not null,
  primary key (user_id, month, metric)
);

create table reports.platform_month (
  month text not null check (month ~ '^\d{4}-\d{2}$'),
  metric text not null,
  amount bigint not null,
  primary key (month, metric)
);

grant usage on schema reports to evx_app;
grant select, insert on reports.counted to evx_app;
grant select, insert, update on reports.personal_month, reports.platform_month to evx_app;
