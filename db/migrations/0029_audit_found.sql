-- What a request did is looked up by its id, as an answer and an error's page show it.
create index audit_cause on identity.audit (cause);

-- What programs warned of: the last fortnight, for an operator who has no shell on the machines. Lines beyond what one
-- minute may keep are counted by the program and not kept.
create table identity.log_line (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  level text not null check (level in ('warn', 'error')),
  service text not null check (length(service) between 1 and 60),
  message text not null check (length(message) between 1 and 500),
  request_id text check (length(request_id) <= 100),
  user_id text check (length(user_id) <= 60),
  -- What the line names beside its sentence: a path, a code, an error's own words. Never a body, a header or a secret.
  about jsonb not null default '{}'
);

create index log_line_request on identity.log_line (request_id) where request_id is not null;
create index log_line_user on identity.log_line (user_id, id desc) where user_id is not null;
create index log_line_level on identity.log_line (level, id desc);
create index log_line_at on identity.log_line (at);

grant select, insert, delete on identity.log_line to evx_app;
