-- The registry as it was on a day, whole: every row in the words of the log's entries, with a signed statement of its hash.

create table verification.snapshot (
  day text primary key check (day ~ '^\d{4}-\d\d-\d\d$'),
  -- Lines of JSON, packed by gzip.
  content bytea not null,
  -- An evx-snapshot/1 as it was signed, and its signature.
  statement text not null,
  signature text not null,
  key_id text not null references verification.signing_key (id),
  at timestamptz not null
);

create trigger append_only before update or delete or truncate on verification.snapshot
  for each statement execute function public.refuse_change();

comment on table verification.snapshot is 'distributed by day';
grant select, insert on verification.snapshot to evx_app;
