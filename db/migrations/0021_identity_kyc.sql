-- Proof of identity: a file of what a person says of themselves, with pictures of a document, decided by a reviewer.
-- What identifies a person is encrypted by the application; the database holds ciphertext and the key's name.

create table identity.kyc_file (
  id text primary key check (id like 'kyc\_%'),
  user_id text not null references identity.user (id),
  status text not null default 'submitted' check (status in ('submitted', 'verified', 'rejected')),
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  document_type text not null check (document_type in
    ('passport', 'national_id', 'driving_licence', 'residence_permit', 'company_registration')),
  -- Name and document number, as JSON, sealed.
  sealed bytea not null,
  key_id text not null,
  -- A keyed digest of country, type and number: equal for the same document, says nothing of it.
  digest bytea not null check (length(digest) = 32),
  submitted_at timestamptz not null,
  decided_at timestamptz,
  decided_by text references identity.user (id),
  reason text,
  check ((status = 'submitted') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null)),
  check (status <> 'rejected' or reason is not null),
  check (decided_by is null or decided_by <> user_id)
);

create unique index kyc_file_open on identity.kyc_file (user_id) where status = 'submitted';
create index kyc_file_user on identity.kyc_file (user_id, submitted_at desc);
create index kyc_file_queue on identity.kyc_file (submitted_at, id) where status = 'submitted';
create index kyc_file_decided on identity.kyc_file (submitted_at desc, id desc);
create index kyc_file_digest on identity.kyc_file (digest);
create index kyc_file_key on identity.kyc_file (key_id);

create table identity.document (
  id text primary key check (id like 'doc\_%'),
  user_id text not null references identity.user (id),
  -- Null until it is handed in with a file; what is not handed in within a day is dropped.
  file_id text references identity.kyc_file (id),
  content_type text not null check (content_type in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
  size int not null check (size between 1 and 10485760),
  sealed bytea not null,
  key_id text not null,
  created_at timestamptz not null
);

-- Ciphertext does not compress.
alter table identity.document alter column sealed set storage external;
create index document_file on identity.document (file_id);
create index document_loose on identity.document (user_id, created_at) where file_id is null;
create index document_key on identity.document (key_id);

grant select, insert on identity.kyc_file to evx_app;
grant update (status, decided_at, decided_by, reason, sealed, key_id, digest) on identity.kyc_file to evx_app;
grant select, insert, delete on identity.document to evx_app;
grant update (file_id, sealed, key_id) on identity.document to evx_app;
