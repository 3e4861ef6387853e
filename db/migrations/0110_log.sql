-- The public log: what changes a gram's worth is entered by the database itself, in the transaction that does it.

create schema log;

-- Entered and not yet numbered. Nobody inserts here but the functions of this schema.
create table log.pending (
  id bigint generated always as identity primary key,
  kind text not null,
  -- What it is about; of each kind one entry a subject, for ever.
  subject text not null,
  -- The very bytes that are logged: canonical JSON, never rendered anew.
  body bytea not null check (octet_length(body) between 1 and 65535),
  at timestamptz not null,
  unique (kind, subject)
);

create table log.entry (
  place bigint primary key check (place >= 0),
  kind text not null,
  subject text not null,
  body bytea not null check (octet_length(body) between 1 and 65535),
  at timestamptz not null
);

-- Hashes of a level, 256 a tile. The last tile of a level grows; what it has never changes.
create table log.tile (
  level smallint not null check (level between 0 and 6),
  n bigint not null check (n >= 0),
  hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
  primary key (level, n)
);

create table log.checkpoint (
  size bigint primary key check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  at timestamptz not null
);

-- What witnesses put under a checkpoint.
create table log.cosignature (
  size bigint not null references log.checkpoint (size),
  name text not null,
  line text not null,
  at timestamptz not null,
  primary key (size, name)
);

comment on table log.entry is 'distributed by place';
create index entry_of_subject on log.entry (subject, kind);

create trigger append_only before update or delete or truncate on log.entry
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on log.checkpoint
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on log.cosignature
  for each statement execute function public.refuse_change();
create trigger no_removal before delete or truncate on log.tile
  for each statement execute function public.refuse_change();

grant usage on schema log to evx_app;
grant select on log.pending, log.entry, log.tile, log.checkpoint, log.cosignature to evx_app;

-- Keys: which one signed the next, and until when one holds. They enter by verification.add_key alone.
alter table verification.signing_key
  add column signed_by text references verification.signing_key (id),
  add column cross_signature text,
  add constraint signing_key_cross check ((signed_by is null) = (cross_signature is null));

create table verification.withdrawn_key (
  key_id text primary key references verification.signing_key (id),
  at timestamptz not null,
  reason text not null check (reason <> '')
);

create trigger append_only before update or delete or truncate on verification.withdrawn_key
  for each statement execute function public.refuse_change();
grant select on verification.withdrawn_key to evx_app;
revoke insert on verification.signing_key from evx_app;

-- Trees whose nodes commit to the grams under them: eight bytes a leaf, in the order of the leaves. Null for older ones.
alter table verification.tree
  add column sums bytea,
  add column sum_g bigint check (sum_g > 0),
  add constraint tree_sums check ((sums is null) = (sum_g is null) and octet_length(sums) = leaf_count * 8);
