-- Issuance requests, their review, certificates and proofs.

create schema verification;

-- One request of an owner for the trips of one vehicle. What it was computed from is frozen here when it is made;
-- the trips themselves are claimed in vehicles and cannot change while they are.
create table verification.request (
  id text primary key,
  owner_id text not null,
  vehicle_id text not null,
  -- The request whose failed trips this one brings again.
  resubmits_id text unique references verification.request (id),
  period_from timestamptz,
  period_to timestamptz,
  status text not null default 'pending'
    check (status in ('pending', 'in_review', 'needs_info', 'approved', 'rejected')),
  reviewer_id text,
  claimed_at timestamptz,
  submitted_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  decision_note text,

  trip_count bigint not null check (trip_count > 0),
  distance_m bigint not null check (distance_m >= 0),
  energy_wh bigint check (energy_wh >= 0),
  co2_saved_g bigint not null check (co2_saved_g > 0),
  first_at timestamptz not null,
  last_at timestamptz not null,
  method_code text not null,
  factor_set text not null,
  -- The factors themselves, so that the same gram comes out when the rules have long changed.
  factors jsonb not null,
  -- Both methods over the same trips, for the reviewer's eye; the metered one over those that it could compute.
  flat_g bigint not null check (flat_g >= 0),
  metered_g bigint not null check (metered_g >= 0),
  metered_trips bigint not null check (metered_trips between 0 and trip_count),
  country_code text not null,
  vehicle_make text not null,
  vehicle_model text not null,
  vehicle_year int not null,
  vehicle_class text not null,
  quality_tier text not null check (quality_tier in ('connected', 'export', 'manual')),

  flagged_count bigint not null default 0,
  risk_score int not null check (risk_score between 0 and 100),
  risk_reasons jsonb not null,
  -- Above this many approvals by different reviewers the batch is issued: 1, or 2 above the configured amount.
  approvals_needed int not null check (approvals_needed between 1 and 2),

  issued_g bigint check (issued_g > 0 and issued_g <= co2_saved_g),
  -- What of it went to the common buffer instead of the owner's wallet.
  buffer_g bigint check (buffer_g >= 0 and buffer_g <= issued_g),
  rejected_count bigint not null default 0 check (rejected_count between 0 and trip_count),
  batch_id text unique,

  check ((status = 'approved') = (batch_id is not null)),
  check ((batch_id is null) = (issued_g is null) and (batch_id is null) = (buffer_g is null)),
  check ((status in ('approved', 'rejected')) = (decided_at is not null)),
  check (status not in ('needs_info', 'approved') or reviewer_id is not null),
  check (owner_id is distinct from reviewer_id),
  check (first_at <= last_at),
  check (resubmits_id <> id)
);

-- The queue: what is open, riskiest first.
create index request_queue on verification.request (risk_score desc, submitted_at, id)
  where status in ('pending', 'in_review', 'needs_info');
create index request_newest on verification.request (status, submitted_at desc, id);
create index request_owner on verification.request (owner_id, submitted_at desc, id);
create index request_vehicle on verification.request (vehicle_id, submitted_at desc);
create index request_reviewer on verification.request (reviewer_id, submitted_at desc) where reviewer_id is not null;
create index request_decided_by on verification.request (decided_by, decided_at desc) where decided_by is not null;

-- Trips that a reviewer refuses, with the reason that the owner reads. Open requests only; then it stands.
create table verification.trip_rejection (
  request_id text not null references verification.request (id),
  trip_id text not null,
  reason_code text not null
    check (reason_code in ('consumption_implausible', 'speed_implausible', 'distance_mismatch', 'duplicate_suspected',
      'wrong_vehicle', 'evidence_missing', 'other')),
  note text,
  -- The trip as it was when it was refused: it leaves the request with the decision.
  started_at timestamptz not null,
  distance_m bigint not null,
  co2_saved_g bigint not null,
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (request_id, trip_id)
);

-- One approval of one reviewer, of exactly this set of refused trips: two must approve the same thing.
create table verification.approval (
  request_id text not null references verification.request (id),
  reviewer_id text not null,
  digest text not null,
  note text,
  approved_at timestamptz not null,
  primary key (request_id, reviewer_id)
);

-- What was said and done about a request, in order.
create table verification.message (
  request_id text not null references verification.request (id),
  seq int not null check (seq > 0),
  author_id text not null,
  kind text not null
    check (kind in ('submitted', 'claimed', 'released', 'question', 'answer', 'first_approval', 'approved', 'rejected')),
  body text,
  at timestamptz not null,
  primary key (request_id, seq)
);

-- Why a reviewer must not judge somebody: employer, family, a contract. Never taken back, only ended.
create table verification.interest (
  reviewer_id text not null,
  subject_id text not null,
  reason text not null,
  declared_by text not null,
  declared_at timestamptz not null,
  ended_at timestamptz,
  primary key (reviewer_id, subject_id, declared_at),
  check (reviewer_id <> subject_id)
);

-- The Merkle tree of an issued batch: leaf hashes in order, 32 bytes each, and the secret that salts them.
create table verification.tree (
  batch_id text primary key,
  request_id text not null unique references verification.request (id),
  root text not null check (root ~ '^[0-9a-f]{64}$'),
  leaf_count bigint not null check (leaf_count > 0),
  secret bytea not null check (length(secret) = 32),
  leaves bytea not null,
  at timestamptz not null,
  check (length(leaves) = leaf_count * 32)
);

-- Public halves of the keys that ever signed a certificate. The private halves are never in the database.
create table verification.signing_key (
  id text primary key,
  public_key text not null unique,
  added_at timestamptz not null
);

create table verification.certificate (
  id text primary key,
  number text not null unique,
  kind text not null check (kind in ('issuance', 'purchase', 'retirement')),
  holder_id text not null,
  -- What it certifies: the request, the sale's transfer, the retirement.
  subject_id text not null,
  order_id text,
  credits_g bigint not null check (credits_g > 0),
  -- Exactly the bytes that were signed; jsonb would write them anew.
  document text not null,
  signature text not null,
  key_id text not null references verification.signing_key (id),
  -- What the registry is searched by, without case and accents: number, names, batches.
  words text not null,
  issued_at timestamptz not null,
  unique (kind, subject_id)
);

create index certificate_holder on verification.certificate (holder_id, issued_at desc, id);
create index certificate_words on verification.certificate using gin (words gin_trgm_ops);
create index certificate_newest on verification.certificate (issued_at desc, id);

-- Which batches a certificate's lots come from: a revoked batch is traced to what was sold of it.
create table verification.certificate_lot (
  certificate_id text not null references verification.certificate (id),
  batch_id text not null,
  first_g bigint not null,
  last_g bigint not null,
  primary key (certificate_id, batch_id, first_g),
  check (first_g >= 1 and first_g <= last_g)
);

create index certificate_lot_batch on verification.certificate_lot (batch_id, first_g);

create table verification.revocation (
  certificate_id text primary key references verification.certificate (id),
  reason text not null,
  revoked_by text not null,
  revoked_at timestamptz not null
);

-- Each time a batch was computed again from its frozen inputs.
create table verification.recomputation (
  request_id text not null references verification.request (id),
  at timestamptz not null,
  expected_g bigint not null,
  found_g bigint not null,
  leaves_match boolean not null,
  asked_by text,
  primary key (request_id, at)
);

create trigger append_only before update or delete or truncate on verification.message
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on verification.tree
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on verification.signing_key
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on verification.certificate
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on verification.certificate_lot
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on verification.revocation
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on verification.recomputation
  for each statement execute function public.refuse_change();

-- A decided request stands as it is.
create function verification.keep_decided() returns trigger
language plpgsql as $$
begin
  if old.status in ('approved', 'rejected') then
    raise exception using
      errcode = 'restrict_violation',
      message = format('Request %s is %s and stands as it is.', old.id, old.status);
  end if;
  return new;
end
$$;

create trigger keep_decided before update on verification.request
  for each row execute function verification.keep_decided();

-- What the ids name, for the generated types.
comment on column verification.request.id is 'Id<"request">';
comment on column verification.request.owner_id is 'Id<"user">';
comment on column verification.request.vehicle_id is 'Id<"vehicle">';
comment on column verification.request.resubmits_id is 'Id<"request">';
comment on column verification.request.reviewer_id is 'Id<"user">';
comment on column verification.request.decided_by is 'Id<"user">';
comment on column verification.request.batch_id is 'Id<"batch">';
comment on column verification.trip_rejection.request_id is 'Id<"request">';
comment on column verification.trip_rejection.trip_id is 'Id<"trip">';
comment on column verification.trip_rejection.decided_by is 'Id<"user">';
comment on column verification.approval.request_id is 'Id<"request">';
comment on column verification.approval.reviewer_id is 'Id<"user">';
comment on column verification.message.request_id is 'Id<"request">';
comment on column verification.message.author_id is 'Id<"user">';
comment on column verification.interest.reviewer_id is 'Id<"user">';
comment on column verification.interest.declared_by is 'Id<"user">';
comment on column verification.tree.batch_id is 'Id<"batch">';
comment on column verification.tree.request_id is 'Id<"request">';
comment on column verification.certificate.id is 'Id<"certificate">';
comment on column verification.certificate.holder_id is 'Id<"user">';
comment on column verification.certificate_lot.certificate_id is 'Id<"certificate">';
comment on column verification.certificate_lot.batch_id is 'Id<"batch">';
comment on column verification.revocation.certificate_id is 'Id<"certificate">';
comment on column verification.revocation.revoked_by is 'Id<"user">';
comment on column verification.recomputation.request_id is 'Id<"request">';
comment on column verification.recomputation.asked_by is 'Id<"user">';

grant usage on schema verification to evx_app;
grant select, insert, update on verification.request, verification.interest to evx_app;
grant select, insert, update, delete on verification.trip_rejection, verification.approval to evx_app;
grant select, insert on verification.message, verification.tree, verification.signing_key, verification.certificate,
  verification.certificate_lot, verification.revocation, verification.recomputation to evx_app;
