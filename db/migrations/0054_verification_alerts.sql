-- Signs of a kick-back between an owner and the auditor who approves their requests: what operators look into.

create table verification.alert (
  kind text not null check (kind in ('gift', 'pair')),
  reviewer_id text not null,
  owner_id text not null,
  -- What raised it: a transfer of credits, or the request that was one too many.
  source_id text not null check (length(source_id) <= 40),
  request_id text references verification.request (id),
  grams bigint not null check (grams >= 0),
  raised_at timestamptz not null,
  primary key (kind, reviewer_id, owner_id, source_id)
);

create index alert_request on verification.alert (request_id) where request_id is not null;
create index alert_raised on verification.alert (raised_at desc);
create index alert_pair on verification.alert (owner_id, reviewer_id);

comment on column verification.alert.reviewer_id is 'Id<"user">';
comment on column verification.alert.owner_id is 'Id<"user">';
comment on column verification.alert.request_id is 'Id<"request">';

create trigger append_only before update or delete or truncate on verification.alert
  for each statement execute function public.refuse_change();

grant select, insert on verification.alert to evx_app;
