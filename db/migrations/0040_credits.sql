-- What the book's grams are: batches with their provenance, and retirements with their beneficiaries.

create schema credits;

create table credits.batch (
  id text primary key,
  -- The short number within serial numbers: EVX-VN-flat-v1-2026-000042-1-100000.
  number bigint generated always as identity unique,
  request_id text not null unique,
  transfer_id text not null unique,
  owner_id text not null,
  cva_id text not null,
  vintage_year int not null check (vintage_year between 1990 and 2199),
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  method_code text not null check (method_code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  factor_set text not null,
  quality_tier text not null check (quality_tier in ('connected', 'export', 'manual')),
  vehicle_class text not null,
  trip_count int not null check (trip_count >= 0),
  first_trip_at timestamptz not null,
  last_trip_at timestamptz not null,
  grams_g bigint not null check (grams_g > 0),
  -- Kept back against errors found later: the first grams of the batch.
  buffer_g bigint not null check (buffer_g >= 0 and buffer_g < grams_g),
  issued_at timestamptz not null
);

create index batch_by_owner on credits.batch (owner_id, issued_at);
create index batch_by_time on credits.batch (issued_at, id);

create table credits.retirement (
  id text primary key,
  transfer_id text not null unique,
  holder_id text not null,
  grams_g bigint not null check (grams_g > 0),
  beneficiary_name text not null check (beneficiary_name <> ''),
  beneficiary_country text check (beneficiary_country ~ '^[A-Z]{2}$'),
  period_from date,
  period_to date,
  reason text not null check (reason in (
    'corporate_inventory', 'event', 'product', 'travel', 'personal', 'compliance', 'other')),
  message text,
  -- What the public registry is searched by, without case and accents.
  words text not null,
  retired_at timestamptz not null,
  check (period_from <= period_to)
);

create index retirement_by_time on credits.retirement (retired_at, id);
create index retirement_by_holder on credits.retirement (holder_id, retired_at, id);
create index retirement_words on credits.retirement using gin (words gin_trgm_ops);

-- Why grams were taken out of circulation against somebody's will, and for which batch.
create table credits.cancellation (
  transfer_id text primary key,
  batch_id text not null references credits.batch (id),
  -- Null when they came from the buffer.
  holder_id text,
  grams_g bigint not null check (grams_g > 0),
  reason text not null check (reason <> ''),
  cancelled_at timestamptz not null
);

create index cancellation_by_batch on credits.cancellation (batch_id, cancelled_at);

comment on column credits.batch.id is 'Id<"batch">';
comment on column credits.batch.request_id is 'Id<"request">';
comment on column credits.batch.transfer_id is 'Id<"transfer">';
comment on column credits.batch.owner_id is 'Id<"user">';
comment on column credits.batch.cva_id is 'Id<"user">';
comment on column credits.retirement.id is 'Id<"retirement">';
comment on column credits.retirement.transfer_id is 'Id<"transfer">';
comment on column credits.retirement.holder_id is 'Id<"user">';
comment on column credits.cancellation.transfer_id is 'Id<"transfer">';
comment on column credits.cancellation.batch_id is 'Id<"batch">';
comment on column credits.cancellation.holder_id is 'Id<"user">';

create trigger append_only before update or delete or truncate on credits.batch
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on credits.retirement
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on credits.cancellation
  for each statement execute function public.refuse_change();

grant usage on schema credits to evx_app;
grant select, insert on credits.batch, credits.retirement, credits.cancellation to evx_app;
