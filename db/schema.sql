-- Made from the migrations by "bun run generate", to be read in diffs. Do not edit, do not run.
-- Partitions are left out; the schema of pg-boss belongs to its package.

create extension btree_gist;
create extension citext;
create extension pg_trgm;
create extension pgcrypto;
create extension unaccent;

create schema credits;
grant usage on schema credits to evx_app;

create table credits.batch (
  id text not null,
  number bigint not null generated always as identity,
  request_id text not null,
  transfer_id text not null,
  owner_id text not null,
  cva_id text not null,
  vintage_year integer not null,
  country_code text not null,
  method_code text not null,
  factor_set text not null,
  quality_tier text not null,
  vehicle_class text not null,
  trip_count integer not null,
  first_trip_at timestamp with time zone not null,
  last_trip_at timestamp with time zone not null,
  grams_g bigint not null,
  buffer_g bigint not null,
  issued_at timestamp with time zone not null,
  vintage_from date,
  vintage_to date,
  constraint batch_pkey PRIMARY KEY (id),
  constraint batch_number_key UNIQUE (number),
  constraint batch_request_vintage UNIQUE (request_id, vintage_year),
  constraint batch_transfer_id_key UNIQUE (transfer_id),
  constraint batch_check CHECK (((buffer_g >= 0) AND (buffer_g < grams_g))),
  constraint batch_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
  constraint batch_grams_g_check CHECK ((grams_g > 0)),
  constraint batch_method_code_check CHECK ((method_code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)),
  constraint batch_quality_tier_check CHECK ((quality_tier = ANY (ARRAY['connected'::text, 'export'::text, 'manual'::text]))),
  constraint batch_trip_count_check CHECK ((trip_count >= 0)),
  constraint batch_vintage_days CHECK ((((vintage_from IS NULL) = (vintage_to IS NULL)) AND (vintage_from <= vintage_to))),
  constraint batch_vintage_year_check CHECK (((vintage_year >= 1990) AND (vintage_year <= 2199)))
);
CREATE INDEX batch_by_owner ON credits.batch USING btree (owner_id, issued_at);
CREATE INDEX batch_by_time ON credits.batch USING btree (issued_at, id);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON credits.batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_batch', 'id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON credits.batch FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE CONSTRAINT TRIGGER has_tree AFTER INSERT ON credits.batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.require_tree();
CREATE TRIGGER number_batch BEFORE INSERT ON credits.batch FOR EACH ROW EXECUTE FUNCTION log.number_batch();
grant insert, select on credits.batch to evx_app;
comment on column credits.batch.id is 'Id<"batch">';
comment on column credits.batch.request_id is 'Id<"request">';
comment on column credits.batch.transfer_id is 'Id<"transfer">';
comment on column credits.batch.owner_id is 'Id<"user">';
comment on column credits.batch.cva_id is 'Id<"user">';

create table credits.cancellation (
  transfer_id text not null,
  batch_id text not null,
  holder_id text,
  grams_g bigint not null,
  reason text not null,
  cancelled_at timestamp with time zone not null,
  constraint cancellation_pkey PRIMARY KEY (transfer_id),
  constraint cancellation_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES credits.batch(id),
  constraint cancellation_grams_g_check CHECK ((grams_g > 0)),
  constraint cancellation_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX cancellation_by_batch ON credits.cancellation USING btree (batch_id, cancelled_at);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON credits.cancellation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_cancellation', 'transfer_id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON credits.cancellation FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on credits.cancellation to evx_app;
comment on column credits.cancellation.transfer_id is 'Id<"transfer">';
comment on column credits.cancellation.batch_id is 'Id<"batch">';
comment on column credits.cancellation.holder_id is 'Id<"user">';

create table credits.replacement (
  transfer_id text not null,
  batch_id text not null,
  operator_id text not null,
  grams_g bigint not null,
  note text not null,
  made_at timestamp with time zone not null,
  constraint replacement_pkey PRIMARY KEY (transfer_id),
  constraint replacement_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES credits.batch(id),
  constraint replacement_grams_g_check CHECK ((grams_g > 0)),
  constraint replacement_note_check CHECK ((note <> ''::text))
);
CREATE INDEX replacement_by_batch ON credits.replacement USING btree (batch_id, made_at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON credits.replacement FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on credits.replacement to evx_app;
comment on column credits.replacement.transfer_id is 'Id<"transfer">';
comment on column credits.replacement.batch_id is 'Id<"batch">';
comment on column credits.replacement.operator_id is 'Id<"user">';

create table credits.retirement (
  id text not null,
  transfer_id text not null,
  holder_id text not null,
  grams_g bigint not null,
  beneficiary_name text not null,
  beneficiary_country text,
  period_from date,
  period_to date,
  reason text not null,
  message text,
  words text not null,
  retired_at timestamp with time zone not null,
  beneficiary_lei text,
  constraint retirement_pkey PRIMARY KEY (id),
  constraint retirement_transfer_id_key UNIQUE (transfer_id),
  constraint retirement_beneficiary_country_check CHECK ((beneficiary_country ~ '^[A-Z]{2}$'::text)),
  constraint retirement_beneficiary_lei_check CHECK ((beneficiary_lei ~ '^[0-9A-Z]{18}[0-9]{2}$'::text)),
  constraint retirement_beneficiary_name_check CHECK ((beneficiary_name <> ''::text)),
  constraint retirement_check CHECK ((period_from <= period_to)),
  constraint retirement_grams_g_check CHECK ((grams_g > 0)),
  constraint retirement_reason_check CHECK ((reason = ANY (ARRAY['corporate_inventory'::text, 'event'::text, 'product'::text, 'travel'::text, 'personal'::text, 'compliance'::text, 'other'::text])))
);
CREATE INDEX retirement_by_holder ON credits.retirement USING btree (holder_id, retired_at, id);
CREATE INDEX retirement_by_time ON credits.retirement USING btree (retired_at, id);
CREATE INDEX retirement_words ON credits.retirement USING gin (words public.gin_trgm_ops);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON credits.retirement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_retirement', 'id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON credits.retirement FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on credits.retirement to evx_app;
comment on column credits.retirement.id is 'Id<"retirement">';
comment on column credits.retirement.transfer_id is 'Id<"transfer">';
comment on column credits.retirement.holder_id is 'Id<"user">';

create table credits.revoked_batch (
  batch_id text not null,
  owed_g bigint not null,
  reason text not null,
  revoked_at timestamp with time zone not null,
  constraint revoked_batch_pkey PRIMARY KEY (batch_id),
  constraint revoked_batch_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES credits.batch(id),
  constraint revoked_batch_owed_g_check CHECK ((owed_g > 0)),
  constraint revoked_batch_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX revoked_batch_by_time ON credits.revoked_batch USING btree (revoked_at, batch_id);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON credits.revoked_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_revoked_batch', 'batch_id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON credits.revoked_batch FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on credits.revoked_batch to evx_app;
comment on column credits.revoked_batch.batch_id is 'Id<"batch">';

create view credits.serial_life as
 SELECT ((((((('EVX-'::text || b.country_code) || '-'::text) || b.method_code) || '-'::text) || b.vintage_year) || '-'::text) || lpad((b.number)::text, GREATEST(6, length((b.number)::text)), '0'::text)) AS batch_serial,
    b.number AS batch_number,
    m.lo AS first_gram,
    (m.hi - 1) AS last_gram,
    t.at,
    t.kind,
    m.from_id AS from_account,
    m.to_id AS to_account,
    m.transfer_id AS transfer
   FROM ((credits.batch b
     JOIN ledger.block_move m ON ((m.batch_id = b.id)))
     JOIN ledger.transfer t ON ((t.id = m.transfer_id)));
grant select on credits.serial_life to evx_app;

CREATE OR REPLACE FUNCTION credits.note_retirement(p_transfer text, p_holder text, p_grams bigint, p_content jsonb, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into credits.retirement (id, transfer_id, holder_id, grams_g, beneficiary_name, beneficiary_country, beneficiary_lei,
      period_from, period_to, reason, message, words, retired_at)
    values (p_content ->> 'retirementId', p_transfer, p_holder, p_grams, p_content ->> 'beneficiaryName',
      p_content ->> 'beneficiaryCountry', p_content ->> 'beneficiaryLei', (p_content ->> 'periodFrom')::date, (p_content ->> 'periodTo')::date,
      p_content ->> 'reason', p_content ->> 'message', p_content ->> 'words', p_at);
end
$function$;

CREATE OR REPLACE FUNCTION credits.tell_of_sale(p_transfer text, p_order text, p_seller text, p_buyer text, p_grams bigint, p_at timestamp with time zone, p_cause text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform jobs.emit('credits.sold', jsonb_build_object(
    'transferId', p_transfer, 'orderId', p_order, 'sellerId', p_seller, 'buyerId', p_buyer,
    'grams', p_grams::text, 'at', to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), p_cause, p_at);
end
$function$;

create schema identity;
grant usage on schema identity to evx_app;

create table identity.account (
  id text not null,
  user_id text not null,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_provider_id_account_id_key UNIQUE (provider_id, account_id),
  constraint account_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint account_id_check CHECK ((id ~~ 'crd\_%'::text))
);
CREATE INDEX account_user ON identity.account USING btree (user_id);
grant delete, insert, update on identity.account to evx_former;
grant delete, insert, update on identity.account to evx_serving;
grant select on identity.account to evx_app;
comment on column identity.account.id is 'Id<"credential">';
comment on column identity.account.user_id is 'Id<"user">';

create table identity.api_key (
  id text not null,
  config_id text not null default 'default'::text,
  reference_id text not null,
  name text,
  start text,
  prefix text,
  key text not null,
  enabled boolean not null default true,
  permissions text,
  metadata text,
  refill_interval integer,
  refill_amount integer,
  last_refill_at timestamp with time zone,
  rate_limit_enabled boolean not null default false,
  rate_limit_time_window integer,
  rate_limit_max integer,
  request_count integer not null default 0,
  remaining integer,
  last_request timestamp with time zone,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_key_key UNIQUE (key),
  constraint api_key_reference_id_fkey FOREIGN KEY (reference_id) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint api_key_id_check CHECK ((id ~~ 'apk\_%'::text))
);
CREATE INDEX api_key_reference ON identity.api_key USING btree (reference_id);
CREATE TRIGGER date_key BEFORE INSERT ON identity.api_key FOR EACH ROW EXECUTE FUNCTION identity.date_key();
CREATE TRIGGER note_disabled AFTER UPDATE ON identity.api_key FOR EACH ROW WHEN ((old.enabled AND (NOT new.enabled))) EXECUTE FUNCTION identity.note_revocation();
CREATE TRIGGER note_revocation AFTER DELETE ON identity.api_key FOR EACH ROW EXECUTE FUNCTION identity.note_revocation();
grant delete, insert, update on identity.api_key to evx_former;
grant delete, insert, update on identity.api_key to evx_serving;
grant select on identity.api_key to evx_app;
comment on column identity.api_key.id is 'Id<"apikey">';
comment on column identity.api_key.reference_id is 'Id<"user">';

create table identity.audit (
  chain smallint not null,
  seq bigint not null,
  id text not null,
  at timestamp with time zone not null,
  actor_id text,
  actor_role text,
  action text not null,
  object text not null,
  before jsonb,
  after jsonb,
  origin text,
  cause text not null,
  prev bytea not null,
  hash bytea not null,
  constraint audit_pkey PRIMARY KEY (chain, seq),
  constraint audit_chain_check CHECK (((chain >= 0) AND (chain <= 15))),
  constraint audit_seq_check CHECK ((seq > 0))
);
CREATE INDEX audit_action ON identity.audit USING btree (action, at DESC);
CREATE INDEX audit_actor ON identity.audit USING btree (actor_id, at DESC);
CREATE INDEX audit_at ON identity.audit USING btree (at DESC, id DESC);
CREATE INDEX audit_cause ON identity.audit USING btree (cause);
CREATE INDEX audit_object ON identity.audit USING btree (object, at DESC);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON identity.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on identity.audit to evx_app;
comment on column identity.audit.id is 'Id<"audit">';
comment on column identity.audit.actor_id is 'Id<"user">';

create table identity.device (
  digest bytea not null,
  user_id text not null,
  seen_at timestamp with time zone not null,
  constraint device_pkey PRIMARY KEY (digest, user_id),
  constraint device_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint device_digest_check CHECK ((length(digest) = 32))
);
CREATE INDEX device_seen ON identity.device USING btree (seen_at);
CREATE INDEX device_user ON identity.device USING btree (user_id);
grant delete, select on identity.device to evx_app;
grant insert, update on identity.device to evx_former;
grant insert, update on identity.device to evx_serving;
comment on column identity.device.user_id is 'Id<"user">';

create table identity.document (
  id text not null,
  user_id text not null,
  file_id text,
  content_type text not null,
  size integer not null,
  sealed bytea not null,
  key_id text not null,
  created_at timestamp with time zone not null,
  constraint document_pkey PRIMARY KEY (id),
  constraint document_file_id_fkey FOREIGN KEY (file_id) REFERENCES identity.kyc_file(id),
  constraint document_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id),
  constraint document_content_type_check CHECK ((content_type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text, 'image/webp'::text, 'application/pdf'::text]))),
  constraint document_id_check CHECK ((id ~~ 'doc\_%'::text)),
  constraint document_size_check CHECK (((size >= 1) AND (size <= 10485760)))
);
CREATE INDEX document_file ON identity.document USING btree (file_id);
CREATE INDEX document_key ON identity.document USING btree (key_id);
CREATE INDEX document_loose ON identity.document USING btree (user_id, created_at) WHERE (file_id IS NULL);
grant delete, insert, select on identity.document to evx_app;
grant update (file_id) on identity.document to evx_app;
grant update (sealed) on identity.document to evx_app;
grant update (key_id) on identity.document to evx_app;
comment on column identity.document.id is 'Id<"document">';
comment on column identity.document.user_id is 'Id<"user">';
comment on column identity.document.file_id is 'Id<"kycFile">';

create table identity.known_place (
  user_id text not null,
  network text not null,
  seen_at timestamp with time zone not null,
  constraint known_place_pkey PRIMARY KEY (user_id, network),
  constraint known_place_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint known_place_network_check CHECK (((length(network) >= 1) AND (length(network) <= 64)))
);
CREATE INDEX known_place_seen ON identity.known_place USING btree (seen_at);
grant delete, select on identity.known_place to evx_app;
grant insert, update on identity.known_place to evx_former;
grant insert, update on identity.known_place to evx_serving;

create table identity.kyc_file (
  id text not null,
  user_id text not null,
  status text not null default 'submitted'::text,
  country_code text not null,
  document_type text not null,
  sealed bytea not null,
  key_id text not null,
  digest bytea not null,
  submitted_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by text,
  reason text,
  constraint kyc_file_pkey PRIMARY KEY (id),
  constraint kyc_file_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES identity."user"(id),
  constraint kyc_file_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id),
  constraint kyc_file_check CHECK (((status = 'submitted'::text) = (decided_at IS NULL))),
  constraint kyc_file_check1 CHECK (((decided_at IS NULL) = (decided_by IS NULL))),
  constraint kyc_file_check2 CHECK (((status <> 'rejected'::text) OR (reason IS NOT NULL))),
  constraint kyc_file_check3 CHECK (((decided_by IS NULL) OR (decided_by <> user_id))),
  constraint kyc_file_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
  constraint kyc_file_digest_check CHECK ((length(digest) = 32)),
  constraint kyc_file_document_type_check CHECK ((document_type = ANY (ARRAY['passport'::text, 'national_id'::text, 'driving_licence'::text, 'residence_permit'::text, 'company_registration'::text]))),
  constraint kyc_file_id_check CHECK ((id ~~ 'kyc\_%'::text)),
  constraint kyc_file_status_check CHECK ((status = ANY (ARRAY['submitted'::text, 'verified'::text, 'rejected'::text])))
);
CREATE INDEX kyc_file_by_decision ON identity.kyc_file USING btree (decided_at, id) WHERE (decided_at IS NOT NULL);
CREATE INDEX kyc_file_decided ON identity.kyc_file USING btree (submitted_at DESC, id DESC);
CREATE INDEX kyc_file_digest ON identity.kyc_file USING btree (digest);
CREATE INDEX kyc_file_key ON identity.kyc_file USING btree (key_id);
CREATE UNIQUE INDEX kyc_file_open ON identity.kyc_file USING btree (user_id) WHERE (status = 'submitted'::text);
CREATE INDEX kyc_file_queue ON identity.kyc_file USING btree (submitted_at, id) WHERE (status = 'submitted'::text);
CREATE INDEX kyc_file_user ON identity.kyc_file USING btree (user_id, submitted_at DESC);
grant insert, select on identity.kyc_file to evx_app;
grant update (status) on identity.kyc_file to evx_app;
grant update (sealed) on identity.kyc_file to evx_app;
grant update (key_id) on identity.kyc_file to evx_app;
grant update (digest) on identity.kyc_file to evx_app;
grant update (decided_at) on identity.kyc_file to evx_app;
grant update (decided_by) on identity.kyc_file to evx_app;
grant update (reason) on identity.kyc_file to evx_app;
comment on column identity.kyc_file.id is 'Id<"kycFile">';
comment on column identity.kyc_file.user_id is 'Id<"user">';
comment on column identity.kyc_file.decided_by is 'Id<"user">';

create table identity.log_line (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  level text not null,
  service text not null,
  message text not null,
  request_id text,
  user_id text,
  about jsonb not null default '{}'::jsonb,
  constraint log_line_pkey PRIMARY KEY (id),
  constraint log_line_level_check CHECK ((level = ANY (ARRAY['warn'::text, 'error'::text]))),
  constraint log_line_message_check CHECK (((length(message) >= 1) AND (length(message) <= 500))),
  constraint log_line_request_id_check CHECK ((length(request_id) <= 100)),
  constraint log_line_service_check CHECK (((length(service) >= 1) AND (length(service) <= 60))),
  constraint log_line_user_id_check CHECK ((length(user_id) <= 60))
);
CREATE INDEX log_line_at ON identity.log_line USING btree (at);
CREATE INDEX log_line_level ON identity.log_line USING btree (level, id DESC);
CREATE INDEX log_line_request ON identity.log_line USING btree (request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX log_line_user ON identity.log_line USING btree (user_id, id DESC) WHERE (user_id IS NOT NULL);
grant delete, insert, select on identity.log_line to evx_app;

create table identity.rate_limit (
  key text not null,
  points bigint not null,
  ends_at timestamp with time zone not null,
  constraint rate_limit_pkey PRIMARY KEY (key)
);
CREATE INDEX rate_limit_ends ON identity.rate_limit USING btree (ends_at);
grant delete, insert, select, update on identity.rate_limit to evx_app;

create table identity.refresh_token (
  id text not null,
  session_id text not null,
  hash bytea not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint refresh_token_pkey PRIMARY KEY (id),
  constraint refresh_token_hash_key UNIQUE (hash),
  constraint refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES identity.session(id) ON DELETE CASCADE,
  constraint refresh_token_hash_check CHECK ((length(hash) = 32)),
  constraint refresh_token_id_check CHECK ((id ~~ 'tok\_%'::text))
);
CREATE INDEX refresh_token_session ON identity.refresh_token USING btree (session_id);
grant delete, insert, update on identity.refresh_token to evx_former;
grant delete, insert, update on identity.refresh_token to evx_serving;
grant select on identity.refresh_token to evx_app;
comment on column identity.refresh_token.id is 'Id<"token">';
comment on column identity.refresh_token.session_id is 'Id<"session">';

create table identity.revocation (
  subject_id text not null,
  xid bigint not null default ((pg_current_xact_id())::text)::bigint,
  at timestamp with time zone not null default clock_timestamp(),
  id bigint not null generated always as identity,
  constraint revocation_pkey PRIMARY KEY (id)
);
CREATE INDEX revocation_at ON identity.revocation USING btree (at);
CREATE INDEX revocation_xid ON identity.revocation USING btree (xid);
grant delete, insert, select on identity.revocation to evx_app;

create table identity.session (
  id text not null,
  user_id text not null,
  token text not null,
  kind text not null default 'web'::text,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  proven_at timestamp with time zone,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_key UNIQUE (token),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint session_id_check CHECK ((id ~~ 'ses\_%'::text)),
  constraint session_kind_check CHECK ((kind = ANY (ARRAY['web'::text, 'api'::text])))
);
CREATE INDEX session_expires ON identity.session USING btree (expires_at);
CREATE INDEX session_owner ON identity.session USING btree (user_id, created_at DESC);
CREATE TRIGGER date_session BEFORE INSERT ON identity.session FOR EACH ROW EXECUTE FUNCTION identity.date_session();
CREATE TRIGGER note_revocation AFTER DELETE ON identity.session FOR EACH ROW EXECUTE FUNCTION identity.note_revocation();
grant delete, select on identity.session to evx_app;
grant insert, update on identity.session to evx_former;
grant insert, update on identity.session to evx_serving;
comment on column identity.session.id is 'Id<"session">';
comment on column identity.session.user_id is 'Id<"user">';

create table identity.signing_key (
  id text not null,
  public_key text not null,
  private_key text not null,
  alg text,
  crv text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  constraint signing_key_pkey PRIMARY KEY (id),
  constraint signing_key_id_check CHECK ((id ~~ 'sgk\_%'::text))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON identity.signing_key FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert on identity.signing_key to evx_former;
grant select on identity.signing_key to evx_app;
comment on column identity.signing_key.id is 'Id<"signingKey">';

create table identity.two_factor (
  id text not null,
  user_id text not null,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamp with time zone,
  constraint two_factor_pkey PRIMARY KEY (id),
  constraint two_factor_user_id_key UNIQUE (user_id),
  constraint two_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE CASCADE
);
grant delete, insert, select, update on identity.two_factor to evx_former;
grant delete, insert, select, update on identity.two_factor to evx_serving;
comment on column identity.two_factor.user_id is 'Id<"user">';

create table identity."user" (
  id text not null,
  email text not null,
  email_verified boolean not null default false,
  full_name text not null,
  image text,
  phone text,
  locale text not null default 'en'::text,
  role text not null,
  accredited boolean not null default false,
  kyc_status text not null default 'none'::text,
  two_factor_enabled boolean not null default false,
  suspended_at timestamp with time zone,
  suspension_reason text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  access_xid bigint not null default 0,
  access_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  links_from timestamp with time zone not null default '-infinity'::timestamp with time zone,
  pseudonym text not null default ('H-'::text || upper(regexp_replace("left"(replace((gen_random_uuid())::text, '-'::text, ''::text), 12), '(.{4})(.{4})(.{4})'::text, '\1-\2-\3'::text))),
  public_kind text not null default 'pseudonym'::text,
  public_name text,
  lei text,
  constraint user_pkey PRIMARY KEY (id),
  constraint user_email_key UNIQUE (email),
  constraint user_check CHECK (((NOT accredited) OR (role = 'cva'::text))),
  constraint user_check1 CHECK (((suspended_at IS NULL) = (suspension_reason IS NULL))),
  constraint user_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254)))),
  constraint user_full_name_check CHECK (((length(full_name) >= 1) AND (length(full_name) <= 120))),
  constraint user_id_check CHECK ((id ~~ 'usr\_%'::text)),
  constraint user_kyc_status_check CHECK ((kyc_status = ANY (ARRAY['none'::text, 'submitted'::text, 'verified'::text, 'rejected'::text]))),
  constraint user_lei_check CHECK ((lei ~ '^[0-9A-Z]{18}[0-9]{2}$'::text)),
  constraint user_lei_of_company CHECK (((lei IS NULL) OR (public_kind = 'company'::text))),
  constraint user_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'vi'::text]))),
  constraint user_phone_check CHECK (((length(phone) >= 5) AND (length(phone) <= 32))),
  constraint user_public_kind_check CHECK ((public_kind = ANY (ARRAY['pseudonym'::text, 'name'::text, 'company'::text]))),
  constraint user_public_name CHECK (((public_kind = 'pseudonym'::text) = (public_name IS NULL))),
  constraint user_public_name_check CHECK (((length(public_name) >= 1) AND (length(public_name) <= 120))),
  constraint user_role_check CHECK ((role = ANY (ARRAY['ev_owner'::text, 'buyer'::text, 'cva'::text, 'admin'::text])))
);
CREATE INDEX user_access_xid ON identity."user" USING btree (access_xid) WHERE (access_xid > 0);
CREATE INDEX user_created ON identity."user" USING btree (created_at DESC, id DESC);
CREATE INDEX user_found ON identity."user" USING gin (public.folded(((full_name || ' '::text) || email)) public.gin_trgm_ops);
CREATE INDEX user_role ON identity."user" USING btree (role, created_at DESC, id DESC);
CREATE INDEX user_search ON identity."user" USING gin ((((lower(full_name) || ' '::text) || email)) public.gin_trgm_ops);
CREATE TRIGGER guard_role BEFORE INSERT OR UPDATE OF role ON identity."user" FOR EACH ROW EXECUTE FUNCTION identity.guard_role();
CREATE TRIGGER note_access BEFORE UPDATE ON identity."user" FOR EACH ROW EXECUTE FUNCTION identity.note_access();
grant insert, update on identity."user" to evx_former;
grant insert, update on identity."user" to evx_serving;
grant select on identity."user" to evx_app;
comment on column identity."user".id is 'Id<"user">';

create table identity.verification (
  id text not null,
  identifier text not null,
  value text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint verification_pkey PRIMARY KEY (id)
);
CREATE INDEX verification_expires ON identity.verification USING btree (expires_at);
CREATE INDEX verification_identifier ON identity.verification USING btree (identifier);
grant delete, insert, select on identity.verification to evx_app;
grant update on identity.verification to evx_former;
grant update on identity.verification to evx_serving;

CREATE OR REPLACE FUNCTION identity.add_signing_key(p_id text, p_public_key text, p_private_key text, p_alg text, p_crv text, p_expires_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtext('identity.signing_key'));
  if exists (select from identity.signing_key
      where (expires_at is null or expires_at > now()) and created_at > now() - interval '1 day') then
    return false;
  end if;
  insert into identity.signing_key (id, public_key, private_key, alg, crv, created_at, expires_at)
  values (p_id, p_public_key, p_private_key, p_alg, p_crv, now(), least(p_expires_at, now() + interval '31 days'));
  return true;
end
$function$;
revoke all on function identity.add_signing_key(text,text,text,text,text,timestamp with time zone) from public;
grant execute on function identity.add_signing_key(text,text,text,text,text,timestamp with time zone) to evx_serving;

CREATE OR REPLACE FUNCTION identity.append_audit(p_chain smallint, p_id text, p_at timestamp with time zone, p_actor_id text, p_actor_role text, p_action text, p_object text, p_before jsonb, p_after jsonb, p_origin text, p_cause text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'identity', 'pg_catalog', 'pg_temp'
AS $function$
declare
  last identity.audit;
  fresh identity.audit;
begin
  perform pg_advisory_xact_lock(hashtext('identity.audit'), p_chain);
  select * into last from identity.audit where chain = p_chain order by seq desc limit 1;
  -- Milliseconds, as cursors tell them. A session that has taken a role on is not the owner's, whoever opened it.
  if current_setting('role') <> 'none' or not pg_has_role(session_user, 'evx_former', 'member') then
    p_at := date_trunc('milliseconds', clock_timestamp());
  end if;
  fresh := row(p_chain, coalesce(last.seq, 0) + 1, p_id, p_at, p_actor_id, p_actor_role, p_action, p_object,
    p_before, p_after, p_origin, p_cause, coalesce(last.hash, '\x'::bytea), null);
  fresh.hash := identity.audit_hash(fresh);
  insert into identity.audit select fresh.*;
  return fresh.seq;
end
$function$;
revoke all on function identity.append_audit(smallint,text,timestamp with time zone,text,text,text,text,jsonb,jsonb,text,text) from public;
grant execute on function identity.append_audit(smallint,text,timestamp with time zone,text,text,text,text,jsonb,jsonb,text,text) to evx_app;

CREATE OR REPLACE FUNCTION identity.audit_hash(a identity.audit)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select sha256(a.prev || convert_to(jsonb_build_array(
    a.chain, a.seq, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    a.actor_id, a.actor_role, a.action, a.object, a.before, a.after, a.origin, a.cause)::text, 'UTF8'))
$function$;

CREATE OR REPLACE FUNCTION identity.change_role(p_operator text, p_id text, p_role text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  allowed boolean;
begin
  if p_operator is null then
    perform pg_advisory_xact_lock(hashtext('identity.first_admin'));
    allowed := not exists (select from identity.user where role = 'admin' and suspended_at is null);
  else
    allowed := p_operator <> p_id and exists (
      select from identity.user where id = p_operator and role = 'admin' and suspended_at is null);
  end if;
  if not allowed then
    raise exception using errcode = 'insufficient_privilege', message = 'role_change_unauthorised';
  end if;
  update identity.user set role = p_role, accredited = false, updated_at = p_at where id = p_id;
end
$function$;
revoke all on function identity.change_role(text,text,text,timestamp with time zone) from public;
grant execute on function identity.change_role(text,text,text,timestamp with time zone) to evx_serving;

CREATE OR REPLACE FUNCTION identity.date_key()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.updated_at := clock_timestamp();
  new.expires_at := new.updated_at + (new.expires_at - new.created_at);
  new.created_at := new.updated_at;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION identity.date_session()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.created_at := clock_timestamp();
  new.updated_at := new.created_at;
  new.expires_at := new.created_at + interval '30 days';
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION identity.guard_role()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (tg_op = 'INSERT' and new.role <> 'admin') or (tg_op = 'UPDATE' and new.role = old.role) then
    return new;
  end if;
  if pg_has_role(current_user, 'evx_former', 'usage')
    or current_user = (select c.relowner::regrole::text from pg_catalog.pg_class c where c.oid = tg_relid) then
    return new;
  end if;
  raise exception using errcode = 'insufficient_privilege', message = 'role_is_given',
    detail = 'A role is changed by identity.change_role alone.';
end
$function$;

CREATE OR REPLACE FUNCTION identity.linked_accounts(p_users text[], p_marks text[], p_steps integer)
 RETURNS TABLE(user_id text, peer_id text, mark text)
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  seen text[] := p_users;
  edge text[] := p_users;
  peers text[];
begin
  for step in 1 .. p_steps loop
    exit when coalesce(cardinality(edge), 0) = 0;
    peers := '{}';
    for user_id, peer_id, mark in
      -- "offset 0": each mark is looked up by its index, however many the planner expects.
      select distinct l.one, l.other, l.kind from (
        select w.user_id as one, x.user_id as other, 'bank' as kind
          from payments.withdrawal w
          cross join lateral (select y.user_id from payments.withdrawal y
            where y.bank_digest = w.bank_digest offset 0) x
          where 'bank' = any (p_marks) and w.user_id = any (edge)
        union all
        -- What was refused counts as well: it was handed in.
        select f.user_id, g.user_id, 'identity'
          from identity.kyc_file f
          cross join lateral (select y.user_id from identity.kyc_file y where y.digest = f.digest offset 0) g
          where 'identity' = any (p_marks) and f.user_id = any (edge)
        union all
        select d.user_id, e.user_id, 'device'
          from identity.device d
          cross join lateral (select y.user_id from identity.device y where y.digest = d.digest offset 0) e
          where 'device' = any (p_marks) and d.user_id = any (edge)
        union all
        select p.buyer_id, q.buyer_id, 'card'
          from payments.payment p
          cross join lateral (select y.payer_digest from payments.attempt y
            where y.payment_id = p.id offset 0) a
          cross join lateral (select y.payment_id from payments.attempt y
            where y.payer_digest = a.payer_digest offset 0) b
          join payments.payment q on q.id = b.payment_id
          where 'card' = any (p_marks) and p.buyer_id = any (edge)
      ) l where l.one <> l.other
    loop
      return next;
      peers := peers || peer_id;
    end loop;
    edge := array(select distinct p.id from unnest(peers) p(id) where p.id <> all (seen));
    seen := seen || edge;
  end loop;
end
$function$;

CREATE OR REPLACE FUNCTION identity.note_access()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (new.role, new.accredited, new.kyc_status, new.email_verified, new.two_factor_enabled)
       is distinct from (old.role, old.accredited, old.kyc_status, old.email_verified, old.two_factor_enabled)
     or new.suspended_at is distinct from old.suspended_at then
    new.access_xid := pg_current_xact_id()::text::bigint;
    new.access_at := clock_timestamp();
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION identity.note_revocation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into identity.revocation (subject_id) values (old.id);
  return null;
end
$function$;

create schema jobs;
grant usage on schema jobs to evx_app;

create table jobs.beat (
  worker text not null,
  at timestamp with time zone not null,
  constraint beat_pkey PRIMARY KEY (worker)
);
grant delete, insert, update on jobs.beat to evx_former;
grant delete, insert, update on jobs.beat to evx_working;
grant select on jobs.beat to evx_app;

create table jobs.health_day (
  day date not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  seen_min integer not null,
  wrong_min integer not null,
  constraint health_day_pkey PRIMARY KEY (day),
  constraint health_day_check CHECK ((last_at >= first_at)),
  constraint health_day_check1 CHECK (((wrong_min >= 0) AND (wrong_min <= seen_min))),
  constraint health_day_seen_min_check CHECK ((seen_min > 0))
);
grant insert, select, update on jobs.health_day to evx_app;

create table jobs.listener (
  event text not null,
  queue text not null,
  at timestamp with time zone not null,
  constraint listener_pkey PRIMARY KEY (event, queue)
);
grant delete, insert, select, update on jobs.listener to evx_app;

create table jobs.outbox (
  id bigint not null generated always as identity,
  kind text not null,
  name text not null,
  payload jsonb not null,
  run_at timestamp with time zone,
  key text,
  cause text not null,
  at timestamp with time zone not null,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'job'::text])))
);
grant delete, insert, select, update on jobs.outbox to evx_app;

CREATE OR REPLACE FUNCTION jobs.emit(p_name text, p_payload jsonb, p_cause text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into jobs.outbox (kind, name, payload, cause, at) values ('event', p_name, p_payload, p_cause, p_at);
end
$function$;

create schema ledger;
grant usage on schema ledger to evx_app;

create table ledger.account (
  id text not null,
  asset text not null,
  kind text not null,
  holder text,
  balance bigint not null default 0,
  held bigint not null default 0,
  min_balance bigint,
  version bigint not null default 0,
  opened_at timestamp with time zone not null,
  filled boolean not null generated always as ((balance <> 0)) stored,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_kind_fkey FOREIGN KEY (kind) REFERENCES ledger.account_kind(kind),
  constraint account_check CHECK (((min_balance IS NULL) OR ((balance - held) >= min_balance))),
  constraint account_check1 CHECK (((id = ((asset || '/'::text) || kind)) OR starts_with(id, (((asset || '/'::text) || kind) || '/'::text)))),
  constraint account_held_check CHECK ((held >= 0)),
  constraint account_holder CHECK (((kind = ANY (ARRAY['wallet'::text, 'listing'::text, 'retired'::text, 'cash'::text, 'debt'::text])) = (holder IS NOT NULL)))
) with (fillfactor=50);
CREATE INDEX account_by_holder ON ledger.account USING btree (holder, kind) WHERE filled;
CREATE INDEX account_debts ON ledger.account USING btree (asset, id) WHERE (filled AND (kind = 'debt'::text));
CREATE TRIGGER no_removal BEFORE DELETE OR TRUNCATE ON ledger.account FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on ledger.account to evx_app;
comment on table ledger.account is 'distributed by id';
comment on column ledger.account.holder is 'Id<"user">';

create table ledger.account_kind (
  kind text not null,
  asset_class text not null,
  owner text not null,
  min_balance bigint,
  constraint account_kind_pkey PRIMARY KEY (kind),
  constraint account_kind_asset_class_check CHECK ((asset_class = ANY (ARRAY['credits'::text, 'money'::text]))),
  constraint account_kind_floor CHECK (
CASE
    WHEN (kind = ANY (ARRAY['issued'::text, 'loss'::text, 'clearing'::text, 'payout_clearing'::text, 'debt'::text])) THEN (min_balance IS NULL)
    ELSE (NOT (min_balance IS DISTINCT FROM 0))
END),
  constraint account_kind_owner_check CHECK ((owner = ANY (ARRAY['user'::text, 'listing'::text, 'shard'::text, 'gateway'::text, 'venue'::text])))
);
grant select on ledger.account_kind to evx_app;

create table ledger.block (
  batch_id text not null,
  lo bigint not null,
  hi bigint,
  account_id text,
  seq bigint,
  constraint block_pkey PRIMARY KEY (batch_id, lo),
  constraint block_batch_id_hi_fkey FOREIGN KEY (batch_id, hi) REFERENCES ledger.block(batch_id, lo),
  constraint block_check CHECK (((hi IS NULL) OR (lo < hi))),
  constraint block_check1 CHECK (((hi IS NULL) = (account_id IS NULL))),
  constraint block_check2 CHECK (((hi IS NULL) = (seq IS NULL))),
  constraint block_lo_check CHECK ((lo > 0))
) with (fillfactor=80);
CREATE UNIQUE INDEX block_end ON ledger.block USING btree (batch_id) WHERE (hi IS NULL);
CREATE INDEX block_of_account ON ledger.block USING btree (account_id, seq, batch_id, lo) INCLUDE (hi) WHERE (account_id IS NOT NULL);
CREATE UNIQUE INDEX block_successor ON ledger.block USING btree (batch_id, hi) WHERE (hi IS NOT NULL);
CREATE TRIGGER no_removal BEFORE DELETE OR TRUNCATE ON ledger.block FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on ledger.block to evx_app;
comment on table ledger.block is 'distributed by batch_id';
comment on column ledger.block.batch_id is 'Id<"batch">';

create table ledger.block_move (
  transfer_id text not null,
  batch_id text not null,
  lo bigint not null,
  hi bigint not null,
  from_id text not null,
  from_seq bigint,
  to_id text not null,
  constraint block_move_pkey PRIMARY KEY (transfer_id, batch_id, lo),
  constraint block_move_check CHECK ((lo < hi)),
  constraint block_move_check1 CHECK ((from_id <> to_id))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.block_move FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER joins_open_transfer AFTER INSERT ON ledger.block_move REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_open();
grant select on ledger.block_move to evx_app;
comment on table ledger.block_move is 'distributed by batch_id';
comment on column ledger.block_move.transfer_id is 'Id<"transfer">';
comment on column ledger.block_move.batch_id is 'Id<"batch">';

create table ledger.entry (
  account_id text not null,
  version bigint not null,
  transfer_id text not null,
  leg smallint not null,
  amount bigint not null,
  before bigint not null,
  after bigint not null,
  holder text,
  at timestamp with time zone not null,
  constraint entry_pkey PRIMARY KEY (account_id, version),
  constraint entry_transfer_id_leg_account_id_key UNIQUE (transfer_id, leg, account_id),
  constraint entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger.account(id),
  constraint entry_amount_check CHECK ((amount <> 0)),
  constraint entry_check CHECK (((before + amount) = after)),
  constraint entry_leg_check CHECK ((leg > 0)),
  constraint entry_version_check CHECK ((version > 0)),
  constraint retired_for_good CHECK (((amount > 0) OR (split_part(account_id, '/'::text, 2) <> ALL (ARRAY['retired'::text, 'cancelled'::text]))))
);
CREATE INDEX entry_by_holder ON ledger.entry USING btree (holder, at, transfer_id, leg) WHERE (holder IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER joins_open_transfer AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_open();
grant select on ledger.entry to evx_app;
comment on table ledger.entry is 'distributed by account_id';
comment on column ledger.entry.transfer_id is 'Id<"transfer">';
comment on column ledger.entry.holder is 'Id<"user">';

create table ledger.hold (
  id text not null,
  account_id text not null,
  amount bigint not null,
  memo jsonb,
  at timestamp with time zone not null,
  constraint hold_pkey PRIMARY KEY (id),
  constraint hold_amount_check CHECK ((amount > 0))
);
CREATE INDEX hold_by_account ON ledger.hold USING btree (account_id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.hold FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on ledger.hold to evx_app;
comment on table ledger.hold is 'distributed by id';

create table ledger.hold_end (
  hold_id text not null,
  outcome text not null,
  transfer_id text,
  at timestamp with time zone not null,
  constraint hold_end_pkey PRIMARY KEY (hold_id),
  constraint hold_end_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES ledger.hold(id),
  constraint hold_end_check CHECK (((outcome = 'posted'::text) = (transfer_id IS NOT NULL))),
  constraint hold_end_outcome_check CHECK ((outcome = ANY (ARRAY['posted'::text, 'voided'::text])))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.hold_end FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on ledger.hold_end to evx_app;
comment on table ledger.hold_end is 'distributed by hold_id';
comment on column ledger.hold_end.transfer_id is 'Id<"transfer">';

create table ledger.transfer (
  id text not null,
  kind text not null,
  digest bytea not null,
  memo jsonb,
  at timestamp with time zone not null,
  xid xid8 not null default pg_current_xact_id(),
  constraint transfer_pkey PRIMARY KEY (id),
  constraint transfer_kind_known CHECK ((kind = ANY (ARRAY['issue'::text, 'transfer'::text, 'list'::text, 'unlist'::text, 'sale'::text, 'capture'::text, 'refund'::text, 'payout'::text, 'payout_failed'::text, 'retire'::text, 'cancel'::text, 'buffer'::text, 'cva_fee'::text, 'gateway_fee'::text, 'chargeback'::text, 'correction'::text, 'take_back'::text, 'set_off'::text, 'write_off'::text, 'deposit_kept'::text, 'dispute_fee'::text])))
);
CREATE INDEX transfer_gifts ON ledger.transfer USING btree (at, id) WHERE (kind = 'transfer'::text);
CREATE INDEX transfer_sales ON ledger.transfer USING btree (at, id) WHERE (kind = 'sale'::text);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.transfer FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON ledger.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.check_transfer();
CREATE CONSTRAINT TRIGGER has_fact AFTER INSERT ON ledger.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['issue'::text, 'retire'::text, 'cancel'::text, 'transfer'::text, 'list'::text, 'unlist'::text]))) EXECUTE FUNCTION log.require_fact();
grant select on ledger.transfer to evx_app;
comment on table ledger.transfer is 'distributed by id';
comment on column ledger.transfer.id is 'Id<"transfer">';

create view ledger.balances as
 SELECT id AS account,
    holder,
    kind,
    asset,
    balance,
    held,
    (balance - held) AS available,
    version AS postings
   FROM ledger.account a
  WHERE ((balance <> 0) OR (held <> 0));
grant select on ledger.balances to evx_app;

create view ledger.legs as
 SELECT t.id AS transfer,
    t.kind,
    t.at,
    e.leg,
    e.account_id AS account,
    e.amount,
    e.before,
    e.after,
    e.version,
    moved.runs,
    t.memo
   FROM ((ledger.transfer t
     JOIN ledger.entry e ON ((e.transfer_id = t.id)))
     LEFT JOIN LATERAL ( SELECT string_agg((((((
                CASE
                    WHEN (m.to_id = e.account_id) THEN '+'::text
                    ELSE '-'::text
                END || m.batch_id) || ':'::text) || m.lo) || '-'::text) || (m.hi - 1)), ', '::text ORDER BY m.batch_id, m.lo) AS runs
           FROM ledger.block_move m
          WHERE ((m.transfer_id = t.id) AND ((e.account_id = m.from_id) OR (e.account_id = m.to_id)) AND ((m.to_id = e.account_id) = (e.amount > 0)))) moved ON (true));
grant select on ledger.legs to evx_app;

CREATE OR REPLACE FUNCTION ledger.begin_transfer(p_id text, p_kind text, p_at timestamp with time zone, p_memo jsonb, p_digest bytea)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  insert into ledger.transfer (id, kind, digest, memo, at) values (p_id, p_kind, p_digest, p_memo, p_at)
  on conflict (id) do nothing;
  if found then return false; end if;
  if (select digest from ledger.transfer where id = p_id) <> p_digest then
    perform ledger.refuse('transfer_id_reused', jsonb_build_object('transferId', p_id));
  end if;
  return true;
end
$function$;
revoke all on function ledger.begin_transfer(text,text,timestamp with time zone,jsonb,bytea) from public;

CREATE OR REPLACE FUNCTION ledger.check_open()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  if exists (
    select from (select distinct transfer_id from added) as joined left join ledger.transfer t on t.id = joined.transfer_id
    where t.xid is distinct from pg_current_xact_id()
  ) then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('ledger.%I: a transfer is closed once its transaction has ended.', tg_table_name);
  end if;
  return null;
end
$function$;
revoke all on function ledger.check_open() from public;

CREATE OR REPLACE FUNCTION ledger.check_transfer()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  asset record;
  wrong text;
  has_entries boolean := false;
  has_grams boolean := false;
begin
  for asset in
    select split_part(account_id, '/', 1) as name, sum(amount) as total
    from ledger.entry where transfer_id = new.id group by 1
  loop
    has_entries := true;
    has_grams := has_grams or asset.name = 'gCO2e';
    if asset.total <> 0 then wrong := asset.name; end if;
  end loop;
  if has_grams and wrong is null then
    select account_id into wrong from (
      select account_id, amount from ledger.entry
      where transfer_id = new.id and starts_with(account_id, 'gCO2e/')
      union all
      select from_id, hi - lo from ledger.block_move where transfer_id = new.id
      union all
      select to_id, lo - hi from ledger.block_move where transfer_id = new.id
    ) part group by account_id having sum(amount) <> 0 limit 1;
  elsif not has_grams and exists (select from ledger.block_move where transfer_id = new.id) then
    wrong := 'grams moved without entries';
  end if;
  if wrong is not null or not has_entries then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('Transfer %s does not balance: %s.', new.id, coalesce(wrong, 'it has no entries'));
  end if;
  return null;
end
$function$;
revoke all on function ledger.check_transfer() from public;

CREATE OR REPLACE FUNCTION ledger.end_holds(p_transfer text, p_at timestamp with time zone, p_holds text[], p_accounts text[])
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
declare
  freed bigint[] := array_fill(0::bigint, array[cardinality(p_accounts)]);
  ended int := 0;
  leg int;
  known record;
begin
  if cardinality(p_holds) > 8 then
    return ledger.end_many_holds(p_transfer, p_at, p_holds, p_accounts);
  end if;
  for known in select id, account_id, amount from ledger.hold where id = any (p_holds) order by id loop
    insert into ledger.hold_end (hold_id, outcome, transfer_id, at) values (known.id, 'posted', p_transfer, p_at)
    on conflict (hold_id) do nothing;
    if not found then perform ledger.refuse('hold_ended', jsonb_build_object('holdId', known.id)); end if;
    leg := array_position(p_accounts, known.account_id);
    if leg is null then
      raise exception using errcode = 'invalid_parameter_value',
        message = format('Hold %s lies on %s, which has no leg in %s.', known.id, known.account_id, p_transfer);
    end if;
    freed[leg] := freed[leg] + known.amount;
    ended := ended + 1;
  end loop;
  if ended < cardinality(p_holds) then
    perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', array_to_string(p_holds, ', ')));
  end if;
  return freed;
end
$function$;
revoke all on function ledger.end_holds(text,timestamp with time zone,text[],text[]) from public;

CREATE OR REPLACE FUNCTION ledger.end_many_holds(p_transfer text, p_at timestamp with time zone, p_holds text[], p_accounts text[])
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
declare
  ended int; total bigint;
  freed bigint[];
  known record;
begin
  -- In the order of their ids, as whoever ends several.
  with ended as (
    insert into ledger.hold_end (hold_id, outcome, transfer_id, at)
    select id, 'posted', p_transfer, p_at from ledger.hold where id = any (p_holds) order by id
    on conflict (hold_id) do nothing
    returning hold_id
  )
  select count(*) into ended from ended;
  if ended < cardinality(p_holds) then
    for known in
      select h.id from ledger.hold h join ledger.hold_end e on e.hold_id = h.id
      where h.id = any (p_holds) and e.transfer_id is distinct from p_transfer order by h.id
    loop
      perform ledger.refuse('hold_ended', jsonb_build_object('holdId', known.id));
    end loop;
    perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', array_to_string(p_holds, ', ')));
  end if;
  with held as (
    select account_id, sum(amount)::bigint as amount from ledger.hold where id = any (p_holds) group by account_id
  )
  select array_agg(case when leg.leads then coalesce(held.amount, 0) else 0 end order by leg.place),
    (select sum(amount) from held)
  into freed, total
  from (
    select account, place, row_number() over (partition by account order by place) = 1 as leads
    from unnest(p_accounts) with ordinality as given (account, place)
  ) leg
  left join held on held.account_id = leg.account;
  if total is distinct from (select sum(amount) from unnest(freed) as amount) then
    for known in
      select id, account_id from ledger.hold where id = any (p_holds) and account_id <> all (p_accounts) order by id
    loop
      raise exception using errcode = 'invalid_parameter_value',
        message = format('Hold %s lies on %s, which has no leg in %s.', known.id, known.account_id, p_transfer);
    end loop;
  end if;
  return freed;
end
$function$;
revoke all on function ledger.end_many_holds(text,timestamp with time zone,text[],text[]) from public;

CREATE OR REPLACE FUNCTION ledger.explain_short(p_id text, p_holder text, p_change bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known ledger.account;
begin
  select * into known from ledger.account where id = p_id;
  if not found then
    perform ledger.open_account(p_id, p_holder, p_at);
  elsif known.balance - known.held + p_change < known.min_balance then
    perform ledger.refuse('balance_insufficient', jsonb_build_object(
      'account', p_id, 'asset', known.asset, 'kind', known.kind,
      'missing', (known.min_balance - (known.balance - known.held + p_change))::text,
      'available', (known.balance - known.held - known.min_balance)::text));
  end if;
end
$function$;
revoke all on function ledger.explain_short(text,text,bigint,timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION ledger.gather_grams(p_transfer text, p_accounts text[], p_amounts bigint[], p_versions bigint[], p_batch text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  receiver int := ledger.next_receiver(p_transfer, p_accounts, p_amounts, 0);
  gathered bigint;
  batches text[]; firsts bigint[]; cuts bigint[]; ends bigint[]; givers text[]; arrivals bigint[];
begin
  select sum(grams), array_agg(batch_id order by at), array_agg(lo order by at), array_agg(lo + grams order by at),
    array_agg(hi order by at), array_agg(account order by at), array_agg(seq order by at)
  into gathered, batches, firsts, cuts, ends, givers, arrivals
  from (
    select read.*, least(hi - lo, owes - before) as grams, row_number() over (order by place, seq, batch_id, lo) as at
    from (
      select giver.account, giver.place, -giver.amount as owes, block.*,
        sum(block.hi - block.lo) over (partition by giver.place order by seq, batch_id, lo) - (hi - lo) as before
      from unnest(p_accounts, p_amounts) with ordinality as giver (account, amount, place)
      cross join lateral (
        select batch_id, lo, hi, seq from ledger.block
        where account_id = giver.account and (p_batch is null or batch_id = p_batch)
        order by seq, batch_id, lo limit 8
      ) as block
      where giver.amount < 0 and starts_with(giver.account, 'gCO2e/')
    ) as read
    where before < owes
  ) as run;
  if gathered is distinct from p_amounts[receiver] then return false; end if;

  -- One statement, since a block's end is the next one's beginning. The rests read all that was updated, so that the old
  -- successors are free by then.
  with run as materialized (
    select * from unnest(batches, firsts, cuts, ends, givers, arrivals) as run (batch, lo, cut, hi, giver, arrival)
  ), cut as (
    update ledger.block b set account_id = p_accounts[receiver], seq = p_versions[receiver], hi = run.cut
    from run where b.batch_id = run.batch and b.lo = run.lo
    returning b.batch_id
  )
  insert into ledger.block (batch_id, lo, hi, account_id, seq)
  select run.batch, run.cut, run.hi, run.giver, run.arrival from run
  where run.cut < run.hi and run.batch = any (array(select batch_id from cut));
  insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
  select p_transfer, run.batch, run.lo, run.cut, run.giver, run.arrival, p_accounts[receiver]
  from unnest(batches, firsts, cuts, givers, arrivals) as run (batch, lo, cut, giver, arrival);
  return true;
end
$function$;
revoke all on function ledger.gather_grams(text,text[],bigint[],bigint[],text) from public;

CREATE OR REPLACE FUNCTION ledger.give_run(p_batch text, p_lo bigint, p_hi bigint, p_grams bigint, p_giver text, p_giver_seq bigint, p_receiver text, p_receiver_seq bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if p_lo + p_grams = p_hi then
    update ledger.block set account_id = p_receiver, seq = p_receiver_seq where batch_id = p_batch and lo = p_lo;
    return;
  end if;
  -- The rest reads the update's row, so the old successor is free by then.
  with given as (
    update ledger.block set account_id = p_receiver, seq = p_receiver_seq, hi = p_lo + p_grams
    where batch_id = p_batch and lo = p_lo
    returning batch_id
  )
  insert into ledger.block (batch_id, lo, hi, account_id, seq)
  select batch_id, p_lo + p_grams, p_hi, p_giver, p_giver_seq from given;
end
$function$;
revoke all on function ledger.give_run(text,bigint,bigint,bigint,text,bigint,text,bigint) from public;

CREATE OR REPLACE FUNCTION ledger.hold(p_id text, p_account text, p_amount bigint, p_memo jsonb, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known ledger.hold;
begin
  insert into ledger.hold (id, account_id, amount, memo, at) values (p_id, p_account, p_amount, p_memo, p_at)
  on conflict (id) do nothing;
  if not found then
    select * into known from ledger.hold where id = p_id;
    if known.account_id = p_account and known.amount = p_amount and known.memo is not distinct from p_memo then
      return true;
    end if;
    perform ledger.refuse('hold_id_reused', jsonb_build_object('holdId', p_id));
  end if;
  loop
    update ledger.account set held = held + p_amount
    where id = p_account and (min_balance is null or balance - held - p_amount >= min_balance);
    exit when found;
    perform ledger.explain_short(p_account, null, -p_amount, p_at);
  end loop;
  return false;
end
$function$;
revoke all on function ledger.hold(text,text,bigint,jsonb,timestamp with time zone) from public;
grant execute on function ledger.hold(text,text,bigint,jsonb,timestamp with time zone) to evx_app;

CREATE OR REPLACE FUNCTION ledger.issue(p_id text, p_batch text, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[], p_memo jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  accounts text[];
  amounts bigint[];
begin
  if exists (select from unnest(p_amounts) as a (amount) where amount <= 0) then
    raise exception using errcode = 'invalid_parameter_value', message = 'An issue gives grams, it takes none.';
  end if;
  select array_agg(leg.account order by leg.account collate "C"), array_agg(leg.amount order by leg.account collate "C")
  into accounts, amounts
  from (
    select * from unnest(p_accounts, p_amounts) as given (account, amount)
    union all
    select 'gCO2e/issued', -sum(amount)::bigint from unnest(p_amounts) as given (amount)
  ) as leg;
  return ledger.post(p_id, 'issue', p_at, accounts, amounts, array_fill(null::text, array[cardinality(accounts)]),
    p_memo, null, p_batch);
end
$function$;
revoke all on function ledger.issue(text,text,timestamp with time zone,text[],bigint[],jsonb) from public;
grant execute on function ledger.issue(text,text,timestamp with time zone,text[],bigint[],jsonb) to evx_app;

CREATE OR REPLACE FUNCTION ledger.lock_account(p_id text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  loop
    perform from ledger.account where id = p_id for no key update;
    exit when found;
    perform ledger.open_account(p_id, null, p_at);
  end loop;
end
$function$;
revoke all on function ledger.lock_account(text,timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION ledger.lock_accounts(p_ids text[], p_holders text[], p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  missing record;
  unlocked int := 1;   -- the place of the first that is not locked yet
begin
  -- No account is ever removed, so those that are all there need no second look.
  if (select count(*) from ledger.account where id = any (p_ids)) < cardinality(p_ids) then
    for missing in
      select min(gap.place)::int as place, array_agg(gap.id order by gap.place) as ids,
        array_agg(gap.holder order by gap.place) as holders
      from (
        select given.*, given.place - row_number() over (order by given.place) as run
        from unnest(p_ids, p_holders) with ordinality as given (id, holder, place)
        where not exists (select from ledger.account a where a.id = given.id)
      ) as gap
      group by gap.run order by 1
    loop
      if missing.place > unlocked then
        perform from unnest(p_ids[unlocked : missing.place - 1]) with ordinality as given (id, place)
          join ledger.account a on a.id = given.id order by given.place for no key update of a;
      end if;
      perform ledger.open_accounts(missing.ids, missing.holders, p_at);
      -- Somebody else may have opened one meanwhile, so they are locked with those that follow.
      unlocked := missing.place;
    end loop;
  end if;
  perform from unnest(p_ids[unlocked :]) with ordinality as given (id, place)
    join ledger.account a on a.id = given.id order by given.place for no key update of a;
end
$function$;
revoke all on function ledger.lock_accounts(text[],text[],timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION ledger.move_grams(p_transfer text, p_accounts text[], p_amounts bigint[], p_versions bigint[], p_batch text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  receiver int := 0;            -- the leg that gets grams now
  receiver_lacks bigint := 0;   -- grams that it still has to get
  giver_owes bigint;            -- grams that the debited account still has to give
  run record;                   -- grams of one block of the giver that are not given yet
  more boolean;
  grams bigint;
  last_seq bigint; last_batch text; last_lo bigint;
  batches text[] := '{}'; firsts bigint[] := '{}'; ends bigint[] := '{}';
  givers text[] := '{}'; arrivals bigint[] := '{}'; receivers text[] := '{}';
begin
  if cardinality(p_accounts) > 8 and ledger.gather_grams(p_transfer, p_accounts, p_amounts, p_versions, p_batch) then
    return;
  end if;
  for giver in 1 .. cardinality(p_accounts) loop
    continue when p_amounts[giver] > 0 or not starts_with(p_accounts[giver], 'gCO2e/');
    giver_owes := -p_amounts[giver];
    last_seq := -1; last_batch := ''; last_lo := 0;
    while giver_owes > 0 loop
      more := false;
      for run in
        select batch_id, lo, hi, seq from ledger.block
        where account_id = p_accounts[giver] and (seq, batch_id, lo) > (last_seq, last_batch, last_lo)
          and (p_batch is null or batch_id = p_batch)
        order by seq, batch_id, lo limit 100
      loop
        more := true;
        last_seq := run.seq; last_batch := run.batch_id; last_lo := run.lo;
        while run.lo < run.hi and giver_owes > 0 loop
          if receiver_lacks = 0 then
            receiver := ledger.next_receiver(p_transfer, p_accounts, p_amounts, receiver);
            receiver_lacks := p_amounts[receiver];
          end if;
          grams := least(run.hi - run.lo, giver_owes, receiver_lacks);
          perform ledger.give_run(run.batch_id, run.lo, run.hi, grams, p_accounts[giver], run.seq,
            p_accounts[receiver], p_versions[receiver]);
          batches := batches || run.batch_id; firsts := firsts || run.lo; ends := ends || (run.lo + grams);
          givers := givers || p_accounts[giver]; arrivals := arrivals || run.seq;
          receivers := receivers || p_accounts[receiver];
          run.lo := run.lo + grams; giver_owes := giver_owes - grams; receiver_lacks := receiver_lacks - grams;
        end loop;
        exit when giver_owes = 0;
      end loop;
      if not more then
        raise exception using errcode = 'integrity_constraint_violation',
          message = format('%s has fewer grams in blocks than in its balance.', p_accounts[giver]);
      end if;
    end loop;
  end loop;

  insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
  select p_transfer, m.batch, m.lo, m.hi, m.giver, m.arrival, m.receiver
  from unnest(batches, firsts, ends, givers, arrivals, receivers) as m (batch, lo, hi, giver, arrival, receiver);
end
$function$;
revoke all on function ledger.move_grams(text,text[],bigint[],bigint[],text) from public;

CREATE OR REPLACE FUNCTION ledger.next_receiver(p_transfer text, p_accounts text[], p_amounts bigint[], p_leg integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
begin
  for leg in p_leg + 1 .. cardinality(p_accounts) loop
    if p_amounts[leg] > 0 and starts_with(p_accounts[leg], 'gCO2e/') then return leg; end if;
  end loop;
  raise exception using errcode = 'invalid_parameter_value',
    message = format('The credits of %s do not sum to zero.', p_transfer);
end
$function$;
revoke all on function ledger.next_receiver(text,text[],bigint[],integer) from public;

CREATE OR REPLACE FUNCTION ledger.number_grams(p_transfer text, p_batch text, p_accounts text[], p_amounts bigint[], p_versions bigint[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  next_gram bigint := 1;
  firsts bigint[]; ends bigint[]; accounts text[]; versions bigint[];
begin
  if exists (select from ledger.block where batch_id = p_batch and hi is null) then
    perform ledger.refuse('batch_already_issued', jsonb_build_object('batchId', p_batch));
  end if;
  for leg in 1 .. cardinality(p_accounts) loop
    continue when p_amounts[leg] < 0;
    firsts := firsts || next_gram;
    ends := ends || (next_gram + p_amounts[leg]);
    accounts := accounts || p_accounts[leg];
    versions := versions || p_versions[leg];
    next_gram := next_gram + p_amounts[leg];
  end loop;
  -- The end row first: each block's `hi` refers to the row that follows.
  insert into ledger.block (batch_id, lo, hi, account_id, seq)
  select p_batch, next_gram, null, null, null
  union all
  select p_batch, b.lo, b.hi, b.account, b.seq
  from unnest(firsts, ends, accounts, versions) as b (lo, hi, account, seq);
  insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
  select p_transfer, p_batch, b.lo, b.hi, 'gCO2e/issued', null, b.account
  from unnest(firsts, ends, accounts) as b (lo, hi, account);
end
$function$;
revoke all on function ledger.number_grams(text,text,text[],bigint[],bigint[]) from public;

CREATE OR REPLACE FUNCTION ledger.open_account(p_id text, p_holder text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform ledger.open_accounts(array[p_id], array[p_holder], p_at);
end
$function$;
revoke all on function ledger.open_account(text,text,timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION ledger.open_accounts(p_ids text[], p_holders text[], p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  wrong text; homeless text;
begin
  with asked as (
    select given.id, given.holder, given.place, split_part(given.id, '/', 1) as asset, split_part(given.id, '/', 3) as owner,
      split_part(given.id, '/', 4) as rest, split_part(given.id, '/', 2) as kind
    from unnest(p_ids, p_holders) with ordinality as given (id, holder, place)
  ), described as (
    select asked.*, known.owner as owned_by, known.min_balance,
      known.kind is not null and (known.asset_class = 'credits') = (asked.asset = 'gCO2e')
        and asked.asset ~ '^(gCO2e|[A-Z]{3})$' and (asked.owner = '') = (known.owner = 'venue') and asked.rest = '' as fits
    from asked left join ledger.account_kind known on known.kind = asked.kind
  ), opened as (
    insert into ledger.account (id, asset, kind, holder, min_balance, opened_at)
    select id, asset, kind, case owned_by when 'user' then owner when 'listing' then holder end, min_balance, p_at
    from described where fits and (owned_by <> 'listing' or holder is not null) order by place
    on conflict (id) do nothing
  )
  select min(id) filter (where not fits), min(id) filter (where fits and owned_by = 'listing' and holder is null)
  into wrong, homeless from described;
  if wrong is not null then
    raise exception using errcode = 'invalid_parameter_value', message = format('No account can be named %s.', wrong);
  end if;
  if homeless is not null then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s needs a holder when it is opened.', homeless);
  end if;
end
$function$;
revoke all on function ledger.open_accounts(text[],text[],timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION ledger.post(p_id text, p_kind text, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[], p_holders text[], p_memo jsonb, p_releases text[], p_batch text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
AS $function$
declare
  freed bigint[];
  versions bigint[];
begin
  if ledger.begin_transfer(p_id, p_kind, p_at, p_memo,
    sha256(convert_to(concat_ws(E'\n', p_kind, p_accounts, p_amounts, coalesce(p_releases, '{}'),
      coalesce(p_memo::text, '-'), coalesce(p_batch, '-')), 'UTF8'))) then
    return true;
  end if;
  if cardinality(p_releases) > 0 then
    freed := ledger.end_holds(p_id, p_at, p_releases, p_accounts);
  end if;
  versions := ledger.write_entries(p_id, p_at, p_accounts, p_amounts, p_holders, freed);
  -- In account order credits come last, since currencies are in capitals.
  if starts_with(p_accounts[cardinality(p_accounts)], 'gCO2e/') then
    if p_batch is null then
      perform ledger.move_grams(p_id, p_accounts, p_amounts, versions, null);
    else
      perform ledger.number_grams(p_id, p_batch, p_accounts, p_amounts, versions);
    end if;
  end if;
  return false;
end
$function$;
revoke all on function ledger.post(text,text,timestamp with time zone,text[],bigint[],text[],jsonb,text[],text) from public;
grant execute on function ledger.post(text,text,timestamp with time zone,text[],bigint[],text[],jsonb,text[],text) to evx_app;

CREATE OR REPLACE FUNCTION ledger.refuse(p_code text, p_details jsonb DEFAULT '{}'::jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  raise exception using errcode = 'LDG01', message = p_code, detail = p_details::text;
end
$function$;
revoke all on function ledger.refuse(text,jsonb) from public;

CREATE OR REPLACE FUNCTION ledger.release(p_hold text, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known ledger.hold;
  how text;
begin
  select * into known from ledger.hold where id = p_hold;
  if not found then perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', p_hold)); end if;
  insert into ledger.hold_end (hold_id, outcome, at) values (p_hold, 'voided', p_at)
  on conflict (hold_id) do nothing;
  if not found then
    select outcome into how from ledger.hold_end where hold_id = p_hold;
    if how = 'voided' then return true; end if;
    perform ledger.refuse('hold_ended', jsonb_build_object('holdId', p_hold));
  end if;
  update ledger.account set held = held - known.amount where id = known.account_id;
  return false;
end
$function$;
revoke all on function ledger.release(text,timestamp with time zone) from public;
grant execute on function ledger.release(text,timestamp with time zone) to evx_app;

CREATE OR REPLACE FUNCTION ledger.take_of_batch(p_id text, p_kind text, p_at timestamp with time zone, p_batch text, p_from text, p_to text, p_most bigint, p_memo jsonb)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
AS $function$
declare
  accounts text[] := case when p_from collate "C" < p_to collate "C" then array[p_from, p_to] else array[p_to, p_from] end;
  grams bigint;
  amounts bigint[];
  versions bigint[];
begin
  if p_most <= 0 or p_from = p_to or not (starts_with(p_from, 'gCO2e/') and starts_with(p_to, 'gCO2e/')) then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s takes more than zero grams from one credit account to another.', p_id);
  end if;
  if ledger.begin_transfer(p_id, p_kind, p_at, p_memo,
    sha256(convert_to(concat_ws(E'\n', 'take', p_kind, p_batch, p_from, p_to, p_most, coalesce(p_memo::text, '-')),
      'UTF8'))) then
    return (select coalesce(sum(hi - lo), 0) from ledger.block_move where transfer_id = p_id);
  end if;
  perform ledger.lock_account(accounts[1], p_at);
  perform ledger.lock_account(accounts[2], p_at);

  select coalesce(sum(hi - lo), 0) into grams from ledger.block where batch_id = p_batch and account_id = p_from;
  select least(grams, balance - held - coalesce(min_balance, 0), p_most) into grams
  from ledger.account where id = p_from;
  if grams <= 0 then raise exception using errcode = 'LDG02', message = 'nothing to take'; end if;

  amounts := case accounts[1] when p_from then array[-grams, grams] else array[grams, -grams] end;
  versions := ledger.write_entries(p_id, p_at, accounts, amounts, array[null, null], null);
  perform ledger.move_grams(p_id, accounts, amounts, versions, p_batch);
  return grams;
exception
  -- Takes back the transfer's row, which the id's lock needed and nothing followed.
  when sqlstate 'LDG02' then return 0;
end
$function$;
revoke all on function ledger.take_of_batch(text,text,timestamp with time zone,text,text,text,bigint,jsonb) from public;
grant execute on function ledger.take_of_batch(text,text,timestamp with time zone,text,text,text,bigint,jsonb) to evx_app;

CREATE OR REPLACE FUNCTION ledger.write_entries(p_transfer text, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[], p_holders text[], p_freed bigint[])
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
declare
  versions bigint[] := '{}';
  balances bigint[] := '{}';
  owners text[] := '{}';
  new_version bigint;
  new_balance bigint;
  owner text;
  freed bigint := 0;
  once boolean := true;   -- no account has two legs
begin
  for leg in 2 .. cardinality(p_accounts) loop
    continue when p_accounts[leg] collate "C" > p_accounts[leg - 1] collate "C";
    once := false;
    if p_accounts[leg] <> p_accounts[leg - 1] or p_amounts[leg] > p_amounts[leg - 1]
      or starts_with(p_accounts[leg], 'gCO2e/') then
      raise exception using errcode = 'invalid_parameter_value',
        message = format('The legs of %s are not in account order.', p_transfer);
    end if;
  end loop;
  if once and cardinality(p_accounts) > 4 then
    return ledger.write_many_entries(p_transfer, p_at, p_accounts, p_amounts, p_holders, p_freed);
  end if;
  for leg in 1 .. cardinality(p_accounts) loop
    if p_freed is not null then freed := p_freed[leg]; end if;
    loop
      update ledger.account
      set balance = balance + p_amounts[leg], held = held - freed, version = version + 1
      where id = p_accounts[leg]
        and (min_balance is null or balance - held + freed + p_amounts[leg] >= min_balance)
      returning version, balance, holder into new_version, new_balance, owner;
      exit when found;
      perform ledger.explain_short(p_accounts[leg], p_holders[leg], p_amounts[leg] + freed, p_at);
    end loop;
    versions[leg] := new_version;
    balances[leg] := new_balance;
    owners[leg] := owner;
  end loop;

  insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
  select e.account, e.version, p_transfer, e.leg, e.amount, e.balance - e.amount, e.balance, e.owner, p_at
  from unnest(p_accounts, versions, p_amounts, balances, owners)
    with ordinality as e (account, version, amount, balance, owner, leg);
  return versions;
end
$function$;
revoke all on function ledger.write_entries(text,timestamp with time zone,text[],bigint[],text[],bigint[]) from public;

CREATE OR REPLACE FUNCTION ledger.write_many_entries(p_transfer text, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[], p_holders text[], p_freed bigint[])
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
declare
  freed bigint[] := coalesce(p_freed, array_fill(0::bigint, array[cardinality(p_accounts)]));
  versions bigint[];
  short int;
begin
  perform ledger.lock_accounts(p_accounts, p_holders, p_at);
  with changed as (
    update ledger.account a
    set balance = a.balance + leg.amount, held = a.held - leg.freed, version = a.version + 1
    from unnest(p_accounts, p_amounts, freed) with ordinality as leg (account, amount, freed, place)
    where a.id = leg.account
      and (a.min_balance is null or a.balance - a.held + leg.freed + leg.amount >= a.min_balance)
    returning a.id, a.version, leg.place, leg.amount, a.balance, a.holder
  ), entered as (
    insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
    select c.id, c.version, p_transfer, c.place, c.amount, c.balance - c.amount, c.balance, c.holder, p_at from changed c
  )
  select array_agg(changed.version order by leg.place), min(leg.place) filter (where changed.place is null)
  into versions, short
  from generate_subscripts(p_accounts, 1) as leg (place) left join changed on changed.place = leg.place;

  if short is not null then
    perform ledger.explain_short(p_accounts[short], p_holders[short], p_amounts[short] + freed[short], p_at);
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('%s is locked and changed nevertheless.', p_accounts[short]);
  end if;
  return versions;
end
$function$;
revoke all on function ledger.write_many_entries(text,timestamp with time zone,text[],bigint[],text[],bigint[]) from public;

create schema log;
grant usage on schema log to evx_app;

create table log.checkpoint (
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamp with time zone not null,
  constraint checkpoint_pkey PRIMARY KEY (size),
  constraint checkpoint_root_check CHECK ((octet_length(root) = 32)),
  constraint checkpoint_size_check CHECK ((size >= 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on log.checkpoint to evx_app;

create table log.cosignature (
  size bigint not null,
  name text not null,
  line text not null,
  at timestamp with time zone not null,
  constraint cosignature_pkey PRIMARY KEY (size, name),
  constraint cosignature_size_fkey FOREIGN KEY (size) REFERENCES log.checkpoint(size)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log.cosignature FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on log.cosignature to evx_app;

create table log.entry (
  place bigint not null,
  kind text not null,
  subject text not null,
  body bytea not null,
  at timestamp with time zone not null,
  constraint entry_pkey PRIMARY KEY (place),
  constraint entry_body_check CHECK (((octet_length(body) >= 1) AND (octet_length(body) <= 65535))),
  constraint entry_place_check CHECK ((place >= 0))
);
CREATE INDEX entry_of_subject ON log.entry USING btree (subject, kind);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON log.entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on log.entry to evx_app;
comment on table log.entry is 'distributed by place';

create table log.pending (
  id bigint not null generated always as identity,
  kind text not null,
  subject text not null,
  body bytea not null,
  at timestamp with time zone not null,
  constraint pending_pkey PRIMARY KEY (id),
  constraint pending_kind_subject_key UNIQUE (kind, subject),
  constraint pending_body_check CHECK (((octet_length(body) >= 1) AND (octet_length(body) <= 65535)))
);
grant select on log.pending to evx_app;

create table log.tile (
  level smallint not null,
  n bigint not null,
  hashes bytea not null,
  constraint tile_pkey PRIMARY KEY (level, n),
  constraint tile_hashes_check CHECK ((((octet_length(hashes) >= 32) AND (octet_length(hashes) <= 8192)) AND ((octet_length(hashes) % 32) = 0))),
  constraint tile_level_check CHECK (((level >= 0) AND (level <= 6))),
  constraint tile_n_check CHECK ((n >= 0))
);
CREATE TRIGGER no_removal BEFORE DELETE OR TRUNCATE ON log.tile FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on log.tile to evx_app;

CREATE OR REPLACE FUNCTION log.accreditation_of(p_reviewer text, p_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object('body', body, 'number', number, 'assurance', assurance,
    'validUntil', to_char(valid_until, 'YYYY-MM-DD'))
  from verification.accreditation where reviewer_id = p_reviewer and at < p_at order by at desc, id desc limit 1
$function$;
revoke all on function log.accreditation_of(text,timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION log.beneficiary_of(p_name text, p_lei text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select encode(sha256(convert_to(case when p_lei is null then 'evx-beneficiary/1' || chr(10) || p_name
    else 'evx-beneficiary/2' || chr(10) || p_name || chr(10) || p_lei end, 'UTF8')), 'hex')
$function$;
revoke all on function log.beneficiary_of(text,text) from public;

CREATE OR REPLACE FUNCTION log.canonical(p_value jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case jsonb_typeof(p_value)
    when 'object' then '{' || coalesce((
      select string_agg(to_json(key)::text || ':' || log.canonical(value), ',' order by key collate "C")
      from jsonb_each(p_value)), '') || '}'
    when 'array' then '[' || coalesce((
      select string_agg(log.canonical(value), ',' order by place)
      from jsonb_array_elements(p_value) with ordinality as e (value, place)), '') || ']'
    else p_value::text
  end
$function$;

CREATE OR REPLACE FUNCTION log.checkpoints_between(p_from bigint, p_to bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object('from', p_from, 'to', p_to, 'count', count(*),
    'hash', encode(sha256(coalesce(string_agg(int8send(size) || root, '' order by size), '')), 'hex'))
  from log.checkpoint where size > p_from and size <= p_to
$function$;
revoke all on function log.checkpoints_between(bigint,bigint) from public;

CREATE OR REPLACE FUNCTION log.enter(p_kind text, p_subject text, p_body jsonb, p_at timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (select from log.entry where subject = p_subject and kind = p_kind) then
    insert into log.pending (kind, subject, body, at)
    values (p_kind, p_subject, convert_to(log.canonical(
      jsonb_build_object('v', 1) || p_body || jsonb_build_object('kind', p_kind, 'at', log.moment(p_at))), 'UTF8'), p_at)
    on conflict (kind, subject) do nothing;
  end if;
  return p_subject;
end
$function$;
revoke all on function log.enter(text,text,jsonb,timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION log.enter_batch(p_id text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('batch_issued', b.id, jsonb_build_object(
    'batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', b.grams_g::text, 'bufferGrams', b.buffer_g::text, 'vintage', b.vintage_year, 'country', b.country_code,
    'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'trips', b.trip_count,
    'tree', case when t.batch_id is not null then
      jsonb_build_object('root', t.root, 'size', t.leaf_count, 'sum', t.sum_g::text) end,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'))
    || case when b.vintage_from is null then '{}' else log.vintage_of(b)
      || jsonb_build_object('v', 3, 'accreditation', log.accreditation_of(b.cva_id, b.issued_at)) end, b.issued_at)
  from credits.batch b
  left join verification.tree t on t.batch_id = b.id
  left join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
  where b.id = p_id
$function$;
revoke all on function log.enter_batch(text) from public;

CREATE OR REPLACE FUNCTION log.enter_cancellation(p_transfer text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('cancelled',
    case part.portion when 1 then c.transfer_id else format('%s/%s', c.transfer_id, part.portion) end,
    jsonb_build_object('id', c.transfer_id, 'for', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', c.grams_g::text, 'ranges', part.ranges, 'part', part.portion,
    'from', case when c.holder_id is null then 'buffer' else 'owner' end), c.cancelled_at)
  from credits.cancellation c
  join credits.batch b on b.id = c.batch_id
  cross join lateral log.ranges_of(c.transfer_id, 800) part
  where c.transfer_id = p_transfer
$function$;
revoke all on function log.enter_cancellation(text) from public;

CREATE OR REPLACE FUNCTION log.enter_certificate(p_id text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('certificate', case part.portion when 1 then c.number else format('%s/%s', c.number, part.portion) end,
    jsonb_build_object('number', c.number, 'certificate', c.kind, 'part', part.portion, 'ranges', part.ranges,
    'hash', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', c.credits_g::text, 'key', c.key_id), c.issued_at)
  from verification.certificate c cross join lateral log.lots_of(c.id, 800) part where c.id = p_id
$function$;
revoke all on function log.enter_certificate(text) from public;

CREATE OR REPLACE FUNCTION log.enter_key(p_id text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('key', id, jsonb_build_object('id', id, 'publicKey', public_key, 'cross',
    case when signed_by is not null then jsonb_build_object('by', signed_by, 'signature', cross_signature) end), added_at)
  from verification.signing_key where id = p_id
$function$;
revoke all on function log.enter_key(text) from public;

CREATE OR REPLACE FUNCTION log.enter_retirement(p_id text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('retired', case part.portion when 1 then r.id else format('%s/%s', r.id, part.portion) end,
    jsonb_build_object('id', r.id, 'number', c.number,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', r.grams_g::text,
    'ranges', part.ranges, 'part', part.portion, 'reason', r.reason,
    'beneficiary', log.beneficiary_of(r.beneficiary_name, r.beneficiary_lei)),
    r.retired_at)
  from credits.retirement r
  cross join lateral log.ranges_of(r.transfer_id, 800) part
  left join verification.certificate c on c.kind = 'retirement' and c.subject_id = r.id
  where r.id = p_id
$function$;
revoke all on function log.enter_retirement(text) from public;

CREATE OR REPLACE FUNCTION log.enter_revocation(p_certificate text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('revoked', c.number, jsonb_build_object('what', 'certificate', 'number', c.number,
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || r.reason, 'UTF8')), 'hex')), r.revoked_at)
  from verification.revocation r join verification.certificate c on c.id = r.certificate_id
  where r.certificate_id = p_certificate
$function$;
revoke all on function log.enter_revocation(text) from public;

CREATE OR REPLACE FUNCTION log.enter_revoked_batch(p_batch text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('revoked', b.id, jsonb_build_object('what', 'batch',
    'batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), 'owed', r.owed_g::text,
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || r.reason, 'UTF8')), 'hex')), r.revoked_at)
  from credits.revoked_batch r join credits.batch b on b.id = r.batch_id where r.batch_id = p_batch
$function$;
revoke all on function log.enter_revoked_batch(text) from public;

CREATE OR REPLACE FUNCTION log.enter_snapshot(p_day text, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('snapshot', day, jsonb_build_object('day', day, 'rows', statement::jsonb -> 'rows',
    'sha256', statement::jsonb ->> 'sha256', 'statement', encode(sha256(convert_to(statement, 'UTF8')), 'hex')),
    coalesce(p_at, at))
  from verification.snapshot where day = p_day
$function$;
revoke all on function log.enter_snapshot(text,timestamp with time zone) from public;

CREATE OR REPLACE FUNCTION log.enter_withdrawn_key(p_key text)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select log.enter('key_withdrawn', key_id, jsonb_build_object('id', key_id), at)
  from verification.withdrawn_key where key_id = p_key
$function$;
revoke all on function log.enter_withdrawn_key(text) from public;

CREATE OR REPLACE FUNCTION log.entered()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  execute format('select log.%I($1)', tg_argv[0]) using to_jsonb(new) ->> tg_argv[1];
  return null;
end
$function$;
revoke all on function log.entered() from public;

CREATE OR REPLACE FUNCTION log.keep_cosignature(p_size bigint, p_name text, p_line text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  insert into log.cosignature (size, name, line, at) values (p_size, p_name, p_line, p_at)
  on conflict (size, name) do nothing
$function$;
revoke all on function log.keep_cosignature(bigint,text,text,timestamp with time zone) from public;
grant execute on function log.keep_cosignature(bigint,text,text,timestamp with time zone) to evx_former;
grant execute on function log.keep_cosignature(bigint,text,text,timestamp with time zone) to evx_working;

CREATE OR REPLACE FUNCTION log.lots_of(p_certificate text, p_size integer)
 RETURNS TABLE(portion integer, ranges jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(part, 1), coalesce(jsonb_agg(range order by place) filter (where range is not null), '[]') from (
    select place, range, (place - 1)::int / p_size + 1 as part from (
      select row_number() over (order by b.number, l.first_g) as place,
        format('%s-%s-%s', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), l.first_g, l.last_g) as range
      from verification.certificate_lot l join credits.batch b on b.id = l.batch_id
      where l.certificate_id = p_certificate
    ) numbered
  ) parted right join (select 1) one on true group by part order by part
$function$;
revoke all on function log.lots_of(text,integer) from public;

CREATE OR REPLACE FUNCTION log.moment(p_at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$function$;

CREATE OR REPLACE FUNCTION log.note_down(p_kind text, p_subject text, p_body jsonb, p_at timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_kind not in ('book', 'factor_set', 'standing') then
    raise exception using errcode = 'insufficient_privilege',
      message = format('A %s is not noted down from outside.', p_kind);
  end if;
  return log.enter(p_kind, p_subject, p_body, p_at);
end
$function$;
revoke all on function log.note_down(text,text,jsonb,timestamp with time zone) from public;
grant execute on function log.note_down(text,text,jsonb,timestamp with time zone) to evx_app;

CREATE OR REPLACE FUNCTION log.number_batch()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtext('credits.batch'), 1);
  new.number := greatest(
    coalesce((select max(number) from credits.batch), 0),
    coalesce((select max((convert_from(body, 'UTF8')::jsonb ->> 'batch')::bigint) from (
      (select body from log.pending where kind in ('batch_issued', 'void') order by id desc limit 1)
      union all
      (select body from log.entry where kind in ('batch_issued', 'void') order by place desc limit 1)) last), 0)) + 1;
  return new;
end
$function$;
revoke all on function log.number_batch() from public;

CREATE OR REPLACE FUNCTION log.order_accreditation()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- The turn of log.number_batch, held until the transaction ends.
  perform pg_advisory_xact_lock(hashtext('credits.batch'), 1);
  new.at := greatest(new.at, (select max(issued_at) from credits.batch));
  return new;
end
$function$;
revoke all on function log.order_accreditation() from public;

CREATE OR REPLACE FUNCTION log.ranges_of(p_transfer text, p_size integer)
 RETURNS TABLE(portion integer, ranges jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select part, jsonb_agg(range order by place) from (
    select place, range, (place - 1)::int / p_size + 1 as part from (
      select row_number() over (order by b.number, m.lo) as place,
        format('%s-%s-%s', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), m.lo, m.hi - 1) as range
      from ledger.block_move m join credits.batch b on b.id = m.batch_id
      where m.transfer_id = p_transfer
    ) numbered
  ) parted group by part order by part
$function$;
revoke all on function log.ranges_of(text,integer) from public;

CREATE OR REPLACE FUNCTION log.require_fact()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  missing text;
begin
  missing := case new.kind
    when 'issue' then case when not exists (select from credits.batch where transfer_id = new.id)
      then 'issues grams of no batch' end
    when 'retire' then case when not exists (select from credits.retirement where transfer_id = new.id)
      then 'retires grams without a retirement' end
    when 'cancel' then case when not exists (select from credits.cancellation where transfer_id = new.id)
      then 'cancels grams for no batch' end
    -- The giver is whose grams left, not whom the memo names.
    when 'transfer' then case when exists (select from ledger.entry e join ledger.account a on a.id = e.account_id
        where e.transfer_id = new.id and a.asset = 'gCO2e' and e.amount < 0 and not exists (select from identity.audit t
          where t.action = 'credits.transfer' and t.object = new.id and t.actor_id = a.holder))
      then 'gives grams that, by the audit trail, their owner did not give' end
    else case when exists (select from ledger.entry e join ledger.account a on a.id = e.account_id
        where e.transfer_id = new.id and a.asset = 'gCO2e' group by a.holder having sum(e.amount) <> 0)
      then 'moves grams to somebody else than whose they are' end
  end;
  if missing is not null then
    raise exception using errcode = 'integrity_constraint_violation', message = format('Transfer %s %s.', new.id, missing);
  end if;
  return null;
end
$function$;
revoke all on function log.require_fact() from public;

CREATE OR REPLACE FUNCTION log.require_tree()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  missing text;
begin
  select case
    -- A tree that commits to no grams is taken until the first one that does.
    when not exists (select from verification.tree t where t.batch_id = new.id and (t.sum_g = new.grams_g
        or t.sum_g is null and not exists (select from verification.tree where sum_g is not null)))
      then 'trips behind it that give its grams'
    when not exists (select from verification.certificate where kind = 'issuance' and subject_id = new.request_id)
      then 'certificate'
    when new.grams_g is distinct from
      (select sum(hi - lo) from ledger.block_move where transfer_id = new.transfer_id and batch_id = new.id)
      then 'grams of its size in the book'
    when not exists (select from log.pending where kind = 'batch_issued' and subject = new.id)
      then 'entry in the log'
  end into missing;
  if missing is not null then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('Batch %s has no %s.', new.id, missing);
  end if;
  return null;
end
$function$;
revoke all on function log.require_tree() from public;

CREATE OR REPLACE FUNCTION log.sequence(p_size bigint, p_ids bigint[], p_levels integer[], p_ns bigint[], p_hashes bytea[], p_root bytea, p_note text, p_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known bigint;
  moved bigint;
begin
  perform pg_advisory_xact_lock(hashtext('log.sequence'));
  select coalesce(max(size), 0) into known from log.checkpoint;
  if known <> p_size then
    raise exception using errcode = 'serialization_failure',
      message = format('The log has %s entries, not %s.', known, p_size);
  end if;
  with taken as (
    delete from log.pending p using unnest(p_ids) with ordinality as o (id, place) where p.id = o.id
    returning o.place, p.kind, p.subject, p.body, p.at
  )
  insert into log.entry (place, kind, subject, body, at)
  select p_size + place - 1, kind, subject, body, at from taken order by place;
  get diagnostics moved = row_count;
  if moved <> cardinality(p_ids) then
    raise exception using errcode = 'serialization_failure', message = 'An entry is no longer pending.';
  end if;
  insert into log.tile (level, n, hashes)
  select * from unnest(p_levels, p_ns, p_hashes) as t (level, n, hashes)
  on conflict (level, n) do update set hashes = excluded.hashes
    where substr(excluded.hashes, 1, octet_length(log.tile.hashes)) = log.tile.hashes;
  if exists (
    select from unnest(p_levels, p_ns, p_hashes) as t (level, n, hashes)
    join log.tile k using (level, n) where k.hashes <> t.hashes
  ) then
    raise exception using errcode = 'integrity_constraint_violation', message = 'A tile would change what it holds.';
  end if;
  insert into log.checkpoint (size, root, note, at) values (p_size + moved, p_root, p_note, p_at);
  return p_size + moved;
end
$function$;
revoke all on function log.sequence(bigint,bigint[],integer[],bigint[],bytea[],bytea,text,timestamp with time zone) from public;
grant execute on function log.sequence(bigint,bigint[],integer[],bigint[],bytea[],bytea,text,timestamp with time zone) to evx_former;
grant execute on function log.sequence(bigint,bigint[],integer[],bigint[],bytea[],bytea,text,timestamp with time zone) to evx_working;

CREATE OR REPLACE FUNCTION log.vintage_of(p_batch credits.batch)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object('from', to_char(date_trunc('month', p_batch.vintage_from::timestamp), 'YYYY-MM-DD'),
    'to', to_char(date_trunc('month', p_batch.vintage_to::timestamp) + interval '1 month - 1 day', 'YYYY-MM-DD'))
  where p_batch.vintage_from is not null
$function$;
revoke all on function log.vintage_of(credits.batch) from public;

create schema marketplace;
grant usage on schema marketplace to evx_app;

create table marketplace.auction (
  listing_id text not null,
  seller_id text not null,
  currency text not null,
  status text not null,
  start_minor bigint not null,
  reserve_minor bigint,
  reserve_salt text not null,
  mask_secret text not null,
  step_bps integer not null,
  step_minor bigint not null,
  window_s integer not null,
  first_ends_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  leader_id text,
  leader_mask text,
  leader_max_minor bigint,
  second_max_minor bigint,
  price_minor bigint,
  seq bigint not null default 0,
  head bytea not null,
  closed_at timestamp with time zone,
  starts_at timestamp with time zone,
  buy_now_minor bigint,
  band_from bigint[],
  band_step bigint[],
  deposit_minor bigint,
  constraint auction_pkey PRIMARY KEY (listing_id),
  constraint auction_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES marketplace.listing(id),
  constraint auction_bands CHECK ((NOT (cardinality(band_from) IS DISTINCT FROM cardinality(band_step)))),
  constraint auction_check CHECK ((reserve_minor >= start_minor)),
  constraint auction_check1 CHECK ((ends_at >= first_ends_at)),
  constraint auction_check2 CHECK ((price_minor <= leader_max_minor)),
  constraint auction_check3 CHECK ((((leader_id IS NULL) = (seq = 0)) AND ((leader_max_minor IS NULL) = (seq = 0)) AND ((price_minor IS NULL) = (seq = 0)))),
  constraint auction_check4 CHECK ((buy_now_minor >= start_minor)),
  constraint auction_deposit_minor_check CHECK ((deposit_minor > 0)),
  constraint auction_start_minor_check CHECK ((start_minor > 0)),
  constraint auction_status_check CHECK ((status = ANY (ARRAY['live'::text, 'closed_sold'::text, 'closed_unsold'::text, 'cancelled'::text]))),
  constraint auction_step_bps_check CHECK ((step_bps >= 0)),
  constraint auction_step_minor_check CHECK ((step_minor > 0)),
  constraint auction_window_s_check CHECK ((window_s > 0))
) with (fillfactor=50);
CREATE INDEX auction_live ON marketplace.auction USING btree (ends_at) WHERE (status = 'live'::text);
grant insert, select, update on marketplace.auction to evx_app;
comment on table marketplace.auction is 'distributed by listing_id';
comment on column marketplace.auction.listing_id is 'Id<"listing">';
comment on column marketplace.auction.seller_id is 'Id<"user">';
comment on column marketplace.auction.leader_id is 'Id<"user">';

create table marketplace.auction_extension (
  listing_id text not null,
  after_seq bigint not null,
  ends_at timestamp with time zone not null,
  at timestamp with time zone not null,
  constraint auction_extension_pkey PRIMARY KEY (listing_id, ends_at),
  constraint auction_extension_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES marketplace.auction(listing_id),
  constraint auction_extension_after_seq_check CHECK ((after_seq >= 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON marketplace.auction_extension FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on marketplace.auction_extension to evx_app;
comment on table marketplace.auction_extension is 'distributed by listing_id';
comment on column marketplace.auction_extension.listing_id is 'Id<"listing">';

create table marketplace.auto_sale (
  owner_id text not null,
  currency text not null,
  floor_minor bigint,
  set_at timestamp with time zone not null,
  constraint auto_sale_pkey PRIMARY KEY (owner_id),
  constraint auto_sale_floor_minor_check CHECK ((floor_minor > 0))
);
grant delete, insert, select, update on marketplace.auto_sale to evx_app;
comment on table marketplace.auto_sale is 'distributed by owner_id';
comment on column marketplace.auto_sale.owner_id is 'Id<"user">';

create table marketplace.bid (
  listing_id text not null,
  seq bigint not null,
  id text not null,
  bidder_id text not null,
  mask text not null,
  max_minor bigint not null,
  salt text not null,
  max_hash bytea not null,
  price_minor bigint not null,
  leader_mask text not null,
  leads boolean not null,
  ends_at timestamp with time zone not null,
  at timestamp with time zone not null,
  prev bytea not null,
  hash bytea not null,
  constraint bid_pkey PRIMARY KEY (listing_id, seq),
  constraint bid_listing_id_id_key UNIQUE (listing_id, id),
  constraint bid_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES marketplace.auction(listing_id),
  constraint bid_max_minor_check CHECK ((max_minor > 0)),
  constraint bid_seq_check CHECK ((seq > 0))
);
CREATE INDEX bid_bidder ON marketplace.bid USING btree (bidder_id, at, listing_id, seq);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON marketplace.bid FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on marketplace.bid to evx_app;
comment on table marketplace.bid is 'distributed by listing_id';
comment on column marketplace.bid.listing_id is 'Id<"listing">';
comment on column marketplace.bid.id is 'Id<"bid">';
comment on column marketplace.bid.bidder_id is 'Id<"user">';

create table marketplace.bid_pause (
  user_id text not null,
  until timestamp with time zone not null,
  constraint bid_pause_pkey PRIMARY KEY (user_id)
);
grant insert, select, update on marketplace.bid_pause to evx_app;
comment on table marketplace.bid_pause is 'distributed by user_id';
comment on column marketplace.bid_pause.user_id is 'Id<"user">';

create table marketplace.deposit (
  listing_id text not null,
  bidder_id text not null,
  amount_minor bigint not null,
  currency text not null,
  at timestamp with time zone not null,
  ended_at timestamp with time zone,
  outcome text,
  constraint deposit_pkey PRIMARY KEY (listing_id, bidder_id),
  constraint deposit_amount_minor_check CHECK ((amount_minor > 0)),
  constraint deposit_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint deposit_outcome_check CHECK ((outcome = ANY (ARRAY['returned'::text, 'kept'::text])))
);
CREATE INDEX deposit_open ON marketplace.deposit USING btree (listing_id) WHERE (ended_at IS NULL);
grant insert, select, update on marketplace.deposit to evx_app;
comment on table marketplace.deposit is 'distributed by listing_id';
comment on column marketplace.deposit.listing_id is 'Id<"listing">';
comment on column marketplace.deposit.bidder_id is 'Id<"user">';

create table marketplace.dispute (
  id text not null,
  order_id text not null,
  payment_id text not null,
  buyer_id text not null,
  currency text not null,
  status text not null,
  reason text not null,
  outcome text,
  amount_minor bigint,
  opened_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  resolved_by text,
  constraint dispute_pkey PRIMARY KEY (id),
  constraint dispute_amount_minor_check CHECK ((amount_minor > 0)),
  constraint dispute_check CHECK ((((status = 'resolved'::text) = (outcome IS NOT NULL)) AND ((outcome IS NULL) = (resolved_at IS NULL)))),
  constraint dispute_outcome_check CHECK ((outcome = ANY (ARRAY['refund'::text, 'partial_refund'::text, 'release'::text]))),
  constraint dispute_status_check CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text])))
);
CREATE INDEX dispute_buyer ON marketplace.dispute USING btree (buyer_id, opened_at, id);
CREATE INDEX dispute_newest ON marketplace.dispute USING btree (opened_at, id);
CREATE UNIQUE INDEX dispute_open ON marketplace.dispute USING btree (order_id) WHERE (status = 'open'::text);
grant insert, select, update on marketplace.dispute to evx_app;
comment on column marketplace.dispute.id is 'Id<"dispute">';
comment on column marketplace.dispute.order_id is 'Id<"order">';
comment on column marketplace.dispute.payment_id is 'Id<"payment">';
comment on column marketplace.dispute.buyer_id is 'Id<"user">';
comment on column marketplace.dispute.resolved_by is 'Id<"user">';

create table marketplace.dispute_file (
  id text not null,
  dispute_id text not null,
  author_id text not null,
  side text not null,
  name text not null,
  content_type text not null,
  content bytea not null,
  at timestamp with time zone not null,
  constraint dispute_file_pkey PRIMARY KEY (id),
  constraint dispute_file_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES marketplace.dispute(id),
  constraint dispute_file_content_check CHECK (((length(content) >= 1) AND (length(content) <= 10485760))),
  constraint dispute_file_content_type_check CHECK ((content_type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text, 'image/webp'::text, 'application/pdf'::text]))),
  constraint dispute_file_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint dispute_file_side_check CHECK ((side = ANY (ARRAY['buyer'::text, 'seller'::text, 'operator'::text])))
);
CREATE INDEX dispute_file_of ON marketplace.dispute_file USING btree (dispute_id, at, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON marketplace.dispute_file FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on marketplace.dispute_file to evx_app;
comment on column marketplace.dispute_file.id is 'Id<"evidence">';
comment on column marketplace.dispute_file.dispute_id is 'Id<"dispute">';
comment on column marketplace.dispute_file.author_id is 'Id<"user">';

create table marketplace.dispute_message (
  dispute_id text not null,
  seq integer not null,
  author_id text not null,
  side text not null,
  message text not null,
  at timestamp with time zone not null,
  constraint dispute_message_pkey PRIMARY KEY (dispute_id, seq),
  constraint dispute_message_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES marketplace.dispute(id),
  constraint dispute_message_seq_check CHECK ((seq > 0)),
  constraint dispute_message_side_check CHECK ((side = ANY (ARRAY['buyer'::text, 'seller'::text, 'operator'::text])))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON marketplace.dispute_message FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on marketplace.dispute_message to evx_app;
comment on column marketplace.dispute_message.dispute_id is 'Id<"dispute">';
comment on column marketplace.dispute_message.author_id is 'Id<"user">';

create table marketplace.facet (
  currency text not null,
  facet text not null,
  value text not null,
  listings bigint not null,
  constraint facet_pkey PRIMARY KEY (currency, facet, value),
  constraint facet_facet_check CHECK ((facet = ANY (ARRAY['country'::text, 'vintage'::text, 'method'::text, 'type'::text, 'quality'::text, 'price'::text]))),
  constraint facet_listings_check CHECK ((listings > 0))
);
grant delete, insert, select, update on marketplace.facet to evx_app;

create table marketplace.former_price (
  listing_id text not null,
  at timestamp with time zone not null,
  price_minor bigint not null,
  constraint former_price_pkey PRIMARY KEY (listing_id, at),
  constraint former_price_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES marketplace.listing(id),
  constraint former_price_price_minor_check CHECK ((price_minor > 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON marketplace.former_price FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on marketplace.former_price to evx_app;
comment on column marketplace.former_price.listing_id is 'Id<"listing">';

create table marketplace.listing (
  id text not null,
  seller_id text not null,
  kind text not null,
  status text not null,
  amount_g bigint not null,
  remaining_g bigint not null,
  sold_g bigint not null default 0,
  returned_g bigint not null default 0,
  price_minor bigint not null,
  currency text not null,
  vintage_year integer not null,
  country_code text not null,
  method_code text not null,
  mixed boolean not null,
  words text not null,
  ends_at timestamp with time zone,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  open boolean not null generated always as (((status = 'active'::text) AND (remaining_g > 0) AND (starts_at IS NULL))) stored,
  min_g bigint,
  expires_at timestamp with time zone,
  starts_at timestamp with time zone,
  constraint listing_pkey PRIMARY KEY (id),
  constraint listing_amount_g_check CHECK ((amount_g > 0)),
  constraint listing_check CHECK ((((remaining_g + sold_g) + returned_g) <= amount_g)),
  constraint listing_check1 CHECK (((kind = 'auction'::text) = (ends_at IS NOT NULL))),
  constraint listing_kind_check CHECK ((kind = ANY (ARRAY['fixed'::text, 'auction'::text]))),
  constraint listing_min_g_check CHECK ((min_g > 0)),
  constraint listing_price_minor_check CHECK ((price_minor > 0)),
  constraint listing_remaining_g_check CHECK ((remaining_g >= 0)),
  constraint listing_returned_g_check CHECK ((returned_g >= 0)),
  constraint listing_sold_g_check CHECK ((sold_g >= 0)),
  constraint listing_status_check CHECK ((status = ANY (ARRAY['active'::text, 'sold'::text, 'cancelled'::text, 'expired'::text])))
) with (fillfactor=80);
CREATE INDEX listing_country_newest ON marketplace.listing USING btree (country_code, created_at, id) WHERE open;
CREATE INDEX listing_country_price ON marketplace.listing USING btree (country_code, price_minor, id) WHERE open;
CREATE INDEX listing_ending ON marketplace.listing USING btree (ends_at, id) WHERE (open AND (kind = 'auction'::text));
CREATE INDEX listing_expiring ON marketplace.listing USING btree (expires_at) WHERE ((status = 'active'::text) AND (expires_at IS NOT NULL));
CREATE INDEX listing_fixed_price ON marketplace.listing USING btree (currency, price_minor, created_at, id) WHERE (open AND (kind = 'fixed'::text));
CREATE INDEX listing_method_newest ON marketplace.listing USING btree (method_code, created_at, id) WHERE open;
CREATE INDEX listing_method_price ON marketplace.listing USING btree (method_code, price_minor, id) WHERE open;
CREATE INDEX listing_newest ON marketplace.listing USING btree (created_at, id) WHERE open;
CREATE INDEX listing_price ON marketplace.listing USING btree (price_minor, id) WHERE open;
CREATE INDEX listing_seller ON marketplace.listing USING btree (seller_id, created_at, id);
CREATE INDEX listing_starting ON marketplace.listing USING btree (starts_at) WHERE ((starts_at IS NOT NULL) AND (status = 'active'::text));
CREATE INDEX listing_vintage_newest ON marketplace.listing USING btree (vintage_year, country_code, created_at, id) WHERE open;
CREATE INDEX listing_vintage_price ON marketplace.listing USING btree (vintage_year, country_code, price_minor, id) WHERE open;
CREATE INDEX listing_words ON marketplace.listing USING gin (words public.gin_trgm_ops) WHERE open;
grant insert, select, update on marketplace.listing to evx_app;
comment on table marketplace.listing is 'distributed by id';
comment on column marketplace.listing.id is 'Id<"listing">';
comment on column marketplace.listing.seller_id is 'Id<"user">';

create table marketplace."order" (
  id text not null,
  kind text not null,
  listing_id text not null,
  buyer_id text not null,
  seller_id text not null,
  status text not null,
  amount_g bigint not null,
  price_minor bigint not null,
  currency text not null,
  total_minor bigint not null,
  platform_fee_minor bigint not null,
  cva_fee_minor bigint not null,
  net_minor bigint not null,
  fees_version integer not null,
  payment_id text not null,
  transfer_id text not null,
  leg_accounts text[] not null,
  leg_amounts bigint[] not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  ended_at timestamp with time zone,
  sweep_id text,
  constraint order_pkey PRIMARY KEY (id),
  constraint order_amount_g_check CHECK ((amount_g > 0)),
  constraint order_check CHECK ((seller_id <> buyer_id)),
  constraint order_check1 CHECK ((cardinality(leg_amounts) = cardinality(leg_accounts))),
  constraint order_check2 CHECK ((((platform_fee_minor + cva_fee_minor) + net_minor) = total_minor)),
  constraint order_cva_fee_minor_check CHECK ((cva_fee_minor >= 0)),
  constraint order_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'auction_win'::text, 'second_chance'::text]))),
  constraint order_net_minor_check CHECK ((net_minor >= 0)),
  constraint order_platform_fee_minor_check CHECK ((platform_fee_minor >= 0)),
  constraint order_price_minor_check CHECK ((price_minor > 0)),
  constraint order_status_check CHECK ((status = ANY (ARRAY['pending_payment'::text, 'paid'::text, 'completed'::text, 'cancelled'::text, 'expired'::text, 'refunded'::text, 'disputed'::text]))),
  constraint order_total_minor_check CHECK ((total_minor > 0))
) with (fillfactor=80);
CREATE INDEX order_buyer ON marketplace."order" USING btree (buyer_id, created_at, id);
CREATE INDEX order_listing ON marketplace."order" USING btree (listing_id);
CREATE INDEX order_newest ON marketplace."order" USING btree (created_at, id);
CREATE INDEX order_paid ON marketplace."order" USING btree (paid_at) WHERE (status = 'paid'::text);
CREATE INDEX order_seller ON marketplace."order" USING btree (seller_id, created_at, id);
CREATE INDEX order_sweep ON marketplace."order" USING btree (sweep_id) WHERE (sweep_id IS NOT NULL);
CREATE INDEX order_waiting ON marketplace."order" USING btree (expires_at) WHERE (status = 'pending_payment'::text);
grant insert, select, update on marketplace."order" to evx_app;
comment on table marketplace."order" is 'distributed by id';
comment on column marketplace."order".id is 'Id<"order">';
comment on column marketplace."order".listing_id is 'Id<"listing">';
comment on column marketplace."order".buyer_id is 'Id<"user">';
comment on column marketplace."order".seller_id is 'Id<"user">';
comment on column marketplace."order".payment_id is 'Id<"payment">';
comment on column marketplace."order".transfer_id is 'Id<"transfer">';
comment on column marketplace."order".sweep_id is 'Id<"order">';

create table marketplace.presence (
  server text not null,
  listing_id text not null,
  people integer not null,
  seen_at timestamp with time zone not null,
  constraint presence_pkey PRIMARY KEY (listing_id, server),
  constraint presence_people_check CHECK ((people > 0))
);
CREATE INDEX presence_seen ON marketplace.presence USING btree (seen_at);
grant delete, insert, select, update on marketplace.presence to evx_app;

create table marketplace.quote (
  id text not null,
  currency text not null,
  amount_g bigint not null,
  max_minor bigint,
  vintage_from integer,
  country_code text,
  method_code text,
  quality_tier text,
  lines jsonb not null,
  total_minor bigint not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  order_id text,
  constraint quote_pkey PRIMARY KEY (id),
  constraint quote_amount_g_check CHECK ((amount_g > 0)),
  constraint quote_max_minor_check CHECK ((max_minor > 0)),
  constraint quote_total_minor_check CHECK ((total_minor > 0))
);
CREATE INDEX quote_expiry ON marketplace.quote USING btree (expires_at);
grant delete, insert, select, update on marketplace.quote to evx_app;
comment on table marketplace.quote is 'distributed by id';
comment on column marketplace.quote.id is 'Id<"quote">';
comment on column marketplace.quote.order_id is 'Id<"order">';

create table marketplace.saved_search (
  id text not null,
  user_id text not null,
  name text not null,
  filter jsonb not null,
  alerts boolean not null,
  created_at timestamp with time zone not null,
  told_until timestamp with time zone not null,
  constraint saved_search_pkey PRIMARY KEY (id),
  constraint saved_search_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);
CREATE INDEX saved_search_user ON marketplace.saved_search USING btree (user_id, created_at, id);
grant delete, insert, select, update on marketplace.saved_search to evx_app;
comment on column marketplace.saved_search.id is 'Id<"search">';
comment on column marketplace.saved_search.user_id is 'Id<"user">';

create table marketplace.self_dealing (
  order_id text not null,
  buyer_id text not null,
  seller_id text not null,
  marks text[] not null,
  found_at timestamp with time zone not null,
  cleared_at timestamp with time zone,
  cleared_by text,
  note text,
  constraint self_dealing_pkey PRIMARY KEY (order_id),
  constraint self_dealing_check CHECK ((((cleared_at IS NULL) = (cleared_by IS NULL)) AND ((cleared_at IS NULL) = (note IS NULL)))),
  constraint self_dealing_marks_check CHECK (((cardinality(marks) > 0) AND (marks <@ ARRAY['bank'::text, 'identity'::text, 'device'::text, 'card'::text])))
);
CREATE INDEX self_dealing_newest ON marketplace.self_dealing USING btree (found_at, order_id);
grant insert, select, update on marketplace.self_dealing to evx_app;
comment on table marketplace.self_dealing is 'distributed by order_id';
comment on column marketplace.self_dealing.order_id is 'Id<"order">';
comment on column marketplace.self_dealing.buyer_id is 'Id<"user">';
comment on column marketplace.self_dealing.seller_id is 'Id<"user">';
comment on column marketplace.self_dealing.cleared_by is 'Id<"user">';

create table marketplace.strike (
  order_id text not null,
  user_id text not null,
  at timestamp with time zone not null,
  constraint strike_pkey PRIMARY KEY (order_id)
);
CREATE INDEX strike_user ON marketplace.strike USING btree (user_id, at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON marketplace.strike FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on marketplace.strike to evx_app;
comment on table marketplace.strike is 'distributed by order_id';
comment on column marketplace.strike.order_id is 'Id<"order">';
comment on column marketplace.strike.user_id is 'Id<"user">';

create table marketplace.sweep (
  id text not null,
  quote_id text not null,
  buyer_id text not null,
  status text not null,
  amount_g bigint not null,
  currency text not null,
  total_minor bigint not null,
  max_minor bigint not null,
  vintage_from integer,
  country_code text,
  method_code text,
  quality_tier text,
  payment_id text not null,
  transfer_id text not null,
  escrow_account text not null,
  change_account text not null,
  retirement jsonb,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint sweep_pkey PRIMARY KEY (id),
  constraint sweep_amount_g_check CHECK ((amount_g > 0)),
  constraint sweep_max_minor_check CHECK ((max_minor > 0)),
  constraint sweep_status_check CHECK ((status = ANY (ARRAY['pending_payment'::text, 'paid'::text, 'completed'::text, 'cancelled'::text, 'expired'::text, 'refunded'::text, 'disputed'::text]))),
  constraint sweep_total_minor_check CHECK ((total_minor > 0))
) with (fillfactor=80);
CREATE INDEX sweep_buyer ON marketplace.sweep USING btree (buyer_id, created_at, id);
CREATE INDEX sweep_paid ON marketplace.sweep USING btree (paid_at) WHERE (status = 'paid'::text);
CREATE INDEX sweep_waiting ON marketplace.sweep USING btree (expires_at) WHERE (status = 'pending_payment'::text);
grant insert, select, update on marketplace.sweep to evx_app;
comment on table marketplace.sweep is 'distributed by id';
comment on column marketplace.sweep.id is 'Id<"order">';
comment on column marketplace.sweep.quote_id is 'Id<"quote">';
comment on column marketplace.sweep.buyer_id is 'Id<"user">';
comment on column marketplace.sweep.payment_id is 'Id<"payment">';
comment on column marketplace.sweep.transfer_id is 'Id<"transfer">';

create table marketplace.wanted (
  id text not null,
  buyer_id text not null,
  status text not null,
  amount_g bigint not null,
  remaining_g bigint not null,
  max_minor bigint not null,
  currency text not null,
  vintage_from integer,
  country_code text,
  method_code text,
  quality_tier text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  funded boolean not null default false,
  hold_id text,
  held_minor bigint not null default 0,
  constraint wanted_pkey PRIMARY KEY (id),
  constraint wanted_amount_g_check CHECK ((amount_g > 0)),
  constraint wanted_check CHECK (((remaining_g >= 0) AND (remaining_g <= amount_g))),
  constraint wanted_held CHECK (((hold_id IS NULL) = (held_minor = 0))),
  constraint wanted_held_minor_check CHECK ((held_minor >= 0)),
  constraint wanted_max_minor_check CHECK ((max_minor > 0)),
  constraint wanted_status_check CHECK ((status = ANY (ARRAY['open'::text, 'filled'::text, 'cancelled'::text, 'expired'::text])))
) with (fillfactor=80);
CREATE INDEX wanted_buyer ON marketplace.wanted USING btree (buyer_id, created_at, id);
CREATE INDEX wanted_expiry ON marketplace.wanted USING btree (expires_at) WHERE (status = 'open'::text);
CREATE INDEX wanted_left_set_aside ON marketplace.wanted USING btree (id) WHERE ((hold_id IS NOT NULL) AND (status <> 'open'::text));
CREATE INDEX wanted_price ON marketplace.wanted USING btree (currency, max_minor DESC, created_at, id) WHERE (status = 'open'::text);
grant insert, select, update on marketplace.wanted to evx_app;
comment on table marketplace.wanted is 'distributed by id';
comment on column marketplace.wanted.id is 'Id<"wanted">';
comment on column marketplace.wanted.buyer_id is 'Id<"user">';

create table marketplace.wanted_fill (
  order_id text not null,
  wanted_id text not null,
  amount_g bigint not null,
  at timestamp with time zone not null,
  lost_at timestamp with time zone,
  constraint wanted_fill_pkey PRIMARY KEY (order_id),
  constraint wanted_fill_amount_g_check CHECK ((amount_g > 0))
);
CREATE INDEX wanted_fill_wanted ON marketplace.wanted_fill USING btree (wanted_id, at);
grant insert, select, update on marketplace.wanted_fill to evx_app;
comment on table marketplace.wanted_fill is 'distributed by order_id';
comment on column marketplace.wanted_fill.order_id is 'Id<"order">';
comment on column marketplace.wanted_fill.wanted_id is 'Id<"wanted">';

create table marketplace.watch (
  user_id text not null,
  listing_id text not null,
  at timestamp with time zone not null,
  told_at timestamp with time zone,
  constraint watch_pkey PRIMARY KEY (user_id, listing_id),
  constraint watch_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES marketplace.listing(id)
);
CREATE INDEX watch_listing ON marketplace.watch USING btree (listing_id);
grant delete, insert, select, update on marketplace.watch to evx_app;
comment on column marketplace.watch.user_id is 'Id<"user">';
comment on column marketplace.watch.listing_id is 'Id<"listing">';

CREATE OR REPLACE FUNCTION marketplace.completed_sale(p_order marketplace."order", p_listing marketplace.listing, p_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'orderId', p_order.id, 'kind', p_order.kind, 'listingId', p_order.listing_id, 'buyerId', p_order.buyer_id,
    'sellerId', p_order.seller_id, 'grams', p_order.amount_g::text,
    'pricePerCreditMinor', p_order.price_minor::text, 'totalMinor', p_order.total_minor::text,
    'currency', p_order.currency, 'paymentId', p_order.payment_id, 'transferId', p_order.transfer_id,
    'platformFeeMinor', p_order.platform_fee_minor::text, 'cvaFeeMinor', p_order.cva_fee_minor::text,
    'netMinor', p_order.net_minor::text, 'vintage', p_listing.vintage_year, 'country', p_listing.country_code,
    'method', p_listing.method_code, 'sweepId', p_order.sweep_id, 'at', marketplace.iso(p_at))
$function$;

CREATE OR REPLACE FUNCTION marketplace.iso(moment timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$function$;

CREATE OR REPLACE FUNCTION marketplace.place_bid(p_listing_id text, p_id text, p_bidder_id text, p_max bigint, p_at timestamp with time zone, p_cause text, OUT outcome text, OUT seq bigint, OUT leads boolean, OUT price_minor bigint, OUT minimum_minor bigint, OUT ends_at timestamp with time zone, OUT mask text, OUT outbid_id text, OUT seller_id text)
 RETURNS record
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  a marketplace.auction; known marketplace.bid;
  moment timestamptz; paused timestamptz;
  is_covered boolean; is_own boolean;
  highest bigint; second bigint; top_mask text; new_salt text; commitment bytea; new_hash bytea;
begin
  select * into a from marketplace.auction where auction.listing_id = p_listing_id for update;
  if not found then outcome := 'missing'; return; end if;
  seller_id := a.seller_id; seq := a.seq; price_minor := a.price_minor;
  is_own := a.leader_id = p_bidder_id;
  -- The wait for the lock may have outlasted the auction, so now() would be too early. Milliseconds, as shown.
  moment := date_trunc('milliseconds', clock_timestamp());
  minimum_minor := case when a.leader_id is null then a.start_minor when is_own then a.leader_max_minor + 1
    else a.price_minor + marketplace.step_of(a.price_minor, a.step_bps, a.step_minor, a.band_from, a.band_step) end;
  select (select p.until from marketplace.bid_pause p where p.user_id = p_bidder_id and p.until > moment),
      a.deposit_minor is null or exists (select from marketplace.deposit d
        where d.listing_id = p_listing_id and d.bidder_id = p_bidder_id) into paused, is_covered;
  outcome := case
    when a.status <> 'live' or moment >= a.ends_at then 'ended' when moment < a.starts_at then 'early'
    when paused is not null then 'paused' when a.seller_id = p_bidder_id then 'own'
    when not is_covered then 'no_deposit' when p_max < minimum_minor then 'too_low' end;
  ends_at := case outcome when 'early' then a.starts_at when 'paused' then paused else a.ends_at end;
  if outcome is null then
    mask := left(encode(sha256(convert_to(a.mask_secret || '|' || p_bidder_id, 'UTF8')), 'hex'), 8);
    leads := a.leader_id is null or is_own or p_max > a.leader_max_minor;
    highest := case when leads then p_max else a.leader_max_minor end;
    second := case when not leads then p_max when is_own then a.second_max_minor else a.leader_max_minor end;
    top_mask := case when leads then mask else a.leader_mask end;
    outbid_id := case when leads and not is_own then a.leader_id end;
    price_minor := marketplace.proxy_price(highest, second, a.start_minor, a.reserve_minor,
      marketplace.step_of(second, a.step_bps, a.step_minor, a.band_from, a.band_step));
    ends_at := greatest(a.ends_at, moment + make_interval(secs => a.window_s));
    new_salt := gen_random_uuid()::text;
    commitment := sha256(convert_to(new_salt || '|' || p_max, 'UTF8'));
    new_hash := sha256(convert_to(concat_ws('|', encode(a.head, 'hex'), p_listing_id, a.seq + 1, p_id, mask,
      encode(commitment, 'hex'), price_minor, top_mask, marketplace.iso(moment), marketplace.iso(ends_at)), 'UTF8'));
    -- Both in one statement: each of its own costs as much again. Where the id is known nothing happens.
    with placed as (
      insert into marketplace.bid (listing_id, seq, id, bidder_id, mask, max_minor, salt, max_hash, price_minor,
          leader_mask, leads, ends_at, at, prev, hash)
        values (p_listing_id, a.seq + 1, p_id, p_bidder_id, place_bid.mask, p_max, new_salt, commitment,
          place_bid.price_minor, top_mask, place_bid.leads, place_bid.ends_at, moment, a.head, new_hash)
        on conflict (listing_id, id) do nothing returning bid.seq
    )
    update marketplace.auction set
        seq = placed.seq, head = new_hash, price_minor = place_bid.price_minor, ends_at = place_bid.ends_at,
        leader_id = case when place_bid.leads then p_bidder_id else auction.leader_id end,
        leader_mask = top_mask, leader_max_minor = highest, second_max_minor = second
      from placed where auction.listing_id = p_listing_id returning placed.seq into place_bid.seq;
    if found then
      outcome := 'placed';
      if ends_at <> a.ends_at then
        update marketplace.listing set ends_at = place_bid.ends_at where listing.id = p_listing_id;
      end if;
      -- Whom the bid has cost the lead; open pages read the auction itself.
      if outbid_id is not null then
        perform jobs.emit('marketplace.outbid', jsonb_build_object('listingId', p_listing_id, 'bidderId', outbid_id,
          'priceMinor', price_minor::text, 'currency', a.currency, 'endsAt', marketplace.iso(ends_at)), p_cause, p_at);
      end if;
      return;
    end if;
  end if;
  -- Nothing was changed: the answer to this bid when it came before, or why it cannot stand.
  select * into known from marketplace.bid b where b.listing_id = p_listing_id and b.id = p_id;
  if found then
    outcome := case when known.bidder_id = p_bidder_id and known.max_minor = p_max then 'replayed' else 'id_reused' end;
    mask := known.mask; seq := a.seq; price_minor := a.price_minor; ends_at := a.ends_at; leads := is_own;
    outbid_id := null;
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION marketplace.proxy_price(p_highest bigint, p_second bigint, p_start bigint, p_reserve bigint, p_step bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select greatest(case when p_second is null then p_start else least(p_highest, p_second + p_step) end,
    case when p_highest >= p_reserve then p_reserve end);
$function$;

CREATE OR REPLACE FUNCTION marketplace.settle(p_order text, p_at timestamp with time zone, p_cause text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  o marketplace."order";
  l marketplace.listing;
begin
  update marketplace."order" set status = 'completed', ended_at = p_at
    where id = p_order and status = 'paid'
    returning * into o;
  if not found then return marketplace.settle_sweep(p_order, p_at, p_cause); end if;
  if not payments.settle(o.payment_id, p_at, o.transfer_id) then
    raise exception using errcode = 'MKT01', message = 'order_money_withheld';
  end if;
  update marketplace.listing set
      sold_g = sold_g + o.amount_g,
      status = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then 'sold' else status end,
      ended_at = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then p_at else ended_at end
    where id = o.listing_id
    returning * into l;
  perform credits.tell_of_sale(o.transfer_id, o.id, o.seller_id, o.buyer_id, o.amount_g, p_at, p_cause);
  perform marketplace.tell_of_sale(o, l, p_at, p_cause);
  perform ledger.post(o.transfer_id, 'sale', p_at, o.leg_accounts, o.leg_amounts,
    array_fill(null::text, array[cardinality(o.leg_accounts)]), jsonb_build_object('orderId', o.id),
    array[o.id], null);
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION marketplace.settle_sweep(p_sweep text, p_at timestamp with time zone, p_cause text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
declare
  s marketplace.sweep;
  grams bigint; cost bigint; first_seller text;
  lines text[];
  listings text[]; sold bigint[];
  accounts text[]; amounts bigint[];
begin
  update marketplace.sweep set status = 'completed', ended_at = p_at
    where id = p_sweep and status = 'paid'
    returning * into s;
  if not found then return false; end if;
  if not payments.settle(s.payment_id, p_at, s.transfer_id) then
    raise exception using errcode = 'MKT01', message = 'order_money_withheld';
  end if;
  with done as (
    update marketplace."order" set status = 'completed', ended_at = p_at
    where sweep_id = p_sweep and status = 'paid'
    returning id, listing_id, amount_g, total_minor, seller_id, leg_accounts, leg_amounts
  ), whole as (
    select sum(amount_g)::bigint as grams, sum(total_minor)::bigint as cost, min(seller_id) as first_seller,
      array_agg(id order by id) as lines from done
  ), line as (
    select listing_id, sum(amount_g)::bigint as sold from done group by listing_id
  ), leg as (
    select account, sum(amount)::bigint as amount
    from (
      select leg.account, leg.amount from done, unnest(done.leg_accounts, done.leg_amounts) as leg (account, amount)
      union all
      select s.escrow_account, whole.cost - s.total_minor from whole
      union all
      select s.change_account, s.total_minor - whole.cost from whole
    ) as every_leg
    group by account having sum(amount) <> 0
  )
  select whole.*,
    (select array_agg(listing_id order by listing_id) from line), (select array_agg(line.sold order by listing_id) from line),
    (select array_agg(account order by account collate "C") from leg),
    (select array_agg(amount order by account collate "C") from leg)
  into grams, cost, first_seller, lines, listings, sold, accounts, amounts from whole;
  -- By id, as whoever locks several listings.
  perform from marketplace.listing where id = any (listings) order by id for update;
  update marketplace.listing l set
      sold_g = sold_g + line.grams,
      status = case when status = 'active' and sold_g + line.grams + returned_g = amount_g then 'sold' else status end,
      ended_at = case when status = 'active' and sold_g + line.grams + returned_g = amount_g then p_at else ended_at end
    from unnest(listings, sold) as line (listing_id, grams)
    where l.id = line.listing_id;

  if s.retirement is null then
    perform credits.tell_of_sale(s.transfer_id, s.id, first_seller, s.buyer_id, grams, p_at, p_cause);
  else
    perform credits.note_retirement(s.transfer_id, s.buyer_id, grams, s.retirement, p_at);
  end if;
  perform jobs.emit('marketplace.sweep_completed', jsonb_build_object(
    'orderId', s.id, 'buyerId', s.buyer_id, 'grams', grams::text, 'totalMinor', cost::text,
    'changeMinor', (s.total_minor - cost)::text, 'currency', s.currency,
    'retirementId', s.retirement ->> 'retirementId', 'at', marketplace.iso(p_at)), p_cause, p_at);
  perform marketplace.tell_of_sales(lines, p_at, p_cause);
  perform ledger.post(s.transfer_id, 'sale', p_at, accounts, amounts,
    array_fill(null::text, array[cardinality(accounts)]), jsonb_build_object('orderId', s.id), lines, null);
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION marketplace.step_of(p_price bigint, p_step_bps integer, p_step_minor bigint, p_band_from bigint[], p_band_step bigint[])
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select greatest((p_price * p_step_bps + 9999) / 10000,
    coalesce(p_band_step[width_bucket(p_price, p_band_from)], p_step_minor));
$function$;

CREATE OR REPLACE FUNCTION marketplace.tell_of_sale(p_order marketplace."order", p_listing marketplace.listing, p_at timestamp with time zone, p_cause text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform jobs.emit('marketplace.order_completed', marketplace.completed_sale(p_order, p_listing, p_at), p_cause, p_at);
end
$function$;

CREATE OR REPLACE FUNCTION marketplace.tell_of_sales(p_lines text[], p_at timestamp with time zone, p_cause text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into jobs.outbox (kind, name, payload, cause, at)
  select 'event', 'marketplace.order_completed', marketplace.completed_sale(o, l, p_at), p_cause, p_at
  from marketplace."order" o join marketplace.listing l on l.id = o.listing_id
  where o.id = any (p_lines) order by o.id;
end
$function$;

create schema notifications;
grant usage on schema notifications to evx_app;

create table notifications.bounced (
  email text not null,
  kind text not null,
  reason text not null,
  at timestamp with time zone not null,
  constraint bounced_pkey PRIMARY KEY (email),
  constraint bounced_email_check CHECK ((length(email) <= 320)),
  constraint bounced_kind_check CHECK ((kind = ANY (ARRAY['bounced'::text, 'complained'::text])))
);
grant delete, insert, select, update on notifications.bounced to evx_app;

create table notifications.device (
  id text not null,
  user_id text not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  label text not null,
  created_at timestamp with time zone not null,
  session_id text,
  constraint device_pkey PRIMARY KEY (id),
  constraint device_session_id_fkey FOREIGN KEY (session_id) REFERENCES identity.session(id) ON DELETE CASCADE,
  constraint device_auth_check CHECK (((length(auth) >= 20) AND (length(auth) <= 30))),
  constraint device_endpoint_check CHECK (((length(endpoint) >= 10) AND (length(endpoint) <= 1000))),
  constraint device_label_check CHECK (((length(label) >= 1) AND (length(label) <= 100))),
  constraint device_p256dh_check CHECK (((length(p256dh) >= 80) AND (length(p256dh) <= 100)))
);
CREATE INDEX device_by_session ON notifications.device USING btree (session_id);
CREATE INDEX device_by_user ON notifications.device USING btree (user_id);
grant delete, insert, select, update on notifications.device to evx_app;
comment on column notifications.device.user_id is 'Id<"user">';
comment on column notifications.device.session_id is 'Id<"session">';

create table notifications.manner (
  user_id text not null,
  zone text not null default 'UTC'::text,
  quiet_from smallint,
  quiet_to smallint,
  digest text not null default 'off'::text,
  leave_token text not null,
  changed_at timestamp with time zone not null,
  constraint manner_pkey PRIMARY KEY (user_id),
  constraint manner_leave_token_key UNIQUE (leave_token),
  constraint manner_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
  constraint manner_digest_check CHECK ((digest = ANY (ARRAY['off'::text, 'daily'::text, 'weekly'::text]))),
  constraint manner_leave_token_check CHECK ((length(leave_token) = 32)),
  constraint manner_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 1439))),
  constraint manner_quiet_to_check CHECK (((quiet_to >= 0) AND (quiet_to <= 1439))),
  constraint manner_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 64)))
);
grant insert, select, update on notifications.manner to evx_app;
comment on column notifications.manner.user_id is 'Id<"user">';

create table notifications.notification (
  id text not null,
  user_id text not null,
  channel text not null,
  template text,
  details jsonb not null default '{}'::jsonb,
  subject text,
  message text,
  link text,
  status text not null,
  reason text,
  read_at timestamp with time zone,
  created_at timestamp with time zone not null,
  source text not null,
  not_before timestamp with time zone,
  digest boolean not null default false,
  digest_id text,
  tried_at timestamp with time zone,
  constraint notification_pkey PRIMARY KEY (id),
  constraint notification_user_id_channel_source_key UNIQUE (user_id, channel, source),
  constraint notification_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'email'::text, 'sms'::text, 'push'::text]))),
  constraint notification_check CHECK (((template IS NULL) <> (subject IS NULL))),
  constraint notification_check1 CHECK (((subject IS NULL) = (message IS NULL))),
  constraint notification_check2 CHECK (((status = 'read'::text) = (read_at IS NOT NULL))),
  constraint notification_status_check CHECK ((status = ANY (ARRAY['unread'::text, 'read'::text, 'queued'::text, 'sent'::text, 'failed'::text])))
);
CREATE INDEX notification_all_by_user ON notifications.notification USING btree (user_id, id DESC);
CREATE INDEX notification_by_user ON notifications.notification USING btree (user_id, id DESC) WHERE (channel = 'in_app'::text);
CREATE INDEX notification_failed ON notifications.notification USING btree (id DESC) WHERE (status = 'failed'::text);
CREATE INDEX notification_of_digest ON notifications.notification USING btree (digest_id) WHERE (digest_id IS NOT NULL);
CREATE INDEX notification_queued ON notifications.notification USING btree (created_at) WHERE (status = 'queued'::text);
CREATE INDEX notification_unread ON notifications.notification USING btree (user_id) WHERE (status = 'unread'::text);
grant insert, select, update on notifications.notification to evx_app;
comment on column notifications.notification.id is 'Id<"notification">';
comment on column notifications.notification.user_id is 'Id<"user">';
comment on column notifications.notification.digest_id is 'Id<"notification">';

create table notifications.phone (
  user_id text not null,
  number text not null,
  code_digest text,
  code_until timestamp with time zone,
  tries smallint not null default 0,
  asked smallint not null default 0,
  asked_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  constraint phone_pkey PRIMARY KEY (user_id),
  constraint phone_number_check CHECK ((number ~ '^\+[1-9][0-9]{6,14}$'::text))
);
grant delete, insert, select, update on notifications.phone to evx_app;
comment on column notifications.phone.user_id is 'Id<"user">';

create table notifications.preference (
  user_id text not null,
  topic text not null,
  email boolean not null,
  changed_at timestamp with time zone not null,
  push boolean not null default true,
  sms boolean not null default false,
  constraint preference_pkey PRIMARY KEY (user_id, topic)
);
grant insert, select, update on notifications.preference to evx_app;
comment on column notifications.preference.user_id is 'Id<"user">';

create table notifications.told_until (
  kind text not null,
  at timestamp with time zone not null,
  id text not null,
  constraint told_until_pkey PRIMARY KEY (kind),
  constraint told_until_kind_check CHECK ((kind = ANY (ARRAY['sale'::text, 'identity'::text, 'certificate'::text])))
);
grant insert, select, update on notifications.told_until to evx_app;

create schema payments;
grant usage on schema payments to evx_app;

create table payments.attempt (
  payment_id text not null,
  number integer not null,
  gateway text not null,
  status text not null,
  ref text,
  redirect_url text,
  charge_ref text,
  locale text not null,
  expires_at timestamp with time zone not null,
  opened_at timestamp with time zone not null,
  looked_at timestamp with time zone not null,
  received_minor bigint,
  received_currency text,
  charged_minor bigint,
  charged_currency text,
  charged_rate text,
  fee_minor bigint,
  payer_digest text,
  look_again_at timestamp with time zone,
  constraint attempt_pkey PRIMARY KEY (payment_id, number),
  constraint attempt_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id),
  constraint attempt_charged CHECK (((charged_minor IS NULL) = (charged_currency IS NULL))),
  constraint attempt_charged_minor_check CHECK ((charged_minor > 0)),
  constraint attempt_check CHECK (((status = 'opening'::text) OR (status = 'closed'::text) OR (ref IS NOT NULL))),
  constraint attempt_fee_minor_check CHECK ((fee_minor >= 0)),
  constraint attempt_gateway_check CHECK ((gateway = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text, 'balance'::text]))),
  constraint attempt_number_check CHECK ((number > 0)),
  constraint attempt_rate CHECK (((charged_rate IS NULL) OR (charged_minor IS NOT NULL))),
  constraint attempt_received CHECK (((received_minor IS NULL) = (received_currency IS NULL))),
  constraint attempt_received_minor_check CHECK ((received_minor > 0)),
  constraint attempt_status_check CHECK ((status = ANY (ARRAY['opening'::text, 'open'::text, 'paid'::text, 'surplus'::text, 'mismatch'::text, 'closed'::text])))
);
CREATE INDEX attempt_charge ON payments.attempt USING btree (charge_ref) WHERE (charge_ref IS NOT NULL);
CREATE INDEX attempt_look_again ON payments.attempt USING btree (look_again_at) WHERE (look_again_at IS NOT NULL);
CREATE INDEX attempt_payer ON payments.attempt USING btree (payer_digest) WHERE (payer_digest IS NOT NULL);
CREATE INDEX attempt_ref ON payments.attempt USING btree (ref text_pattern_ops) WHERE (ref IS NOT NULL);
CREATE INDEX attempt_waiting ON payments.attempt USING btree (looked_at) WHERE (status = ANY (ARRAY['opening'::text, 'open'::text]));
grant insert, select, update on payments.attempt to evx_app;
comment on column payments.attempt.payment_id is 'Id<"payment">';

create table payments.difference (
  id text not null,
  gateway text not null,
  day date not null,
  kind text not null,
  what text not null,
  ref text,
  payment_id text,
  currency text not null,
  here_minor bigint,
  there_minor bigint,
  found_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  resolved_at timestamp with time zone,
  resolved_by text,
  note text,
  constraint difference_pkey PRIMARY KEY (id),
  constraint difference_gateway_day_fkey FOREIGN KEY (gateway, day) REFERENCES payments.reconciled_day(gateway, day),
  constraint difference_kind_check CHECK ((kind = ANY (ARRAY['missing_here'::text, 'missing_there'::text, 'amount'::text, 'fee'::text]))),
  constraint difference_what_check CHECK ((what = ANY (ARRAY['payment'::text, 'refund'::text, 'dispute'::text, 'payout'::text, 'fee'::text, 'other'::text])))
);
CREATE INDEX difference_day ON payments.difference USING btree (gateway, day);
CREATE INDEX difference_open ON payments.difference USING btree (day DESC, id DESC) WHERE ((gone_at IS NULL) AND (resolved_at IS NULL));
grant insert, select, update on payments.difference to evx_app;
comment on column payments.difference.id is 'Id<"difference">';
comment on column payments.difference.payment_id is 'Id<"payment">';
comment on column payments.difference.resolved_by is 'Id<"user">';

create table payments.dispute (
  payment_id text not null,
  status text not null,
  amount_minor bigint not null,
  opened_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  losses integer not null default 0,
  shares jsonb,
  fee_minor bigint not null default 0,
  answered_at timestamp with time zone,
  constraint dispute_pkey PRIMARY KEY (payment_id),
  constraint dispute_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id),
  constraint dispute_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint dispute_fee_minor_check CHECK ((fee_minor >= 0)),
  constraint dispute_status_check CHECK ((status = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text])))
);
CREATE INDEX dispute_newest ON payments.dispute USING btree (opened_at DESC, payment_id DESC);
grant insert, select, update on payments.dispute to evx_app;
comment on column payments.dispute.payment_id is 'Id<"payment">';

create table payments.invoice (
  number text not null,
  kind text not null,
  series text not null,
  year integer not null,
  sequence integer not null,
  source text not null,
  payment_id text not null,
  order_id text not null,
  buyer_id text not null,
  seller_id text not null,
  buyer_name text not null,
  seller_name text not null,
  issuer jsonb not null,
  refers_to text,
  description text not null,
  currency text not null,
  total_minor bigint not null,
  net_minor bigint not null,
  taxes jsonb not null,
  reason text,
  issued_at timestamp with time zone not null,
  constraint invoice_pkey PRIMARY KEY (number),
  constraint invoice_series_year_sequence_key UNIQUE (series, year, sequence),
  constraint invoice_source_key UNIQUE (source),
  constraint invoice_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id),
  constraint invoice_refers_to_fkey FOREIGN KEY (refers_to) REFERENCES payments.invoice(number),
  constraint invoice_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit_note'::text]))),
  constraint invoice_net_minor_check CHECK ((net_minor >= 0)),
  constraint invoice_sequence_check CHECK ((sequence > 0)),
  constraint invoice_total_minor_check CHECK ((total_minor > 0))
);
CREATE INDEX invoice_buyer ON payments.invoice USING btree (buyer_id, issued_at DESC, number DESC);
CREATE INDEX invoice_newest ON payments.invoice USING btree (issued_at DESC, number DESC);
CREATE INDEX invoice_payment ON payments.invoice USING btree (payment_id);
CREATE TRIGGER invoice_stays BEFORE DELETE OR UPDATE ON payments.invoice FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on payments.invoice to evx_app;
comment on column payments.invoice.payment_id is 'Id<"payment">';
comment on column payments.invoice.order_id is 'Id<"order">';
comment on column payments.invoice.buyer_id is 'Id<"user">';
comment on column payments.invoice.seller_id is 'Id<"user">';

create table payments.invoice_counter (
  series text not null,
  year integer not null,
  last integer not null,
  constraint invoice_counter_pkey PRIMARY KEY (series, year),
  constraint invoice_counter_last_check CHECK ((last > 0))
);
grant insert, select, update on payments.invoice_counter to evx_app;

create table payments.movement (
  gateway text not null,
  id text not null,
  day date not null,
  kind text not null,
  ref text,
  payment_id text,
  at timestamp with time zone not null,
  currency text not null,
  gross_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  constraint movement_pkey PRIMARY KEY (gateway, id),
  constraint movement_check CHECK ((net_minor = (gross_minor - fee_minor))),
  constraint movement_gateway_check CHECK ((gateway = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text]))),
  constraint movement_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text, 'dispute'::text, 'payout'::text, 'fee'::text, 'other'::text])))
);
CREATE INDEX movement_day ON payments.movement USING btree (gateway, day);
CREATE INDEX movement_payment ON payments.movement USING btree (payment_id) WHERE (payment_id IS NOT NULL);
CREATE INDEX movement_ref ON payments.movement USING btree (gateway, ref) WHERE (ref IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.movement FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on payments.movement to evx_app;
comment on column payments.movement.payment_id is 'Id<"payment">';

create table payments.payment (
  id text not null,
  order_id text not null,
  buyer_id text not null,
  seller_id text not null,
  amount_minor bigint not null,
  currency text not null,
  description text not null,
  status text not null default 'created'::text,
  method text,
  attempt integer,
  captured_at timestamp with time zone,
  settled_at timestamp with time zone,
  refunding_at timestamp with time zone,
  refunded_minor bigint not null default 0,
  failure text,
  flag text,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  charged_back_at timestamp with time zone,
  sale_id text,
  constraint payment_pkey PRIMARY KEY (id),
  constraint payment_order_id_key UNIQUE (order_id),
  constraint payment_amount_minor_check CHECK ((amount_minor > 0)),
  constraint payment_check CHECK (((refunded_minor >= 0) AND (refunded_minor <= amount_minor))),
  constraint payment_check1 CHECK (((attempt IS NULL) = (captured_at IS NULL))),
  constraint payment_check2 CHECK (((settled_at IS NULL) OR (captured_at IS NOT NULL))),
  constraint payment_check3 CHECK (((settled_at IS NULL) OR (refunding_at IS NULL))),
  constraint payment_flag_check CHECK ((flag = ANY (ARRAY['amount_mismatch'::text, 'refund_failed'::text, 'refunded_outside'::text, 'dispute_lost'::text]))),
  constraint payment_method_check CHECK ((method = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text, 'balance'::text]))),
  constraint payment_status_check CHECK ((status = ANY (ARRAY['created'::text, 'authorized'::text, 'captured'::text, 'partially_refunded'::text, 'refunded'::text, 'failed'::text, 'expired'::text, 'disputed'::text])))
) with (fillfactor=80);
CREATE INDEX payment_buyer ON payments.payment USING btree (buyer_id, created_at DESC, id DESC);
CREATE INDEX payment_flagged ON payments.payment USING btree (created_at DESC, id DESC) WHERE (flag IS NOT NULL);
CREATE INDEX payment_newest ON payments.payment USING btree (created_at DESC, id DESC);
CREATE INDEX payment_waiting ON payments.payment USING btree (expires_at) WHERE (status = ANY (ARRAY['created'::text, 'authorized'::text, 'failed'::text]));
grant insert, select, update on payments.payment to evx_app;
comment on column payments.payment.id is 'Id<"payment">';
comment on column payments.payment.order_id is 'Id<"order">';
comment on column payments.payment.buyer_id is 'Id<"user">';
comment on column payments.payment.seller_id is 'Id<"user">';
comment on column payments.payment.sale_id is 'Id<"transfer">';

create table payments.payout_plan (
  user_id text not null,
  every text not null,
  currency text not null,
  minimum_minor bigint not null,
  gateway text not null,
  country_code text not null,
  bank_masked text not null,
  bank_sealed text not null,
  bank_digest text not null,
  accepted_from text not null,
  changed_at timestamp with time zone not null,
  ran_for timestamp with time zone,
  constraint payout_plan_pkey PRIMARY KEY (user_id),
  constraint payout_plan_every_check CHECK ((every = ANY (ARRAY['week'::text, 'month'::text]))),
  constraint payout_plan_gateway_check CHECK ((gateway = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text]))),
  constraint payout_plan_minimum_minor_check CHECK ((minimum_minor > 0))
);
CREATE INDEX payout_plan_waiting ON payments.payout_plan USING btree (every, ran_for);
grant delete, insert, select, update on payments.payout_plan to evx_app;
comment on column payments.payout_plan.user_id is 'Id<"user">';

create table payments.recipient (
  user_id text not null,
  gateway text not null,
  ref text,
  country_code text not null,
  accepted_at timestamp with time zone not null,
  accepted_from text not null,
  constraint recipient_pkey PRIMARY KEY (user_id, gateway),
  constraint recipient_gateway_check CHECK ((gateway = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text])))
);
grant insert, select, update on payments.recipient to evx_app;
comment on column payments.recipient.user_id is 'Id<"user">';

create table payments.reconciled_day (
  gateway text not null,
  day date not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  listed boolean not null,
  ran_at timestamp with time zone not null,
  constraint reconciled_day_pkey PRIMARY KEY (gateway, day),
  constraint reconciled_day_gateway_check CHECK ((gateway = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text])))
);
CREATE INDEX reconciled_newest ON payments.reconciled_day USING btree (day DESC, gateway DESC);
grant insert, select, update on payments.reconciled_day to evx_app;

create table payments.refund (
  id text not null,
  payment_id text not null,
  attempt integer not null,
  amount_minor bigint not null,
  reason text not null,
  status text not null,
  ref text,
  failure text,
  requested_at timestamp with time zone not null,
  looked_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  hold_id text,
  hold_freed_at timestamp with time zone,
  charged_minor bigint,
  shares jsonb,
  returned_at timestamp with time zone,
  constraint refund_pkey PRIMARY KEY (id),
  constraint refund_payment_id_attempt_fkey FOREIGN KEY (payment_id, attempt) REFERENCES payments.attempt(payment_id, number),
  constraint refund_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payment(id),
  constraint refund_amount_minor_check CHECK ((amount_minor > 0)),
  constraint refund_charged_minor_check CHECK ((charged_minor > 0)),
  constraint refund_check CHECK (((settled_at IS NULL) = (status = ANY (ARRAY['requested'::text, 'sent'::text])))),
  constraint refund_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'sent'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX refund_payment ON payments.refund USING btree (payment_id);
CREATE INDEX refund_waiting ON payments.refund USING btree (looked_at) WHERE (status = ANY (ARRAY['requested'::text, 'sent'::text]));
grant insert, select, update on payments.refund to evx_app;
comment on column payments.refund.id is 'Id<"refund">';
comment on column payments.refund.payment_id is 'Id<"payment">';

create table payments.webhook_event (
  gateway text not null,
  id text not null,
  type text not null,
  subject jsonb not null,
  raw_body text not null,
  happened_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  processed_at timestamp with time zone,
  outcome text,
  tries integer not null default 0,
  parked_at timestamp with time zone,
  problem text,
  constraint webhook_event_pkey PRIMARY KEY (gateway, id),
  constraint webhook_event_gateway_check CHECK ((gateway = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text])))
);
CREATE INDEX webhook_event_of_payment ON payments.webhook_event USING btree (((subject ->> 'paymentId'::text))) WHERE (processed_at IS NULL);
CREATE INDEX webhook_event_parked ON payments.webhook_event USING btree (parked_at) WHERE (parked_at IS NOT NULL);
CREATE INDEX webhook_event_waiting ON payments.webhook_event USING btree (received_at) WHERE ((processed_at IS NULL) AND (parked_at IS NULL));
grant insert, select, update on payments.webhook_event to evx_app;

create table payments.withdrawal (
  id text not null,
  user_id text not null,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  gateway text not null,
  bank_masked text not null,
  bank_sealed text not null,
  bank_digest text not null,
  payout_ref text,
  failure text,
  requested_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by text,
  sending_at timestamp with time zone,
  looked_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  flag text,
  fee_minor bigint,
  constraint withdrawal_pkey PRIMARY KEY (id),
  constraint withdrawal_amount_minor_check CHECK ((amount_minor > 0)),
  constraint withdrawal_check CHECK (((status = ANY (ARRAY['requested'::text, 'failed'::text])) OR (decided_at IS NOT NULL))),
  constraint withdrawal_check1 CHECK (((status = ANY (ARRAY['sent'::text, 'completed'::text])) <= (payout_ref IS NOT NULL))),
  constraint withdrawal_check2 CHECK (((status = ANY (ARRAY['completed'::text, 'failed'::text])) = (settled_at IS NOT NULL))),
  constraint withdrawal_fee_minor_check CHECK ((fee_minor >= 0)),
  constraint withdrawal_flag_check CHECK ((flag = 'unanswered'::text)),
  constraint withdrawal_gateway_check CHECK ((gateway = ANY (ARRAY['stripe'::text, 'paypal'::text, 'vnpay'::text]))),
  constraint withdrawal_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'approved'::text, 'sent'::text, 'completed'::text, 'failed'::text])))
);
CREATE INDEX withdrawal_bank ON payments.withdrawal USING btree (bank_digest, user_id);
CREATE INDEX withdrawal_newest ON payments.withdrawal USING btree (requested_at DESC, id DESC);
CREATE INDEX withdrawal_user ON payments.withdrawal USING btree (user_id, requested_at DESC, id DESC);
CREATE INDEX withdrawal_waiting ON payments.withdrawal USING btree (looked_at) WHERE ((status = ANY (ARRAY['approved'::text, 'sent'::text])) AND (flag IS NULL));
grant insert, select, update on payments.withdrawal to evx_app;
comment on column payments.withdrawal.id is 'Id<"withdrawal">';
comment on column payments.withdrawal.user_id is 'Id<"user">';
comment on column payments.withdrawal.decided_by is 'Id<"user">';

CREATE OR REPLACE FUNCTION payments.settle(p_id text, p_at timestamp with time zone, p_sale text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  update payments.payment set settled_at = p_at, changed_at = p_at, sale_id = p_sale
    where id = p_id and status = 'captured' and settled_at is null and refunding_at is null;
  if not found then return false; end if;
  perform jobs.emit('payments.payment_settled', jsonb_build_object('paymentId', p_id), 'payments.settle', p_at);
  return true;
end
$function$;

create schema pricing;
grant usage on schema pricing to evx_app;

create table pricing.model_run (
  currency text not null,
  version integer not null,
  status text not null,
  reason text,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  took_ms integer not null,
  first_sale_at timestamp with time zone,
  last_sale_at timestamp with time zone,
  last_order_id text,
  trades integer not null,
  traders integer not null,
  features jsonb not null,
  parameters jsonb not null,
  metrics jsonb not null,
  rung text,
  model text,
  constraint model_run_pkey PRIMARY KEY (currency, version),
  constraint model_run_check CHECK (((status = 'kept_back'::text) = (reason IS NOT NULL))),
  constraint model_run_check1 CHECK (((model IS NOT NULL) = (status = 'serving'::text))),
  constraint model_run_check2 CHECK ((started_at <= ended_at)),
  constraint model_run_reason_check CHECK ((reason = ANY (ARRAY['not_a_number'::text, 'worse'::text, 'fewer_sales'::text]))),
  constraint model_run_rung_check CHECK ((rung = ANY (ARRAY['last_price'::text, 'comparables'::text, 'nearest'::text, 'hedonic'::text, 'indicative'::text]))),
  constraint model_run_status_check CHECK ((status = ANY (ARRAY['serving'::text, 'replaced'::text, 'kept_back'::text, 'insufficient_data'::text]))),
  constraint model_run_took_ms_check CHECK ((took_ms >= 0)),
  constraint model_run_traders_check CHECK ((traders >= 0)),
  constraint model_run_trades_check CHECK ((trades >= 0)),
  constraint model_run_version_check CHECK ((version > 0))
);
CREATE UNIQUE INDEX model_run_serving ON pricing.model_run USING btree (currency) WHERE (status = 'serving'::text);
grant insert, select, update on pricing.model_run to evx_app;
comment on column pricing.model_run.last_order_id is 'Id<"order">';

create table pricing.trade (
  order_id text not null,
  grams bigint not null,
  price_minor bigint not null,
  currency text not null,
  vintage integer not null,
  country text not null,
  method text not null,
  listing_type text not null,
  buyer_id text not null,
  seller_id text not null,
  at timestamp with time zone not null,
  constraint trade_pkey PRIMARY KEY (order_id),
  constraint trade_grams_check CHECK ((grams > 0)),
  constraint trade_listing_type_check CHECK ((listing_type = ANY (ARRAY['fixed'::text, 'auction'::text]))),
  constraint trade_price_minor_check CHECK ((price_minor > 0))
);
CREATE INDEX trade_by_currency ON pricing.trade USING btree (currency, at, order_id);
CREATE INDEX trade_by_time ON pricing.trade USING btree (at, order_id);
grant delete, insert, select on pricing.trade to evx_app;
comment on column pricing.trade.order_id is 'Id<"order">';
comment on column pricing.trade.buyer_id is 'Id<"user">';
comment on column pricing.trade.seller_id is 'Id<"user">';

create schema public;
grant usage on schema public to public;

create table public.applied_function (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint applied_function_pkey PRIMARY KEY (name)
);

create table public.migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);

CREATE OR REPLACE FUNCTION public.folded(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select lower(public.unaccent('public.unaccent'::regdictionary, words))
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception using
    errcode = 'restrict_violation',
    message = format('%I.%I is append-only: %s refused.', tg_table_schema, tg_table_name, lower(tg_op)),
    hint = 'Append a correcting row instead.';
end
$function$;

create schema reports;
grant usage on schema reports to evx_app;

create table reports.counted (
  source text not null,
  at timestamp with time zone not null,
  constraint counted_pkey PRIMARY KEY (source)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reports.counted FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on reports.counted to evx_app;

create table reports.export (
  id text not null,
  user_id text not null,
  asked jsonb not null,
  format text not null,
  status text not null,
  run text,
  rows_done bigint not null default 0,
  rows_total bigint,
  bytes bigint not null default 0,
  failure text,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  constraint export_pkey PRIMARY KEY (id),
  constraint export_check CHECK (((status = ANY (ARRAY['done'::text, 'failed'::text])) = (finished_at IS NOT NULL))),
  constraint export_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'xlsx'::text, 'pdf'::text]))),
  constraint export_rows_done_check CHECK ((rows_done >= 0)),
  constraint export_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX export_by_end ON reports.export USING btree (expires_at);
CREATE INDEX export_by_user ON reports.export USING btree (user_id, created_at DESC);
CREATE INDEX export_waiting ON reports.export USING btree (created_at) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
grant delete, insert, select, update on reports.export to evx_app;
comment on column reports.export.id is 'Id<"export">';
comment on column reports.export.user_id is 'Id<"user">';

create table reports.export_part (
  export_id text not null,
  run text not null,
  seq integer not null,
  content bytea not null,
  constraint export_part_pkey PRIMARY KEY (export_id, run, seq),
  constraint export_part_export_id_fkey FOREIGN KEY (export_id) REFERENCES reports.export(id) ON DELETE CASCADE
);
grant delete, insert, select, update on reports.export_part to evx_app;
comment on column reports.export_part.export_id is 'Id<"export">';

create table reports.personal_month (
  user_id text not null,
  month text not null,
  metric text not null,
  amount bigint not null,
  constraint personal_month_pkey PRIMARY KEY (user_id, month, metric),
  constraint personal_month_month_check CHECK ((month ~ '^\d{4}-\d{2}$'::text))
);
grant delete, insert, select, update on reports.personal_month to evx_app;

create table reports.platform_month (
  month text not null,
  metric text not null,
  amount bigint not null,
  constraint platform_month_pkey PRIMARY KEY (month, metric),
  constraint platform_month_month_check CHECK ((month ~ '^\d{4}-\d{2}$'::text))
);
grant delete, insert, select, update on reports.platform_month to evx_app;

create table reports.quarter_sum (
  subject text not null,
  at timestamp with time zone not null,
  metric text not null,
  amount bigint not null,
  constraint quarter_sum_pkey PRIMARY KEY (subject, at, metric),
  constraint quarter_sum_at_check CHECK ((((EXTRACT(epoch FROM at))::bigint % (900)::bigint) = 0))
);
CREATE INDEX quarter_sum_by_metric ON reports.quarter_sum USING btree (metric, at) INCLUDE (subject, amount);
grant delete, insert, select, update on reports.quarter_sum to evx_app;

create schema rpc;
grant usage on schema rpc to evx_app;

create table rpc.idempotency (
  scope text not null,
  key text not null,
  digest text not null,
  status integer,
  answer jsonb,
  at timestamp with time zone not null,
  constraint idempotency_pkey PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_at ON rpc.idempotency USING btree (at);
grant delete, select on rpc.idempotency to evx_app;
grant insert, update on rpc.idempotency to evx_former;
grant insert, update on rpc.idempotency to evx_serving;

create schema rules;
grant usage on schema rules to evx_app;

create table rules.rule (
  name text not null,
  version integer not null,
  value jsonb not null,
  reason text not null,
  set_by text,
  effective_at timestamp with time zone not null,
  calls_off integer,
  constraint rule_pkey PRIMARY KEY (name, version),
  constraint rule_calls_off_known FOREIGN KEY (name, calls_off) REFERENCES rules.rule(name, version),
  constraint rule_calls_off_earlier CHECK ((calls_off < version)),
  constraint rule_version_check CHECK ((version > 0))
);
CREATE UNIQUE INDEX rule_called_off_once ON rules.rule USING btree (name, calls_off) WHERE (calls_off IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON rules.rule FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on rules.rule to evx_app;

create schema vehicles;
grant usage on schema vehicles to evx_app;

create table vehicles.car (
  car_id bigint not null generated always as identity,
  vin_hash text not null,
  created_at timestamp with time zone not null,
  constraint car_pkey PRIMARY KEY (car_id),
  constraint car_vin_hash_key UNIQUE (vin_hash),
  constraint car_vin_hash_check CHECK ((vin_hash ~ '^[0-9a-f]{64}$'::text))
);
grant delete, insert, select, update on vehicles.car to evx_app;

create table vehicles.claim (
  car_id bigint not null,
  month date not null,
  request_id text not null,
  during tstzmultirange not null,
  constraint claim_pkey PRIMARY KEY (car_id, month, request_id),
  constraint one_claim_per_moment EXCLUDE USING gist (car_id WITH =, month WITH =, during WITH &&),
  constraint claim_check CHECK ((during <@ tstzmultirange(tstzrange(((month)::timestamp without time zone AT TIME ZONE 'UTC'::text), ((month + '1 mon'::interval) AT TIME ZONE 'UTC'::text))))),
  constraint claim_request_id_check CHECK ((request_id ~~ 'req\_%'::text))
) partition by RANGE (month);
grant delete, insert, select, update on vehicles.claim to evx_app;
comment on table vehicles.claim is 'distributed by car_id';
comment on column vehicles.claim.request_id is 'Id<"request">';

create table vehicles.claim_basis (
  request_id text not null,
  car_id bigint not null,
  vehicle_id text not null,
  owner_id text not null,
  country_code text not null,
  factors jsonb not null,
  claimed_at timestamp with time zone not null,
  zone text,
  trace_rank smallint,
  thread_rank smallint,
  constraint claim_basis_pkey PRIMARY KEY (request_id),
  constraint claim_basis_car_id_request_id_key UNIQUE (car_id, request_id),
  constraint claim_basis_request_id_check CHECK ((request_id ~~ 'req\_%'::text)),
  constraint claim_basis_zone_check CHECK ((length(zone) <= 60))
);
CREATE INDEX claim_basis_unthreaded ON vehicles.claim_basis USING btree (request_id) WHERE (thread_rank IS NULL);
CREATE INDEX claim_basis_vehicle ON vehicles.claim_basis USING btree (vehicle_id, claimed_at DESC);
CREATE TRIGGER zone_of_basis BEFORE INSERT ON vehicles.claim_basis FOR EACH ROW WHEN ((new.zone IS NULL)) EXECUTE FUNCTION vehicles.zone_of_basis();
grant delete, insert, select, update on vehicles.claim_basis to evx_app;
comment on column vehicles.claim_basis.request_id is 'Id<"request">';
comment on column vehicles.claim_basis.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.claim_basis.owner_id is 'Id<"user">';

create table vehicles.connection (
  id text not null,
  vehicle_id text not null,
  provider text not null,
  provider_car_id text not null,
  sealed_grant text not null,
  state text not null,
  failures integer not null default 0,
  last_error text,
  next_poll_at timestamp with time zone not null,
  polled_at timestamp with time zone,
  read_at timestamp with time zone,
  odometer_m integer,
  charge_bp integer,
  lat_e6 integer,
  lon_e6 integer,
  created_at timestamp with time zone not null,
  constraint connection_pkey PRIMARY KEY (id),
  constraint connection_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES vehicles.vehicle(id),
  constraint connection_charge_bp_check CHECK (((charge_bp >= 0) AND (charge_bp <= 10000))),
  constraint connection_failures_check CHECK ((failures >= 0)),
  constraint connection_id_check CHECK ((id ~~ 'con\_%'::text)),
  constraint connection_last_error_check CHECK ((length(last_error) <= 300)),
  constraint connection_odometer_m_check CHECK ((odometer_m >= 0)),
  constraint connection_provider_check CHECK ((provider = 'smartcar'::text)),
  constraint connection_state_check CHECK ((state = ANY (ARRAY['active'::text, 'waiting'::text, 'lost'::text, 'ended'::text])))
);
CREATE INDEX connection_due ON vehicles.connection USING btree (next_poll_at) WHERE (state = ANY (ARRAY['active'::text, 'waiting'::text]));
CREATE UNIQUE INDEX connection_one_open ON vehicles.connection USING btree (vehicle_id) WHERE (state <> 'ended'::text);
grant insert, select, update on vehicles.connection to evx_app;
comment on column vehicles.connection.id is 'Id<"connection">';
comment on column vehicles.connection.vehicle_id is 'Id<"vehicle">';

create table vehicles.day_total (
  car_id bigint not null,
  vehicle_id text not null,
  day date not null,
  trips integer not null,
  distance_m bigint not null,
  energy_wh bigint not null,
  co2_g bigint not null,
  constraint day_total_pkey PRIMARY KEY (car_id, vehicle_id, day),
  constraint day_total_co2_g_check CHECK ((co2_g >= 0)),
  constraint day_total_distance_m_check CHECK ((distance_m >= 0)),
  constraint day_total_energy_wh_check CHECK ((energy_wh >= 0)),
  constraint day_total_trips_check CHECK ((trips >= 0))
);
CREATE TRIGGER follow_inserted AFTER INSERT ON vehicles.day_total REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT WHEN ((current_setting('evx.local_days'::text, true) IS DISTINCT FROM 'kept'::text)) EXECUTE FUNCTION vehicles.follow_totals();
CREATE TRIGGER follow_updated AFTER UPDATE ON vehicles.day_total REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT WHEN ((current_setting('evx.local_days'::text, true) IS DISTINCT FROM 'kept'::text)) EXECUTE FUNCTION vehicles.follow_totals();
grant delete, insert, select, update on vehicles.day_total to evx_app;
comment on table vehicles.day_total is 'distributed by car_id';
comment on column vehicles.day_total.vehicle_id is 'Id<"vehicle">';

create table vehicles.driver (
  id text not null,
  vehicle_id text not null,
  owner_id text not null,
  email text not null,
  secret_hash text not null,
  invited_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  user_id text,
  joined_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by text,
  constraint driver_pkey PRIMARY KEY (id),
  constraint driver_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES vehicles.vehicle(id),
  constraint driver_check CHECK (((user_id IS NULL) = (joined_at IS NULL))),
  constraint driver_check1 CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint driver_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint driver_ended_by_check CHECK ((ended_by = ANY (ARRAY['owner'::text, 'driver'::text]))),
  constraint driver_id_check CHECK ((id ~~ 'drv\_%'::text)),
  constraint driver_secret_hash_check CHECK ((secret_hash ~ '^[0-9a-f]{64}$'::text))
);
CREATE INDEX driver_of_email ON vehicles.driver USING btree (email) WHERE ((ended_at IS NULL) AND (user_id IS NULL));
CREATE INDEX driver_of_owner ON vehicles.driver USING btree (owner_id) WHERE (ended_at IS NULL);
CREATE INDEX driver_of_user ON vehicles.driver USING btree (user_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX driver_once ON vehicles.driver USING btree (vehicle_id, email) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX driver_secret ON vehicles.driver USING btree (secret_hash);
grant insert, select, update on vehicles.driver to evx_app;
comment on column vehicles.driver.id is 'Id<"driver">';
comment on column vehicles.driver.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.driver.owner_id is 'Id<"user">';
comment on column vehicles.driver.user_id is 'Id<"user">';

create table vehicles.fleet_import (
  id text not null,
  owner_id text not null,
  file_name text,
  rows_read bigint not null default 0,
  unmatched jsonb not null default '[]'::jsonb,
  refused jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null,
  header_key text,
  choices jsonb,
  constraint fleet_import_pkey PRIMARY KEY (id),
  constraint fleet_import_file_name_check CHECK ((length(file_name) <= 200)),
  constraint fleet_import_header_key_check CHECK ((length(header_key) <= 40)),
  constraint fleet_import_id_check CHECK ((id ~~ 'fim\_%'::text))
);
CREATE INDEX fleet_import_choices ON vehicles.fleet_import USING btree (owner_id, header_key, id DESC) WHERE (choices IS NOT NULL);
CREATE INDEX fleet_import_owner ON vehicles.fleet_import USING btree (owner_id, id DESC);
grant insert, select, update on vehicles.fleet_import to evx_app;
comment on column vehicles.fleet_import.id is 'Id<"fleetImport">';
comment on column vehicles.fleet_import.owner_id is 'Id<"user">';

create table vehicles.grid_factor (
  country_code text not null,
  year integer not null,
  version integer not null,
  grid_mg_per_kwh integer not null,
  source text not null,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint grid_factor_pkey PRIMARY KEY (country_code, year, version),
  constraint grid_factor_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
  constraint grid_factor_grid_mg_per_kwh_check CHECK (((grid_mg_per_kwh >= 0) AND (grid_mg_per_kwh <= 2000000))),
  constraint grid_factor_source_check CHECK (((length(source) >= 3) AND (length(source) <= 300))),
  constraint grid_factor_year_check CHECK (((year >= 1990) AND (year <= 2200)))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON vehicles.grid_factor FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on vehicles.grid_factor to evx_app;
comment on column vehicles.grid_factor.set_by is 'Id<"user">';

create table vehicles.import (
  id text not null,
  vehicle_id text not null,
  car_id bigint not null,
  owner_id text not null,
  status text not null,
  via text not null,
  format text,
  file_name text,
  bytes bigint not null default 0,
  rows_read bigint not null default 0,
  rows_total bigint,
  imported integer not null default 0,
  duplicates integer not null default 0,
  flagged integer not null default 0,
  rejected integer not null default 0,
  co2_g bigint not null default 0,
  trips_done bigint not null default 0,
  rejections_done bigint not null default 0,
  options jsonb not null default '{}'::jsonb,
  plan jsonb,
  failure text,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  notes jsonb not null default '[]'::jsonb,
  sha256 text,
  fleet_import_id text,
  constraint import_pkey PRIMARY KEY (id),
  constraint import_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES vehicles.vehicle(id),
  constraint import_id_check CHECK ((id ~~ 'imp\_%'::text)),
  constraint import_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint import_status_check CHECK ((status = ANY (ARRAY['receiving'::text, 'queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text, 'undone'::text]))),
  constraint import_via_check CHECK ((via = ANY (ARRAY['upload'::text, 'push'::text, 'connection'::text])))
);
CREATE INDEX import_bytes ON vehicles.import USING btree (car_id, sha256) WHERE (sha256 IS NOT NULL);
CREATE INDEX import_fleet ON vehicles.import USING btree (fleet_import_id) WHERE (fleet_import_id IS NOT NULL);
CREATE INDEX import_open ON vehicles.import USING btree (created_at) WHERE (status = ANY (ARRAY['receiving'::text, 'queued'::text, 'running'::text]));
CREATE INDEX import_vehicle ON vehicles.import USING btree (vehicle_id, created_at DESC, id DESC);
grant delete, insert, select, update on vehicles.import to evx_app;
comment on column vehicles.import.id is 'Id<"import">';
comment on column vehicles.import.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.import.owner_id is 'Id<"user">';
comment on column vehicles.import.fleet_import_id is 'Id<"fleetImport">';

create table vehicles.import_chunk (
  import_id text not null,
  seq integer not null,
  content bytea not null,
  constraint import_chunk_pkey PRIMARY KEY (import_id, seq),
  constraint import_chunk_import_id_fkey FOREIGN KEY (import_id) REFERENCES vehicles.import(id) ON DELETE CASCADE
);
grant delete, insert, select, update on vehicles.import_chunk to evx_app;
comment on column vehicles.import_chunk.import_id is 'Id<"import">';

create table vehicles.import_rejection (
  import_id text not null,
  seq bigint not null,
  row_number bigint not null,
  field text not null,
  code text not null,
  "values" jsonb,
  constraint import_rejection_pkey PRIMARY KEY (import_id, seq),
  constraint import_rejection_import_id_fkey FOREIGN KEY (import_id) REFERENCES vehicles.import(id) ON DELETE CASCADE
);
grant delete, insert, select, update on vehicles.import_rejection to evx_app;
comment on column vehicles.import_rejection.import_id is 'Id<"import">';

create table vehicles.local_day_total (
  car_id bigint not null,
  vehicle_id text not null,
  day date not null,
  trips integer not null,
  distance_m bigint not null,
  energy_wh bigint not null,
  co2_g bigint not null,
  claimed_trips integer not null default 0,
  claimed_distance_m bigint not null default 0,
  claimed_co2_g bigint not null default 0,
  constraint local_day_total_pkey PRIMARY KEY (car_id, vehicle_id, day),
  constraint local_day_total_check CHECK (((claimed_trips >= 0) AND (claimed_trips <= trips))),
  constraint local_day_total_check1 CHECK (((claimed_distance_m >= 0) AND (claimed_distance_m <= distance_m))),
  constraint local_day_total_check2 CHECK (((claimed_co2_g >= 0) AND (claimed_co2_g <= co2_g))),
  constraint local_day_total_co2_g_check CHECK ((co2_g >= 0)),
  constraint local_day_total_distance_m_check CHECK ((distance_m >= 0)),
  constraint local_day_total_energy_wh_check CHECK ((energy_wh >= 0)),
  constraint local_day_total_trips_check CHECK ((trips >= 0))
);
CREATE TRIGGER add_up_deleted AFTER DELETE ON vehicles.local_day_total REFERENCING OLD TABLE AS before_it FOR EACH STATEMENT EXECUTE FUNCTION vehicles.add_up_months();
CREATE TRIGGER add_up_inserted AFTER INSERT ON vehicles.local_day_total REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION vehicles.add_up_months();
CREATE TRIGGER add_up_updated AFTER UPDATE ON vehicles.local_day_total REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION vehicles.add_up_months();
grant delete, insert, select, update on vehicles.local_day_total to evx_app;
comment on table vehicles.local_day_total is 'distributed by car_id';
comment on column vehicles.local_day_total.vehicle_id is 'Id<"vehicle">';

create table vehicles.local_month_total (
  car_id bigint not null,
  vehicle_id text not null,
  month date not null,
  trips integer not null,
  distance_m bigint not null,
  energy_wh bigint not null,
  co2_g bigint not null,
  claimed_trips integer not null default 0,
  claimed_distance_m bigint not null default 0,
  claimed_co2_g bigint not null default 0,
  constraint local_month_total_pkey PRIMARY KEY (car_id, vehicle_id, month),
  constraint local_month_total_check CHECK (((claimed_trips >= 0) AND (claimed_trips <= trips))),
  constraint local_month_total_check1 CHECK (((claimed_distance_m >= 0) AND (claimed_distance_m <= distance_m))),
  constraint local_month_total_check2 CHECK (((claimed_co2_g >= 0) AND (claimed_co2_g <= co2_g))),
  constraint local_month_total_co2_g_check CHECK ((co2_g >= 0)),
  constraint local_month_total_distance_m_check CHECK ((distance_m >= 0)),
  constraint local_month_total_energy_wh_check CHECK ((energy_wh >= 0)),
  constraint local_month_total_trips_check CHECK ((trips >= 0))
);
grant delete, insert, select, update on vehicles.local_month_total to evx_app;
comment on table vehicles.local_month_total is 'distributed by car_id';
comment on column vehicles.local_month_total.vehicle_id is 'Id<"vehicle">';

create table vehicles.month_total (
  car_id bigint not null,
  vehicle_id text not null,
  month date not null,
  trips integer not null,
  distance_m bigint not null,
  energy_wh bigint not null,
  co2_g bigint not null,
  claimed_trips integer not null default 0,
  claimed_distance_m bigint not null default 0,
  claimed_co2_g bigint not null default 0,
  constraint month_total_pkey PRIMARY KEY (car_id, vehicle_id, month),
  constraint month_total_check CHECK (((claimed_trips >= 0) AND (claimed_trips <= trips))),
  constraint month_total_check1 CHECK (((claimed_distance_m >= 0) AND (claimed_distance_m <= distance_m))),
  constraint month_total_check2 CHECK (((claimed_co2_g >= 0) AND (claimed_co2_g <= co2_g))),
  constraint month_total_co2_g_check CHECK ((co2_g >= 0)),
  constraint month_total_distance_m_check CHECK ((distance_m >= 0)),
  constraint month_total_energy_wh_check CHECK ((energy_wh >= 0)),
  constraint month_total_trips_check CHECK ((trips >= 0))
);
CREATE INDEX month_total_month ON vehicles.month_total USING btree (month);
CREATE TRIGGER follow_updated AFTER UPDATE ON vehicles.month_total REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT WHEN ((current_setting('evx.local_days'::text, true) IS DISTINCT FROM 'kept'::text)) EXECUTE FUNCTION vehicles.follow_totals();
grant delete, insert, select, update on vehicles.month_total to evx_app;
comment on table vehicles.month_total is 'distributed by car_id';
comment on column vehicles.month_total.vehicle_id is 'Id<"vehicle">';

create table vehicles.odometer (
  car_id bigint not null,
  read_at timestamp with time zone not null,
  vehicle_id text not null,
  odometer_m integer not null,
  source text not null,
  constraint odometer_pkey PRIMARY KEY (car_id, read_at),
  constraint odometer_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES vehicles.vehicle(id),
  constraint odometer_odometer_m_check CHECK ((odometer_m >= 0)),
  constraint odometer_source_check CHECK ((source = ANY (ARRAY['owner'::text, 'connection'::text, 'handover'::text, 'auditor'::text])))
);
grant delete, insert, select, update on vehicles.odometer to evx_app;
comment on table vehicles.odometer is 'distributed by car_id';
comment on column vehicles.odometer.vehicle_id is 'Id<"vehicle">';

create table vehicles.print_key (
  one boolean not null default true,
  key bytea not null,
  constraint print_key_pkey PRIMARY KEY (one),
  constraint print_key_key_check CHECK ((length(key) = 32)),
  constraint print_key_one_check CHECK (one)
);
grant select on vehicles.print_key to evx_app;

create table vehicles.print_page (
  id bigint not null generated always as identity,
  month date not null,
  car_id bigint not null,
  import_id text,
  trips integer not null,
  prints bigint[] not null,
  constraint print_page_pkey PRIMARY KEY (id),
  constraint print_page_trips_check CHECK ((trips > 0))
) with (autovacuum_analyze_threshold=500, autovacuum_analyze_scale_factor=0);
CREATE INDEX print_page_month ON vehicles.print_page USING btree (month, car_id) INCLUDE (trips);
CREATE INDEX print_page_prints ON vehicles.print_page USING gin (prints) WITH (fastupdate='on', gin_pending_list_limit='65536');
grant delete, insert, select on vehicles.print_page to evx_app;
comment on column vehicles.print_page.import_id is 'Id<"import">';

create table vehicles.push_token (
  id text not null,
  vehicle_id text not null,
  token_hash text not null,
  label text not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  vetted_at timestamp with time zone,
  vetted_by text,
  constraint push_token_pkey PRIMARY KEY (id),
  constraint push_token_token_hash_key UNIQUE (token_hash),
  constraint push_token_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES vehicles.vehicle(id),
  constraint push_token_id_check CHECK ((id ~~ 'tok\_%'::text)),
  constraint push_token_label_check CHECK (((length(label) >= 1) AND (length(label) <= 60))),
  constraint push_token_token_hash_check CHECK ((token_hash ~ '^[0-9a-f]{64}$'::text)),
  constraint vetted_by_somebody CHECK (((vetted_at IS NULL) = (vetted_by IS NULL)))
);
CREATE INDEX push_token_vehicle ON vehicles.push_token USING btree (vehicle_id, created_at DESC);
grant insert, select, update on vehicles.push_token to evx_app;
comment on column vehicles.push_token.id is 'Id<"token">';
comment on column vehicles.push_token.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.push_token.vetted_by is 'Id<"user">';

create table vehicles.trace (
  id bigint not null generated always as identity,
  request_id text not null,
  feature bigint not null,
  minute integer not null,
  rank smallint not null,
  thread boolean not null default false,
  constraint trace_pkey PRIMARY KEY (id),
  constraint trace_rank_check CHECK (((rank >= 0) AND (rank <= 31))),
  constraint trace_request_id_check CHECK ((request_id ~~ 'req\_%'::text))
);
CREATE INDEX trace_feature ON vehicles.trace USING btree (feature);
CREATE INDEX trace_request ON vehicles.trace USING btree (request_id);
grant delete, insert, select on vehicles.trace to evx_app;
comment on column vehicles.trace.request_id is 'Id<"request">';

create table vehicles.track (
  car_id bigint not null,
  month date not null,
  trip_id text not null,
  points jsonb not null,
  constraint track_pkey PRIMARY KEY (car_id, month, trip_id)
);
grant delete, insert, select, update on vehicles.track to evx_app;
comment on table vehicles.track is 'distributed by car_id';
comment on column vehicles.track.trip_id is 'Id<"trip">';

create table vehicles.trip (
  month date not null,
  id text not null,
  car_id bigint not null,
  vehicle_id text not null,
  import_id text,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  distance_m integer not null,
  energy_wh integer,
  co2_g bigint not null,
  factors_version integer not null,
  "precision" text not null,
  quality text not null,
  source text not null,
  source_id text,
  start_lat_e6 integer,
  start_lon_e6 integer,
  end_lat_e6 integer,
  end_lon_e6 integer,
  odometer_start_m integer,
  odometer_end_m integer,
  notes text,
  flags jsonb,
  status text not null default 'recorded'::text,
  request_id text,
  release_reason text,
  print bigint,
  shape bigint,
  constraint trip_pkey PRIMARY KEY (car_id, month, id),
  constraint trip_check CHECK ((started_at < ended_at)),
  constraint trip_check1 CHECK (((request_id IS NOT NULL) = (status = ANY (ARRAY['claimed'::text, 'verified'::text])))),
  constraint trip_co2_g_check CHECK ((co2_g >= 0)),
  constraint trip_distance_m_check CHECK ((distance_m > 0)),
  constraint trip_energy_wh_check CHECK ((energy_wh > 0)),
  constraint trip_id_check CHECK ((id ~~ 'trp\_%'::text)),
  constraint trip_precision_check CHECK (("precision" = ANY (ARRAY['exact'::text, 'estimated'::text, 'day'::text]))),
  constraint trip_quality_check CHECK ((quality = ANY (ARRAY['connected'::text, 'export'::text, 'manual'::text]))),
  constraint trip_status_check CHECK ((status = ANY (ARRAY['recorded'::text, 'claimed'::text, 'verified'::text, 'released'::text])))
) partition by RANGE (month);
CREATE TRIGGER keep_claimed BEFORE DELETE OR UPDATE ON vehicles.trip FOR EACH ROW WHEN ((old.status = ANY (ARRAY['claimed'::text, 'verified'::text]))) EXECUTE FUNCTION vehicles.keep_claimed();
grant delete, insert, select, update on vehicles.trip to evx_app;
comment on table vehicles.trip is 'distributed by car_id';
comment on column vehicles.trip.id is 'Id<"trip">';
comment on column vehicles.trip.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.trip.import_id is 'Id<"import">';
comment on column vehicles.trip.request_id is 'Id<"request">';

create table vehicles.vehicle (
  id text not null,
  car_id bigint not null,
  owner_id text not null,
  vin text not null,
  make text not null,
  model text not null,
  model_year integer not null,
  class text not null default 'car'::text,
  country_code text not null,
  battery_wh integer,
  zone text not null,
  owned_from timestamp with time zone not null default '-infinity'::timestamp with time zone,
  owned_to timestamp with time zone not null default 'infinity'::timestamp with time zone,
  import_settings jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  plate text,
  label text,
  constraint vehicle_pkey PRIMARY KEY (id),
  constraint vehicle_car_id_id_key UNIQUE (car_id, id),
  constraint one_owner_at_a_time EXCLUDE USING gist (car_id WITH =, tstzrange(owned_from, owned_to) WITH &&),
  constraint vehicle_car_id_fkey FOREIGN KEY (car_id) REFERENCES vehicles.car(car_id),
  constraint vehicle_battery_wh_check CHECK (((battery_wh >= 500) AND (battery_wh <= 2000000))),
  constraint vehicle_check CHECK ((owned_from < owned_to)),
  constraint vehicle_class_check CHECK ((class = ANY (ARRAY['car'::text, 'van'::text, 'quadricycle'::text, 'motorcycle'::text]))),
  constraint vehicle_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
  constraint vehicle_id_check CHECK ((id ~~ 'veh\_%'::text)),
  constraint vehicle_label_check CHECK (((length(label) >= 1) AND (length(label) <= 60))),
  constraint vehicle_make_check CHECK (((length(make) >= 1) AND (length(make) <= 60))),
  constraint vehicle_model_check CHECK (((length(model) >= 1) AND (length(model) <= 80))),
  constraint vehicle_model_year_check CHECK (((model_year >= 1990) AND (model_year <= 2200))),
  constraint vehicle_owner_id_check CHECK ((owner_id ~~ 'usr\_%'::text)),
  constraint vehicle_plate_check CHECK (((length(plate) >= 1) AND (length(plate) <= 20))),
  constraint vehicle_vin_check CHECK ((vin ~ '^[A-HJ-NPR-Z0-9]{17}$'::text)),
  constraint vehicle_zone_check CHECK ((length(zone) <= 60))
);
CREATE INDEX vehicle_found ON vehicles.vehicle USING gin (public.folded(((((((((vin || ' '::text) || COALESCE(plate, ''::text)) || ' '::text) || COALESCE(label, ''::text)) || ' '::text) || make) || ' '::text) || model)) public.gin_trgm_ops);
CREATE INDEX vehicle_owner ON vehicles.vehicle USING btree (owner_id, id);
CREATE TRIGGER follow_zone AFTER UPDATE OF zone ON vehicles.vehicle FOR EACH ROW WHEN ((old.zone IS DISTINCT FROM new.zone)) EXECUTE FUNCTION vehicles.follow_zone();
grant delete, insert, select, update on vehicles.vehicle to evx_app;
comment on column vehicles.vehicle.id is 'Id<"vehicle">';
comment on column vehicles.vehicle.owner_id is 'Id<"user">';

CREATE OR REPLACE FUNCTION vehicles.add_up_months()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    insert into vehicles.local_month_total as m (car_id, vehicle_id, month, trips, distance_m, energy_wh, co2_g,
      claimed_trips, claimed_distance_m, claimed_co2_g)
    select car_id, vehicle_id, date_trunc('month', day::timestamp)::date, sum(trips), sum(distance_m), sum(energy_wh), sum(co2_g),
      sum(claimed_trips), sum(claimed_distance_m), sum(claimed_co2_g)
    from after_it group by 1, 2, 3
    on conflict (car_id, vehicle_id, month) do update set
      trips = m.trips + excluded.trips, distance_m = m.distance_m + excluded.distance_m,
      energy_wh = m.energy_wh + excluded.energy_wh, co2_g = m.co2_g + excluded.co2_g,
      claimed_trips = m.claimed_trips + excluded.claimed_trips,
      claimed_distance_m = m.claimed_distance_m + excluded.claimed_distance_m,
      claimed_co2_g = m.claimed_co2_g + excluded.claimed_co2_g;
  elsif tg_op = 'UPDATE' then
    update vehicles.local_month_total m set
      trips = m.trips + s.trips, distance_m = m.distance_m + s.distance_m, energy_wh = m.energy_wh + s.energy_wh,
      co2_g = m.co2_g + s.co2_g, claimed_trips = m.claimed_trips + s.claimed_trips,
      claimed_distance_m = m.claimed_distance_m + s.claimed_distance_m, claimed_co2_g = m.claimed_co2_g + s.claimed_co2_g
    from (
      select car_id, vehicle_id, date_trunc('month', day::timestamp)::date as month, sum(sign * trips) as trips,
        sum(sign * distance_m) as distance_m, sum(sign * energy_wh) as energy_wh, sum(sign * co2_g) as co2_g,
        sum(sign * claimed_trips) as claimed_trips, sum(sign * claimed_distance_m) as claimed_distance_m,
        sum(sign * claimed_co2_g) as claimed_co2_g
      from (select 1 as sign, * from after_it union all select -1, * from before_it) changed group by 1, 2, 3) s
    where (m.car_id, m.vehicle_id, m.month) = (s.car_id, s.vehicle_id, s.month);
  else
    update vehicles.local_month_total m set
      trips = m.trips - s.trips, distance_m = m.distance_m - s.distance_m, energy_wh = m.energy_wh - s.energy_wh,
      co2_g = m.co2_g - s.co2_g, claimed_trips = m.claimed_trips - s.claimed_trips,
      claimed_distance_m = m.claimed_distance_m - s.claimed_distance_m, claimed_co2_g = m.claimed_co2_g - s.claimed_co2_g
    from (
      select car_id, vehicle_id, date_trunc('month', day::timestamp)::date as month, sum(trips) as trips,
        sum(distance_m) as distance_m, sum(energy_wh) as energy_wh, sum(co2_g) as co2_g, sum(claimed_trips) as claimed_trips,
        sum(claimed_distance_m) as claimed_distance_m, sum(claimed_co2_g) as claimed_co2_g
      from before_it group by 1, 2, 3) s
    where (m.car_id, m.vehicle_id, m.month) = (s.car_id, s.vehicle_id, s.month);
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION vehicles.cars_of_prints(p_prints bigint[])
 RETURNS TABLE(car_id bigint, month date)
 LANGUAGE sql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
AS $function$
  select distinct p.car_id, p.month from vehicles.print_page p where p.prints && p_prints
$function$;

CREATE OR REPLACE FUNCTION vehicles.ensure_months(kind text, months date[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  m date;
  part text;
begin
  if kind not in ('trip', 'claim') then
    raise exception using errcode = 'invalid_parameter_value', message = format('%s is not kept by month', kind);
  end if;
  foreach m in array months loop
    if m is null or m <> date_trunc('month', m::timestamp)::date or m < '2000-01-01' or m > '2199-12-01' then
      raise exception using errcode = 'invalid_parameter_value', message = format('%s is not a month', m);
    end if;
    part := kind || '_' || to_char(m, 'YYYY_MM');
    continue when to_regclass('vehicles.' || part) is not null;
    perform pg_advisory_xact_lock(hashtextextended('vehicles.ensure_months', 0));
    -- Read from the catalogue: a name that was looked up in vain is remembered past this lock.
    continue when exists (select from pg_class where relname = part and relnamespace = 'vehicles'::regnamespace);
    execute format('create table vehicles.%I (like vehicles.%I including all)', part, kind);
    -- A trip is written again when it is claimed and when it is verified: with room in its page no index is touched then.
    if kind = 'trip' then
      execute format('alter table vehicles.%I set (fillfactor = 50)', part);
    end if;
    execute format('alter table vehicles.%I attach partition vehicles.%I for values from (%L) to (%L)',
      kind, part, m, (m + interval '1 month')::date);
  end loop;
end
$function$;
revoke all on function vehicles.ensure_months(text,date[]) from public;
grant execute on function vehicles.ensure_months(text,date[]) to evx_app;

CREATE OR REPLACE FUNCTION vehicles.follow_totals()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_table_name = 'day_total' then
    perform vehicles.recount_local_days(car_id, vehicle_id, min(day) - 1, max(day) + 1) from after_it group by car_id, vehicle_id;
  else
    perform vehicles.recount_local_days(n.car_id, n.vehicle_id, n.month - 1, (n.month + interval '1 month')::date)
    from after_it n join before_it o using (car_id, vehicle_id, month)
    where (n.claimed_trips, n.claimed_distance_m, n.claimed_co2_g) is distinct from
      (o.claimed_trips, o.claimed_distance_m, o.claimed_co2_g);
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION vehicles.follow_zone()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform vehicles.recount_local_days(new.car_id, new.id, null, null);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION vehicles.keep_claimed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' then
    raise exception using errcode = 'restrict_violation', message = format('Trip %s is %s and cannot be deleted.', old.id, old.status);
  end if;
  if (new.car_id, new.vehicle_id, new.month, new.id, new.started_at, new.ended_at, new.distance_m, new.energy_wh, new.co2_g,
      new.factors_version, new.precision, new.quality, new.source, new.odometer_start_m, new.odometer_end_m)
     is distinct from
     (old.car_id, old.vehicle_id, old.month, old.id, old.started_at, old.ended_at, old.distance_m, old.energy_wh, old.co2_g,
      old.factors_version, old.precision, old.quality, old.source, old.odometer_start_m, old.odometer_end_m) then
    raise exception using errcode = 'restrict_violation', message = format('Trip %s is %s and cannot be changed.', old.id, old.status);
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION vehicles.local_day(p_at timestamp with time zone, p_zone text)
 RETURNS date
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select (p_at at time zone p_zone)::date
    - case when p_at < (p_at at time zone p_zone)::date::timestamp at time zone p_zone then 1 else 0 end
$function$;

CREATE OR REPLACE FUNCTION vehicles.recount_local_days(p_car_id bigint, p_vehicle_id text, p_from date, p_to date)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  here text := (select zone from vehicles.vehicle where id = p_vehicle_id);
  -- Open ends are far away, and still moments that clocks can show.
  first date := coalesce(p_from, '1999-01-01');
  last date := coalesce(p_to, '2200-12-31');
begin
  delete from vehicles.local_day_total
  where car_id = p_car_id and vehicle_id = p_vehicle_id and day between first and last;
  insert into vehicles.local_day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g,
    claimed_trips, claimed_distance_m, claimed_co2_g)
  select p_car_id, p_vehicle_id, vehicles.local_day(started_at, here), count(*), sum(distance_m), coalesce(sum(energy_wh), 0),
    sum(co2_g), count(request_id), coalesce(sum(distance_m) filter (where request_id is not null), 0),
    coalesce(sum(co2_g) filter (where request_id is not null), 0)
  from vehicles.trip
  where car_id = p_car_id and vehicle_id = p_vehicle_id
    -- Partitions are months of UTC, from which a zone is a day away at most.
    and month between date_trunc('month', first::timestamp - interval '1 day')::date and (last + 1)
    and started_at >= first::timestamp at time zone here and started_at < (last + 1)::timestamp at time zone here
  group by 3;
end
$function$;

CREATE OR REPLACE FUNCTION vehicles.sort_prints()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select gin_clean_pending_list('vehicles.print_page_prints')
$function$;
revoke all on function vehicles.sort_prints() from public;
grant execute on function vehicles.sort_prints() to evx_app;

CREATE OR REPLACE FUNCTION vehicles.zone_of(p_vehicle_id text)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select zone from vehicles.vehicle where id = p_vehicle_id
$function$;

CREATE OR REPLACE FUNCTION vehicles.zone_of_basis()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.zone := coalesce((select zone from vehicles.vehicle where id = new.vehicle_id), 'UTC');
  return new;
end
$function$;

create schema venue;
grant usage on schema venue to evx_app;

create table venue.announcement (
  id text not null,
  level text not null,
  text_en text not null,
  text_vi text not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  ended_by text,
  ended_at timestamp with time zone,
  constraint announcement_pkey PRIMARY KEY (id),
  constraint announcement_check CHECK ((until_at > from_at)),
  constraint announcement_check1 CHECK (((ended_by IS NULL) = (ended_at IS NULL))),
  constraint announcement_level_check CHECK ((level = ANY (ARRAY['info'::text, 'warning'::text, 'urgent'::text]))),
  constraint announcement_text_en_check CHECK (((length(text_en) >= 1) AND (length(text_en) <= 300))),
  constraint announcement_text_vi_check CHECK (((length(text_vi) >= 1) AND (length(text_vi) <= 300)))
);
CREATE INDEX announcement_newest ON venue.announcement USING btree (created_at DESC, id DESC);
CREATE INDEX announcement_shown ON venue.announcement USING btree (until_at) WHERE (ended_at IS NULL);
grant insert, select, update on venue.announcement to evx_app;
comment on column venue.announcement.id is 'Id<"announcement">';
comment on column venue.announcement.created_by is 'Id<"user">';
comment on column venue.announcement.ended_by is 'Id<"user">';

create table venue.standing (
  seq bigint not null,
  mode text not null,
  until timestamp with time zone,
  reason text not null,
  set_by text not null,
  at timestamp with time zone not null,
  closed_since timestamp with time zone,
  constraint standing_pkey PRIMARY KEY (seq),
  constraint standing_check CHECK (((mode = 'open'::text) = (closed_since IS NULL))),
  constraint standing_check1 CHECK (((mode <> 'open'::text) OR (until IS NULL))),
  constraint standing_mode_check CHECK ((mode = ANY (ARRAY['open'::text, 'read_only'::text, 'maintenance'::text]))),
  constraint standing_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint standing_seq_check CHECK ((seq > 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON venue.standing FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on venue.standing to evx_app;
comment on column venue.standing.set_by is 'Id<"user">';

create schema verification;
grant usage on schema verification to evx_app;

create table verification.accreditation (
  id bigint not null generated always as identity,
  reviewer_id text not null,
  body text not null,
  number text not null,
  assurance text not null,
  valid_until date,
  entered_by text not null,
  at timestamp with time zone not null,
  constraint accreditation_pkey PRIMARY KEY (reviewer_id, id),
  constraint accreditation_assurance_check CHECK ((assurance = ANY (ARRAY['limited'::text, 'reasonable'::text]))),
  constraint accreditation_body_check CHECK ((body <> ''::text)),
  constraint accreditation_number_check CHECK ((number <> ''::text))
);
CREATE INDEX accreditation_of ON verification.accreditation USING btree (reviewer_id, at DESC, id DESC);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.accreditation FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER order_accreditation BEFORE INSERT ON verification.accreditation FOR EACH ROW EXECUTE FUNCTION log.order_accreditation();
grant insert, select on verification.accreditation to evx_app;
comment on table verification.accreditation is 'distributed by reviewer_id';
comment on column verification.accreditation.reviewer_id is 'Id<"user">';
comment on column verification.accreditation.entered_by is 'Id<"user">';

create table verification.alert (
  kind text not null,
  reviewer_id text not null,
  owner_id text not null,
  source_id text not null,
  request_id text,
  grams bigint not null,
  raised_at timestamp with time zone not null,
  constraint alert_pkey PRIMARY KEY (kind, reviewer_id, owner_id, source_id),
  constraint alert_request_id_fkey FOREIGN KEY (request_id) REFERENCES verification.request(id),
  constraint alert_grams_check CHECK ((grams >= 0)),
  constraint alert_kind_check CHECK ((kind = ANY (ARRAY['gift'::text, 'pair'::text]))),
  constraint alert_source_id_check CHECK ((length(source_id) <= 40))
);
CREATE INDEX alert_pair ON verification.alert USING btree (owner_id, reviewer_id);
CREATE INDEX alert_raised ON verification.alert USING btree (raised_at DESC);
CREATE INDEX alert_request ON verification.alert USING btree (request_id) WHERE (request_id IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.alert FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.alert to evx_app;
comment on column verification.alert.reviewer_id is 'Id<"user">';
comment on column verification.alert.owner_id is 'Id<"user">';
comment on column verification.alert.request_id is 'Id<"request">';

create table verification.approval (
  request_id text not null,
  reviewer_id text not null,
  digest text not null,
  note text,
  approved_at timestamp with time zone not null,
  constraint approval_pkey PRIMARY KEY (request_id, reviewer_id),
  constraint approval_request_id_fkey FOREIGN KEY (request_id) REFERENCES verification.request(id)
);
grant delete, insert, select, update on verification.approval to evx_app;
comment on column verification.approval.request_id is 'Id<"request">';
comment on column verification.approval.reviewer_id is 'Id<"user">';

create table verification.book (
  day text not null,
  root text not null,
  leaf_count bigint not null,
  sum_g bigint not null,
  secret bytea not null,
  at timestamp with time zone not null,
  constraint book_pkey PRIMARY KEY (day),
  constraint book_day_check CHECK ((day ~ '^\d{4}-\d\d-\d\d$'::text)),
  constraint book_leaf_count_check CHECK ((leaf_count > 0)),
  constraint book_root_check CHECK ((root ~ '^[0-9a-f]{64}$'::text)),
  constraint book_secret_check CHECK ((octet_length(secret) = 32)),
  constraint book_sum_g_check CHECK ((sum_g >= 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.book FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.book to evx_app;

create table verification.book_holding (
  day text not null,
  holder_id text not null,
  state text not null,
  first_g bigint not null,
  second_g bigint not null,
  first_place bigint not null,
  second_place bigint not null,
  constraint book_holding_pkey PRIMARY KEY (day, holder_id, state),
  constraint book_holding_day_fkey FOREIGN KEY (day) REFERENCES verification.book(day),
  constraint book_holding_first_g_check CHECK ((first_g >= 0)),
  constraint book_holding_first_place_check CHECK ((first_place >= 0)),
  constraint book_holding_second_g_check CHECK ((second_g >= 0)),
  constraint book_holding_second_place_check CHECK ((second_place >= 0)),
  constraint book_holding_state_check CHECK ((state = ANY (ARRAY['held'::text, 'listed'::text, 'retired'::text])))
);
grant delete, insert, select on verification.book_holding to evx_app;
comment on table verification.book_holding is 'distributed by holder_id';
comment on column verification.book_holding.holder_id is 'Id<"user">';

create table verification.book_tile (
  day text not null,
  level smallint not null,
  n bigint not null,
  nodes bytea not null,
  constraint book_tile_pkey PRIMARY KEY (day, level, n),
  constraint book_tile_day_fkey FOREIGN KEY (day) REFERENCES verification.book(day),
  constraint book_tile_level_check CHECK (((level >= 0) AND (level <= 6))),
  constraint book_tile_n_check CHECK ((n >= 0)),
  constraint book_tile_nodes_check CHECK ((((octet_length(nodes) >= 40) AND (octet_length(nodes) <= 10240)) AND ((octet_length(nodes) % 40) = 0)))
);
grant delete, insert, select on verification.book_tile to evx_app;
comment on table verification.book_tile is 'distributed by day';

create table verification.certificate (
  id text not null,
  number text not null,
  kind text not null,
  holder_id text not null,
  subject_id text not null,
  order_id text,
  credits_g bigint not null,
  document text not null,
  signature text not null,
  key_id text not null,
  words text not null,
  issued_at timestamp with time zone not null,
  decided_by text,
  constraint certificate_pkey PRIMARY KEY (id),
  constraint certificate_kind_subject_id_key UNIQUE (kind, subject_id),
  constraint certificate_number_key UNIQUE (number),
  constraint certificate_key_id_fkey FOREIGN KEY (key_id) REFERENCES verification.signing_key(id),
  constraint certificate_credits_g_check CHECK ((credits_g > 0)),
  constraint certificate_kind_check CHECK ((kind = ANY (ARRAY['issuance'::text, 'purchase'::text, 'transfer'::text, 'retirement'::text])))
);
CREATE INDEX certificate_decided_by ON verification.certificate USING btree (decided_by, issued_at DESC, id) WHERE (decided_by IS NOT NULL);
CREATE INDEX certificate_holder ON verification.certificate USING btree (holder_id, issued_at DESC, id);
CREATE INDEX certificate_newest ON verification.certificate USING btree (issued_at DESC, id);
CREATE INDEX certificate_words ON verification.certificate USING gin (words public.gin_trgm_ops);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON verification.certificate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_certificate', 'id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.certificate FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE CONSTRAINT TRIGGER b_standing AFTER INSERT ON verification.certificate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION verification.settle_standing();
CREATE TRIGGER name_reviewer BEFORE INSERT ON verification.certificate FOR EACH ROW EXECUTE FUNCTION verification.name_reviewer();
grant insert, select on verification.certificate to evx_app;
comment on column verification.certificate.id is 'Id<"certificate">';
comment on column verification.certificate.holder_id is 'Id<"user">';
comment on column verification.certificate.order_id is 'Id<"order">';
comment on column verification.certificate.decided_by is 'Id<"user">';

create table verification.certificate_lot (
  certificate_id text not null,
  batch_id text not null,
  first_g bigint not null,
  last_g bigint not null,
  constraint certificate_lot_pkey PRIMARY KEY (certificate_id, batch_id, first_g),
  constraint certificate_lot_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES verification.certificate(id),
  constraint certificate_lot_check CHECK (((first_g >= 1) AND (first_g <= last_g)))
);
CREATE INDEX certificate_lot_batch ON verification.certificate_lot USING btree (batch_id, first_g);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.certificate_lot FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.certificate_lot to evx_app;
comment on column verification.certificate_lot.certificate_id is 'Id<"certificate">';
comment on column verification.certificate_lot.batch_id is 'Id<"batch">';

create table verification.certified_until (
  kind text not null,
  at timestamp with time zone not null,
  transfer_id text not null,
  constraint certified_until_pkey PRIMARY KEY (kind),
  constraint certified_until_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'transfer'::text])))
);
grant insert, select, update on verification.certified_until to evx_app;
comment on column verification.certified_until.transfer_id is 'Id<"transfer">';

create table verification.current_lot (
  batch_id text not null,
  first_g bigint not null,
  last_g bigint not null,
  certificate_id text not null,
  constraint current_lot_pkey PRIMARY KEY (batch_id, first_g),
  constraint current_lot_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES verification.certificate(id),
  constraint current_lot_check CHECK ((first_g <= last_g)),
  constraint current_lot_first_g_check CHECK ((first_g > 0))
);
CREATE INDEX current_lot_certificate ON verification.current_lot USING btree (certificate_id, batch_id, first_g);
grant select on verification.current_lot to evx_app;
comment on column verification.current_lot.batch_id is 'Id<"batch">';
comment on column verification.current_lot.certificate_id is 'Id<"certificate">';

create table verification.interest (
  reviewer_id text not null,
  subject_id text not null,
  reason text not null,
  declared_by text not null,
  declared_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint interest_pkey PRIMARY KEY (reviewer_id, subject_id, declared_at),
  constraint interest_check CHECK ((reviewer_id <> subject_id))
);
grant insert, select, update on verification.interest to evx_app;
comment on column verification.interest.reviewer_id is 'Id<"user">';
comment on column verification.interest.declared_by is 'Id<"user">';

create table verification.message (
  request_id text not null,
  seq integer not null,
  author_id text not null,
  kind text not null,
  body text,
  at timestamp with time zone not null,
  constraint message_pkey PRIMARY KEY (request_id, seq),
  constraint message_request_id_fkey FOREIGN KEY (request_id) REFERENCES verification.request(id),
  constraint message_kind_check CHECK ((kind = ANY (ARRAY['submitted'::text, 'claimed'::text, 'released'::text, 'question'::text, 'answer'::text, 'first_approval'::text, 'approved'::text, 'rejected'::text]))),
  constraint message_seq_check CHECK ((seq > 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.message FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.message to evx_app;
comment on column verification.message.request_id is 'Id<"request">';
comment on column verification.message.author_id is 'Id<"user">';

create table verification.odd_trade (
  order_id text not null,
  buyer_id text not null,
  seller_id text not null,
  origin_ids text[] not null,
  grams bigint not null,
  price_minor bigint not null,
  market_minor bigint,
  currency text not null,
  sold_at timestamp with time zone not null,
  constraint odd_trade_pkey PRIMARY KEY (order_id),
  constraint odd_trade_currency_check CHECK ((length(currency) = 3)),
  constraint odd_trade_grams_check CHECK ((grams > 0)),
  constraint odd_trade_market_minor_check CHECK ((market_minor > 0)),
  constraint odd_trade_price_minor_check CHECK ((price_minor > 0))
);
CREATE INDEX odd_trade_buyer ON verification.odd_trade USING btree (buyer_id, sold_at);
CREATE INDEX odd_trade_newest ON verification.odd_trade USING btree (sold_at, order_id);
CREATE INDEX odd_trade_seller ON verification.odd_trade USING btree (seller_id, sold_at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.odd_trade FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.odd_trade to evx_app;
comment on column verification.odd_trade.order_id is 'Id<"order">';
comment on column verification.odd_trade.buyer_id is 'Id<"user">';
comment on column verification.odd_trade.seller_id is 'Id<"user">';
comment on column verification.odd_trade.origin_ids is 'Id<"user">';

create table verification.recomputation (
  request_id text not null,
  at timestamp with time zone not null,
  expected_g bigint not null,
  found_g bigint not null,
  leaves_match boolean not null,
  asked_by text,
  constraint recomputation_pkey PRIMARY KEY (request_id, at),
  constraint recomputation_request_id_fkey FOREIGN KEY (request_id) REFERENCES verification.request(id)
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.recomputation FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.recomputation to evx_app;
comment on column verification.recomputation.request_id is 'Id<"request">';
comment on column verification.recomputation.asked_by is 'Id<"user">';

create table verification.request (
  id text not null,
  owner_id text not null,
  vehicle_id text not null,
  resubmits_id text,
  period_from timestamp with time zone,
  period_to timestamp with time zone,
  status text not null default 'pending'::text,
  reviewer_id text,
  claimed_at timestamp with time zone,
  submitted_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by text,
  decision_note text,
  trip_count bigint not null,
  distance_m bigint not null,
  energy_wh bigint,
  co2_saved_g bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  method_code text not null,
  factor_set text not null,
  factors jsonb not null,
  flat_g bigint not null,
  metered_g bigint not null,
  metered_trips bigint not null,
  country_code text not null,
  vehicle_make text not null,
  vehicle_model text not null,
  vehicle_year integer not null,
  vehicle_class text not null,
  quality_tier text not null,
  flagged_count bigint not null default 0,
  risk_score integer not null,
  risk_reasons jsonb not null,
  approvals_needed integer not null,
  issued_g bigint,
  buffer_g bigint,
  rejected_count bigint not null default 0,
  batch_id text,
  zone text not null,
  constraint request_pkey PRIMARY KEY (id),
  constraint request_batch_id_key UNIQUE (batch_id),
  constraint request_resubmits_id_key UNIQUE (resubmits_id),
  constraint request_resubmits_id_fkey FOREIGN KEY (resubmits_id) REFERENCES verification.request(id),
  constraint request_approvals_needed_check CHECK (((approvals_needed >= 1) AND (approvals_needed <= 2))),
  constraint request_check CHECK (((metered_trips >= 0) AND (metered_trips <= trip_count))),
  constraint request_check1 CHECK (((issued_g > 0) AND (issued_g <= co2_saved_g))),
  constraint request_check10 CHECK ((resubmits_id <> id)),
  constraint request_check2 CHECK (((buffer_g >= 0) AND (buffer_g <= issued_g))),
  constraint request_check3 CHECK (((rejected_count >= 0) AND (rejected_count <= trip_count))),
  constraint request_check4 CHECK (((status = 'approved'::text) = (batch_id IS NOT NULL))),
  constraint request_check5 CHECK ((((batch_id IS NULL) = (issued_g IS NULL)) AND ((batch_id IS NULL) = (buffer_g IS NULL)))),
  constraint request_check6 CHECK (((status = ANY (ARRAY['approved'::text, 'rejected'::text])) = (decided_at IS NOT NULL))),
  constraint request_check7 CHECK (((status <> ALL (ARRAY['needs_info'::text, 'approved'::text])) OR (reviewer_id IS NOT NULL))),
  constraint request_check8 CHECK ((owner_id IS DISTINCT FROM reviewer_id)),
  constraint request_check9 CHECK ((first_at <= last_at)),
  constraint request_co2_saved_g_check CHECK ((co2_saved_g > 0)),
  constraint request_distance_m_check CHECK ((distance_m >= 0)),
  constraint request_energy_wh_check CHECK ((energy_wh >= 0)),
  constraint request_flat_g_check CHECK ((flat_g >= 0)),
  constraint request_metered_g_check CHECK ((metered_g >= 0)),
  constraint request_quality_tier_check CHECK ((quality_tier = ANY (ARRAY['connected'::text, 'export'::text, 'manual'::text]))),
  constraint request_risk_score_check CHECK (((risk_score >= 0) AND (risk_score <= 100))),
  constraint request_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'in_review'::text, 'needs_info'::text, 'approved'::text, 'rejected'::text]))),
  constraint request_trip_count_check CHECK ((trip_count > 0)),
  constraint request_zone_check CHECK ((length(zone) <= 60))
);
CREATE INDEX request_decided_by ON verification.request USING btree (decided_by, decided_at DESC) WHERE (decided_by IS NOT NULL);
CREATE INDEX request_newest ON verification.request USING btree (status, submitted_at DESC, id);
CREATE INDEX request_owner ON verification.request USING btree (owner_id, submitted_at DESC, id);
CREATE INDEX request_queue ON verification.request USING btree (risk_score DESC, submitted_at, id) WHERE (status = ANY (ARRAY['pending'::text, 'in_review'::text, 'needs_info'::text]));
CREATE INDEX request_reviewer ON verification.request USING btree (reviewer_id, submitted_at DESC) WHERE (reviewer_id IS NOT NULL);
CREATE INDEX request_vehicle ON verification.request USING btree (vehicle_id, submitted_at DESC);
CREATE TRIGGER keep_decided BEFORE UPDATE ON verification.request FOR EACH ROW EXECUTE FUNCTION verification.keep_decided();
CREATE TRIGGER zone_of_request BEFORE INSERT ON verification.request FOR EACH ROW WHEN ((new.zone IS NULL)) EXECUTE FUNCTION verification.zone_of_request();
grant insert, select, update on verification.request to evx_app;
comment on column verification.request.id is 'Id<"request">';
comment on column verification.request.owner_id is 'Id<"user">';
comment on column verification.request.vehicle_id is 'Id<"vehicle">';
comment on column verification.request.resubmits_id is 'Id<"request">';
comment on column verification.request.reviewer_id is 'Id<"user">';
comment on column verification.request.decided_by is 'Id<"user">';
comment on column verification.request.batch_id is 'Id<"batch">';

create table verification.revocation (
  certificate_id text not null,
  reason text not null,
  revoked_by text not null,
  revoked_at timestamp with time zone not null,
  constraint revocation_pkey PRIMARY KEY (certificate_id),
  constraint revocation_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES verification.certificate(id)
);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON verification.revocation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_revocation', 'certificate_id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.revocation FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.revocation to evx_app;
comment on column verification.revocation.certificate_id is 'Id<"certificate">';
comment on column verification.revocation.revoked_by is 'Id<"user">';

create table verification.signing_key (
  id text not null,
  public_key text not null,
  added_at timestamp with time zone not null,
  signed_by text,
  cross_signature text,
  constraint signing_key_pkey PRIMARY KEY (id),
  constraint signing_key_public_key_key UNIQUE (public_key),
  constraint signing_key_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES verification.signing_key(id),
  constraint signing_key_cross CHECK (((signed_by IS NULL) = (cross_signature IS NULL)))
);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON verification.signing_key DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_key', 'id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.signing_key FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on verification.signing_key to evx_app;

create table verification.snapshot (
  day text not null,
  content bytea not null,
  statement text not null,
  signature text not null,
  key_id text not null,
  at timestamp with time zone not null,
  constraint snapshot_pkey PRIMARY KEY (day),
  constraint snapshot_key_id_fkey FOREIGN KEY (key_id) REFERENCES verification.signing_key(id),
  constraint snapshot_day_check CHECK ((day ~ '^\d{4}-\d\d-\d\d$'::text))
);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON verification.snapshot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_snapshot', 'day');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.snapshot FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.snapshot to evx_app;
comment on table verification.snapshot is 'distributed by day';

create table verification.snapshot_part (
  day text not null,
  place integer not null,
  content bytea not null,
  constraint snapshot_part_pkey PRIMARY KEY (day, place),
  constraint snapshot_part_day_fkey FOREIGN KEY (day) REFERENCES verification.snapshot(day) DEFERRABLE INITIALLY DEFERRED,
  constraint snapshot_part_place_check CHECK ((place >= 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.snapshot_part FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.snapshot_part to evx_app;
comment on table verification.snapshot_part is 'distributed by day';

create table verification.submission (
  id text not null,
  owner_id text not null,
  fleet boolean not null,
  status text not null,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint submission_pkey PRIMARY KEY (id),
  constraint submission_id_check CHECK ((id ~~ 'sub\_%'::text)),
  constraint submission_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text])))
);
CREATE INDEX submission_owner ON verification.submission USING btree (owner_id, id DESC);
grant insert, select, update on verification.submission to evx_app;
comment on column verification.submission.id is 'Id<"submission">';
comment on column verification.submission.owner_id is 'Id<"user">';

create table verification.submission_line (
  submission_id text not null,
  place integer not null,
  vehicle_id text not null,
  request_id text not null,
  year integer,
  period_from timestamp with time zone,
  period_to timestamp with time zone,
  status text not null default 'waiting'::text,
  refusal text,
  details jsonb not null default '{}'::jsonb,
  trips bigint not null,
  trips_done bigint not null default 0,
  constraint submission_line_pkey PRIMARY KEY (submission_id, place),
  constraint submission_line_request_id_key UNIQUE (request_id),
  constraint submission_line_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES verification.submission(id),
  constraint submission_line_place_check CHECK ((place >= 0)),
  constraint submission_line_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'done'::text, 'refused'::text]))),
  constraint submission_line_trips_check CHECK ((trips >= 0))
);
grant insert, select, update on verification.submission_line to evx_app;
comment on column verification.submission_line.submission_id is 'Id<"submission">';
comment on column verification.submission_line.vehicle_id is 'Id<"vehicle">';
comment on column verification.submission_line.request_id is 'Id<"request">';

create table verification.trade_alert (
  reviewer_id text not null,
  owner_id text not null,
  order_id text not null,
  request_id text not null,
  bought boolean not null,
  raised_at timestamp with time zone not null,
  constraint trade_alert_pkey PRIMARY KEY (reviewer_id, owner_id, order_id),
  constraint trade_alert_order_id_fkey FOREIGN KEY (order_id) REFERENCES verification.odd_trade(order_id),
  constraint trade_alert_request_id_fkey FOREIGN KEY (request_id) REFERENCES verification.request(id)
);
CREATE INDEX trade_alert_pair ON verification.trade_alert USING btree (owner_id, reviewer_id);
CREATE INDEX trade_alert_raised ON verification.trade_alert USING btree (raised_at DESC);
CREATE INDEX trade_alert_request ON verification.trade_alert USING btree (request_id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.trade_alert FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.trade_alert to evx_app;
comment on column verification.trade_alert.reviewer_id is 'Id<"user">';
comment on column verification.trade_alert.owner_id is 'Id<"user">';
comment on column verification.trade_alert.order_id is 'Id<"order">';
comment on column verification.trade_alert.request_id is 'Id<"request">';

create table verification.tree (
  batch_id text not null,
  request_id text not null,
  root text not null,
  leaf_count bigint not null,
  secret bytea not null,
  leaves bytea not null,
  at timestamp with time zone not null,
  sums bytea,
  sum_g bigint,
  constraint tree_pkey PRIMARY KEY (batch_id),
  constraint tree_check CHECK ((length(leaves) = (leaf_count * 32))),
  constraint tree_leaf_count_check CHECK ((leaf_count > 0)),
  constraint tree_root_check CHECK ((root ~ '^[0-9a-f]{64}$'::text)),
  constraint tree_secret_check CHECK ((length(secret) = 32)),
  constraint tree_sum_g_check CHECK ((sum_g > 0)),
  constraint tree_sums CHECK ((((sums IS NULL) = (sum_g IS NULL)) AND (octet_length(sums) = (leaf_count * 8))))
);
CREATE INDEX tree_request ON verification.tree USING btree (request_id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.tree FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on verification.tree to evx_app;
comment on column verification.tree.batch_id is 'Id<"batch">';
comment on column verification.tree.request_id is 'Id<"request">';

create table verification.trip_rejection (
  request_id text not null,
  trip_id text not null,
  reason_code text not null,
  note text,
  started_at timestamp with time zone not null,
  distance_m bigint not null,
  co2_saved_g bigint not null,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  constraint trip_rejection_pkey PRIMARY KEY (request_id, trip_id),
  constraint trip_rejection_request_id_fkey FOREIGN KEY (request_id) REFERENCES verification.request(id),
  constraint trip_rejection_reason_code_check CHECK ((reason_code = ANY (ARRAY['consumption_implausible'::text, 'speed_implausible'::text, 'distance_mismatch'::text, 'duplicate_suspected'::text, 'wrong_vehicle'::text, 'evidence_missing'::text, 'other'::text])))
);
grant delete, insert, select, update on verification.trip_rejection to evx_app;
comment on column verification.trip_rejection.request_id is 'Id<"request">';
comment on column verification.trip_rejection.trip_id is 'Id<"trip">';
comment on column verification.trip_rejection.decided_by is 'Id<"user">';

create table verification.withdrawn_key (
  key_id text not null,
  at timestamp with time zone not null,
  reason text not null,
  constraint withdrawn_key_pkey PRIMARY KEY (key_id),
  constraint withdrawn_key_key_id_fkey FOREIGN KEY (key_id) REFERENCES verification.signing_key(id),
  constraint withdrawn_key_reason_check CHECK ((reason <> ''::text))
);
CREATE CONSTRAINT TRIGGER a_logged AFTER INSERT ON verification.withdrawn_key DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.entered('enter_withdrawn_key', 'key_id');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON verification.withdrawn_key FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant select on verification.withdrawn_key to evx_app;

CREATE OR REPLACE FUNCTION verification.add_key(p_id text, p_public_key text, p_at timestamp with time zone, p_signed_by text, p_signature text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  -- Who calls, not whose rights this function has: the role that was chosen, or else the login.
  caller text := coalesce(nullif(current_setting('role'), 'none'), session_user);
begin
  perform pg_advisory_xact_lock(hashtext('verification.signing_key'));
  if exists (select from verification.signing_key where id = p_id) then
    return;
  end if;
  if exists (select from verification.signing_key) and not pg_has_role(caller, (
      select relowner from pg_class where oid = 'verification.signing_key'::regclass), 'usage') then
    raise exception 'signing_key_unknown' using errcode = 'insufficient_privilege';
  end if;
  insert into verification.signing_key (id, public_key, added_at, signed_by, cross_signature)
  values (p_id, p_public_key, p_at, p_signed_by, p_signature);
end
$function$;
revoke all on function verification.add_key(text,text,timestamp with time zone,text,text) from public;
grant execute on function verification.add_key(text,text,timestamp with time zone,text,text) to evx_app;

CREATE OR REPLACE FUNCTION verification.batches_of_certificate(p_number text)
 RETURNS SETOF bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select distinct b.number
  from verification.certificate c
  join verification.certificate_lot l on l.certificate_id = c.id
  join credits.batch b on b.id = l.batch_id
  where c.number = p_number
$function$;
revoke all on function verification.batches_of_certificate(text) from public;
grant execute on function verification.batches_of_certificate(text) to evx_app;

CREATE OR REPLACE FUNCTION verification.begin_book()
 RETURNS TABLE(holder text, state text, grams bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  lock table log.pending in share row exclusive mode;
  return query
    select coalesce(a.holder, 'venue'),
      case a.kind when 'wallet' then 'held' when 'listing' then 'listed' else a.kind end,
      sum(a.balance)::bigint
    from ledger.account a
    where a.asset = 'gCO2e' and a.kind in ('wallet', 'listing', 'retired', 'buffer', 'cancelled') and a.filled
    group by 1, 2 order by 1, 2;
end
$function$;
revoke all on function verification.begin_book() from public;
grant execute on function verification.begin_book() to evx_app;

CREATE OR REPLACE FUNCTION verification.certificates_of(p_subjects text[])
 RETURNS TABLE(subject text, number text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select subject_id, number from verification.certificate
  where kind in ('issuance', 'purchase', 'transfer', 'retirement') and subject_id = any (p_subjects)
$function$;
revoke all on function verification.certificates_of(text[]) from public;
grant execute on function verification.certificates_of(text[]) to evx_app;

CREATE OR REPLACE FUNCTION verification.checkpoints_since_book(p_day text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with last as (select max(day) as day from verification.book where day < p_day), named as (
    select body from log.entry, last where kind = 'book' and subject = last.day
    union all
    select body from log.pending, last where kind = 'book' and subject = last.day
  )
  select log.checkpoints_between(
    coalesce((select (convert_from(body, 'UTF8')::jsonb #>> '{checkpoints,to}')::bigint from named limit 1), 0),
    coalesce((select max(size) from log.checkpoint), 0))
$function$;
revoke all on function verification.checkpoints_since_book(text) from public;

CREATE OR REPLACE FUNCTION verification.close_book(p_day text, p_holdings jsonb, p_at timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  lock table log.pending in share row exclusive mode;
  return log.enter('book', p_day, jsonb_build_object('day', p_day, 'holdings', p_holdings,
    'totals', verification.registry_totals(), 'checkpoints', verification.checkpoints_since_book(p_day),
    'audit', coalesce((select jsonb_agg(jsonb_build_object('chain', chain, 'seq', seq::text, 'hash', encode(hash, 'hex'))
      order by chain) from (select distinct on (chain) chain, seq, hash from identity.audit order by chain, seq desc) h),
      '[]')), p_at);
end
$function$;
revoke all on function verification.close_book(text,jsonb,timestamp with time zone) from public;
grant execute on function verification.close_book(text,jsonb,timestamp with time zone) to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_batches()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('Batch %s: its row says %s, its certificate %s says %s.', lpad(number::text, 6, '0'), said, certificate, signed) as fault
  from (
    select b.number, c.number as certificate, jsonb_strip_nulls(jsonb_build_object('vintage', l -> 'vintage',
      'from', l -> 'vintageFrom', 'to', l -> 'vintageTo', 'country', l -> 'country', 'method', l -> 'method',
      'factorSet', l -> 'factorSet', 'quality', l -> 'quality', 'root', l -> 'root',
      'vehicle', c.document::jsonb #> '{vehicle,class}')) as signed,
      jsonb_strip_nulls(jsonb_build_object('vintage', b.vintage_year,
      'from', case l ->> 'vintageFrom' when v.months ->> 'from' then v.months -> 'from'
        else case when l ? 'vintageFrom' then to_jsonb(to_char(b.vintage_from, 'YYYY-MM-DD')) end end,
      'to', case l ->> 'vintageTo' when v.months ->> 'to' then v.months -> 'to'
        else case when l ? 'vintageTo' then to_jsonb(to_char(b.vintage_to, 'YYYY-MM-DD')) end end, 'country', b.country_code,
      'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'root', t.root,
      'vehicle', case when jsonb_typeof(c.document::jsonb -> 'vehicle') = 'object' then b.vehicle_class end)) as said
    from credits.batch b join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
    cross join lateral jsonb_array_elements(c.document::jsonb -> 'lots') l
    left join verification.tree t on t.batch_id = b.id
    cross join lateral log.vintage_of(b) v (months)
    where l ->> 'batch' = b.id
  ) pair where said <> signed order by number limit 100
$function$;
revoke all on function verification.faults_of_batches() from public;
grant execute on function verification.faults_of_batches() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_checkpoints()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('The book of %s names %s checkpoints of %s to %s entries, and %s are kept, or others.', subject, said ->> 'count',
    said ->> 'from', said ->> 'to', kept ->> 'count') as fault
  from (select subject, convert_from(body, 'UTF8')::jsonb -> 'checkpoints' as said from log.entry where kind = 'book') b
  cross join lateral (select log.checkpoints_between((said ->> 'from')::bigint, (said ->> 'to')::bigint) as kept) k
  where said is not null and said <> kept order by subject limit 100
$function$;
revoke all on function verification.faults_of_checkpoints() from public;
grant execute on function verification.faults_of_checkpoints() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_decisions()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
AS $function$
  with decided as (
    select a.object as id, a.after -> 'facts' as was,
      verification.request_facts(a.object, (a.after #>> '{facts,messages,count}')::bigint) as now
    from identity.audit a where a.action in ('request.approve', 'request.reject') and a.after ? 'facts'
  ), said as (
    select 'Request ' || d.id as what, w.name, w.value as was, d.now -> 'request' as now
    from decided d cross join lateral jsonb_each(d.was -> 'request') w (name, value)
    union all
    select 'Batch ' || lpad(b.value ->> 'number', 6, '0'), w.name, w.value, d.now -> 'batches' -> b.key
    from decided d cross join lateral jsonb_each(d.was -> 'batches') b cross join lateral jsonb_each(b.value) w (name, value)
  )
  select format('%s: the registry says %s %s, the audit trail of its decision %s.', what, name, now -> name, was) as fault
  from said where now ? name and now -> name is distinct from was
  union all
  select format('Request %s is in the audit trail as decided, and is not there.', id) from decided where now ->> 'request' is null
  union all
  select format('Request %s: what was said before it was decided is not what is kept.', id)
  from decided where now -> 'messages' is distinct from was -> 'messages'
  union all
  select format('Request %s: the trips that were refused are not those that are kept.', id)
  from decided where now -> 'refusals' is distinct from was -> 'refusals'
  union all
  select format('Request %s: its approvals are not those by which it was decided.', id)
  from decided where was ? 'approvals' and now -> 'approvals' is distinct from was -> 'approvals'
  union all
  select format('Request %s: message %s is missing.', request_id, before + 1)
  from (select request_id, seq, lag(seq, 1, 0) over (partition by request_id order by seq) as before from verification.message) m
  where seq <> before + 1
  union all
  select format('By the audit trail %s did not reject request %s.', r.decided_by, r.id)
  from verification.request r where r.status = 'rejected' and not exists (select from identity.audit a
    where a.action = 'request.reject' and a.object = r.id and a.actor_id = r.decided_by)
  union all
  select format('Request %s: by the audit trail it gave %s g when it was computed again, and no such recomputation is kept.',
    a.object, a.after ->> 'grams')
  from identity.audit a where a.action = 'request.recompute_failed' and not exists (select from verification.recomputation c
    where c.request_id = a.object and c.found_g::text = a.after ->> 'grams' and c.leaves_match = (a.after ->> 'proofMatches')::boolean)
  union all
  select format('Request %s: by the audit trail %s had it computed again on %s, and nothing of it is kept.', a.object, a.actor_id,
    a.after ->> 'at')
  from identity.audit a where a.action = 'request.recompute' and not exists (select from verification.recomputation c
    where c.request_id = a.object and log.moment(c.at) = a.after ->> 'at')
  union all
  select format('Request %s: a recomputation on %s says that %s g were expected, %s g were issued.', c.request_id, log.moment(c.at),
    c.expected_g, r.issued_g)
  from verification.recomputation c join verification.request r on r.id = c.request_id
  where r.status = 'approved' and c.at > r.decided_at and c.expected_g <> r.issued_g
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_decisions() from public;
grant execute on function verification.faults_of_decisions() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_deeds()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with line as (
    select action, object, actor_id, before, after, chain, seq from identity.audit where action in ('interest.declare', 'interest.end',
      'auditor.accreditation', 'grid_factor.set', 'certificate.revoke', 'shortfall.make_up', 'request.suspect', 'trade.odd')
  ), done as (
    select 'interest.declare' as action, reviewer_id as object, declared_by as actor_id, declared_at as at,
      jsonb_build_object('subjectId', subject_id, 'reason', reason) as said,
      format('That auditor %s has an interest in %s', reviewer_id, subject_id) as what, 'say so' as verb from verification.interest
    union all
    select 'interest.end', reviewer_id, null, ended_at, jsonb_build_object('subjectId', subject_id),
      format('The end of auditor %s''s interest in %s', reviewer_id, subject_id), 'end it'
    from verification.interest where ended_at is not null
    union all
    select 'auditor.accreditation', reviewer_id, entered_by, at, jsonb_build_object('body', body, 'number', number,
      'assurance', assurance, 'valid_until', valid_until), format('Accreditation %s of auditor %s', number, reviewer_id), 'enter it'
    from verification.accreditation
    union all
    select 'grid_factor.set', country_code || ' ' || year, set_by, set_at, jsonb_build_object('source', source, 'version', version,
      'gramsPerKwh', trim_scale(grid_mg_per_kwh / 1000.0)), format('Grid factor %s %s, version %s', country_code, year, version), 'enter it'
    from vehicles.grid_factor
    union all
    select 'certificate.revoke', certificate_id, revoked_by, revoked_at, jsonb_build_object('reason', reason),
      'The revocation of ' || certificate_id, 'make it' from verification.revocation
    union all
    select 'shortfall.make_up', batch_id, operator_id, made_at, jsonb_build_object('grams', grams_g::text, 'note', note),
      format('What made up for %s with %s g', batch_id, grams_g), 'give it' from credits.replacement
    union all
    select 'request.suspect', request_id, null, raised_at, jsonb_build_object('kind', kind, 'reviewerId', reviewer_id,
      'ownerId', owner_id, 'sourceId', source_id), 'The sign on request ' || request_id, null from verification.alert
    union all
    select 'request.suspect', request_id, null, raised_at, jsonb_build_object('kind', 'trade', 'reviewerId', reviewer_id,
      'ownerId', owner_id, 'sourceId', order_id), 'The sign on request ' || request_id, null from verification.trade_alert
    union all
    select 'trade.odd', order_id, null, null, jsonb_build_object('buyerId', buyer_id, 'sellerId', seller_id,
      'originIds', to_jsonb(origin_ids), 'grams', grams::text,
      'price', price_minor::text, 'market', market_minor::text, 'currency', currency, 'soldAt', log.moment(sold_at)),
      'The odd sale of order ' || order_id, null from verification.odd_trade
  )
  select format('%s: by the audit trail %s did not %s as it stands.', d.what, coalesce(d.actor_id, 'nobody'), d.verb) as fault
  from done d where d.verb is not null and not exists (select from line l
    where l.action = d.action and l.object = d.object and (d.actor_id is null or l.actor_id = d.actor_id)
      and coalesce(l.after ->> 'at', log.moment(d.at)) = log.moment(d.at) and coalesce(l.after, l.before) @> d.said)
  union all
  select format('Line %s/%s of the audit trail says %s of %s (%s), and no such thing is kept.', l.chain, l.seq, l.action, l.object,
    coalesce(l.after, l.before))
  from line l where not exists (select from done d where d.action = l.action and d.object = l.object
    and coalesce(l.after, l.before) @> d.said)
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_deeds() from public;
grant execute on function verification.faults_of_deeds() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_entries()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with entry as (
    select e.place, e.kind, e.subject, e.at, j, split_part(e.subject, '/', 1) as head
    from log.entry e cross join lateral (select convert_from(e.body, 'UTF8')::jsonb as j) b
  )
  select format('Entry %s is found as %s %s of %s, and is %s.', place, kind, subject, log.moment(at), j) as fault
  from entry where kind is distinct from j ->> 'kind' or log.moment(at) is distinct from j ->> 'at'
    or case kind
      when 'certificate' then head <> j ->> 'number'
      when 'retired' then head <> j ->> 'id'
      when 'cancelled' then head <> j ->> 'id'
      when 'key' then head <> j ->> 'id'
      when 'key_withdrawn' then head <> j ->> 'id'
      when 'book' then head <> j ->> 'day'
      when 'snapshot' then head <> j ->> 'day'
      when 'batch_issued' then not exists (select from credits.batch b where b.id = head and b.number = (j ->> 'batch')::bigint)
      else false end
  order by place limit 100
$function$;
revoke all on function verification.faults_of_entries() from public;
grant execute on function verification.faults_of_entries() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_holders(p_before timestamp with time zone)
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('Certificate %s reads current for grams %s-%s-%s, which are with somebody else.', c.number,
    lpad(b.number::text, 6, '0'), greatest(r.first_g, k.lo), least(r.last_g, k.hi - 1)) as fault
  from verification.current_lot r
  join verification.certificate c on c.id = r.certificate_id
  join credits.batch b on b.id = r.batch_id
  join ledger.block k on k.batch_id = r.batch_id and k.hi > r.first_g and k.lo <= r.last_g
  join ledger.account a on a.id = k.account_id
  join ledger.entry e on e.account_id = k.account_id and e.version = k.seq
  join ledger.transfer t on t.id = e.transfer_id
  where a.kind in ('wallet', 'listing', 'retired') and t.at < p_before
    and (a.holder <> c.holder_id or (a.kind = 'retired') <> (c.kind = 'retirement'))
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_holders(timestamp with time zone) from public;
grant execute on function verification.faults_of_holders(timestamp with time zone) to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_lots()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with signed as (
    select c.id, l ->> 'batch' as batch_id, part[1]::bigint as first_g, part[2]::bigint as last_g
    from verification.certificate c cross join lateral jsonb_array_elements(c.document::jsonb -> 'lots') l
    cross join lateral regexp_match(l ->> 'serial', '-([0-9]+)-([0-9]+)$') part
  ), stored as (
    select certificate_id as id, batch_id, first_g, last_g from verification.certificate_lot
  ), other as (
    (select id from (table signed except all table stored) a) union (select id from (table stored except all table signed) b)
  )
  select format('Certificate %s: its rows of serial numbers are not those that were signed.', c.number) as fault
  from other join verification.certificate c using (id) order by c.number limit 100
$function$;
revoke all on function verification.faults_of_lots() from public;
grant execute on function verification.faults_of_lots() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_moments()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('Batch %s was issued on %s, its grams on %s.', lpad(b.number::text, 6, '0'), log.moment(b.issued_at), log.moment(t.at)) as fault
  from credits.batch b left join ledger.transfer t on t.id = b.transfer_id where b.issued_at is distinct from t.at
  union all
  select format('Retirement %s is of %s, its grams left on %s.', r.id, log.moment(r.retired_at), log.moment(t.at))
  from credits.retirement r left join ledger.transfer t on t.id = r.transfer_id where r.retired_at is distinct from t.at
  union all
  select format('Cancellation %s is of %s, its grams left on %s.', c.transfer_id, log.moment(c.cancelled_at), log.moment(t.at))
  from credits.cancellation c left join ledger.transfer t on t.id = c.transfer_id where c.cancelled_at is distinct from t.at
  union all
  select format('Cancellation %s: its row says that %s had the grams (%s), by the ledger they left %s (%s).', c.transfer_id,
    coalesce(c.holder_id, 'the buffer'), c.reason, a.id, t.memo ->> 'note')
  from credits.cancellation c join ledger.transfer t on t.id = c.transfer_id
  join ledger.entry e on e.transfer_id = t.id and e.amount < 0 join ledger.account a on a.id = e.account_id
  -- A person's grams are in their wallet or in a listing of theirs.
  where (a.kind = 'buffer') is distinct from (c.holder_id is null)
    or a.holder is distinct from c.holder_id or c.reason is distinct from t.memo ->> 'note'
  union all
  select format('Certificate %s is of %s, its %s of %s.', c.number, log.moment(c.issued_at),
    case c.kind when 'purchase' then 'sale' else 'gift' end, log.moment(t.at))
  from verification.certificate c join ledger.transfer t on t.id = c.subject_id
  where c.kind in ('purchase', 'transfer') and t.at > c.issued_at
    or c.kind = 'purchase' and t.at < c.issued_at - interval '7 days'
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_moments() from public;
grant execute on function verification.faults_of_moments() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_people()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with line as (
    select object as id, action, after, at, chain, seq from identity.audit
    where action in ('user.register', 'user.change_role', 'user.accredit', 'user.disaccredit', 'user.public_name')
  ), role as (
    select distinct on (id) id, after ->> 'role' as role from line where action in ('user.register', 'user.change_role')
    order by id, at desc, seq desc
  ), accredited as (
    select distinct on (id) id, action = 'user.accredit' as accredited from line where action <> 'user.public_name'
    order by id, at desc, seq desc
  ), called as (
    select distinct on (id) id, after as said from line where action = 'user.public_name' order by id, at desc, seq desc
  )
  select format('%s has the role %s; by the audit trail it is %s.', u.id, u.role, r.role) as fault
  from identity."user" u join role r using (id) where r.role is distinct from u.role
  union all
  select format('%s %s review; by the audit trail it is otherwise.', u.id, case when u.accredited then 'may' else 'may not' end)
  from identity."user" u join accredited a using (id) where a.accredited <> u.accredited
  union all
  select format('%s is called %s in public; by the audit trail nobody said so.', u.id, coalesce(u.public_name, 'by a pseudonym'))
  from identity."user" u join role using (id) left join called c using (id)
  where jsonb_build_object('kind', u.public_kind, 'name', u.public_name, 'lei', u.lei)
    <> coalesce(c.said, '{"kind": "pseudonym", "name": null, "lei": null}')
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_people() from public;
grant execute on function verification.faults_of_people() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_replacements()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('%s g are said to make up for batch %s on %s, and did not go into the buffer.', r.grams_g,
    lpad(b.number::text, 6, '0'), log.moment(r.made_at)) as fault
  from credits.replacement r join credits.batch b on b.id = r.batch_id
  where not exists (select from ledger.transfer t join ledger.entry e on e.transfer_id = t.id
    where t.id = r.transfer_id and t.kind = 'buffer' and t.at = r.made_at and t.memo ->> 'batchId' = r.batch_id
      and e.account_id = 'gCO2e/buffer' and e.amount = r.grams_g)
  order by r.made_at, r.transfer_id limit 100
$function$;
revoke all on function verification.faults_of_replacements() from public;
grant execute on function verification.faults_of_replacements() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_requests()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('Request %s is approved, and has no batch.', r.id) as fault
  from verification.request r
  where r.status = 'approved' and not exists (select from credits.batch b where b.request_id = r.id)
  union all
  select format('Batch %s: by the audit trail its reviewer did not approve its request %s.', lpad(b.number::text, 6, '0'), b.request_id)
  from credits.batch b
  where not exists (select from identity.audit a
    where a.action = 'request.approve' and a.object = b.request_id and a.actor_id = b.cva_id)
  union all
  select format('Request %s was approved by %s, and needed %s.', r.id, a.given, r.approvals_needed)
  from verification.request r
  cross join lateral (select count(*) as given from verification.approval where request_id = r.id) a
  where r.status = 'approved' and a.given < r.approvals_needed
  union all
  select format('By the audit trail %s did not approve request %s.', p.reviewer_id, p.request_id)
  from verification.approval p
  where not exists (select from identity.audit a where a.action in ('request.approve', 'request.approve_first')
    and a.object = p.request_id and a.actor_id = p.reviewer_id)
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_requests() from public;
grant execute on function verification.faults_of_requests() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_retirements()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('Retirement %s: the registry says %s, its certificate %s says %s.', id, said, number, signed) as fault
  from (
    select r.id, c.number, c.document::jsonb -> 'retirement' as signed, jsonb_build_object(
      'beneficiary', r.beneficiary_name, 'country', r.beneficiary_country, 'reason', r.reason, 'message', r.message,
      'periodFrom', to_char(r.period_from, 'YYYY-MM-DD'), 'periodTo', to_char(r.period_to, 'YYYY-MM-DD'),
      'retiredAt', log.moment(r.retired_at))
      || case when r.beneficiary_lei is null then '{}' else jsonb_build_object('lei', r.beneficiary_lei) end as said,
      r.holder_id = c.holder_id and r.grams_g = c.credits_g as same
    from credits.retirement r join verification.certificate c on c.kind = 'retirement' and c.subject_id = r.id
  ) pair where not same or signed is distinct from said order by id limit 100
$function$;
revoke all on function verification.faults_of_retirements() from public;
grant execute on function verification.faults_of_retirements() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_rules()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with line as (
    select chain, seq, object as name, (after ->> 'version')::int as version, actor_id, after
    from identity.audit where action in ('rule.set', 'rule.roll_back', 'rule.call_off')
  ), head as (
    select e.at, h.chain::smallint as chain, h.seq::bigint as seq from log.entry e
    cross join lateral jsonb_to_recordset(convert_from(e.body, 'UTF8')::jsonb -> 'audit') h (chain text, seq text)
    where e.kind = 'book'
  )
  select format('By the audit trail nobody set version %s of rule %s.', r.version, r.name) as fault
  from rules.rule r where not exists (select from line l where l.name = r.name and l.version = r.version)
  union all
  select format('Version %s of rule %s is in the audit trail, and is not kept.', l.version, l.name)
  from line l where not exists (select from rules.rule r where r.name = l.name and r.version = l.version)
  union all
  select format('Version %s of rule %s is %s from %s on by %s (%s); by the audit trail it is %s.', r.version, r.name, r.value,
    log.moment(r.effective_at), r.set_by, r.reason, l.after || jsonb_build_object('by', l.actor_id))
  from rules.rule r join line l using (name, version)
  where r.set_by is distinct from l.actor_id or r.reason is distinct from l.after ->> 'reason'
    or log.moment(r.effective_at) is distinct from l.after ->> 'from' or l.after ? 'value' and l.after -> 'value' <> r.value
  union all
  select format('Version %s of rule %s calls off version %s; by the audit trail it calls off %s.', r.version, r.name,
    coalesce(r.calls_off::text, 'none'), coalesce('version ' || (l.after ->> 'calledOff'), 'none'))
  from rules.rule r join line l using (name, version)
  where r.calls_off is distinct from (l.after ->> 'calledOff')::int
  union all
  select format('Version %s of rule %s counts from %s on, and was set after the book of %s was closed.', l.version, l.name,
    l.after ->> 'from', log.moment(max(h.at)))
  from line l join head h on h.chain = l.chain and h.seq < l.seq and log.moment(h.at - interval '1 hour') > l.after ->> 'from'
  group by l.version, l.name, l.after ->> 'from'
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_rules() from public;
grant execute on function verification.faults_of_rules() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_subjects()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with lot as (
    select certificate_id as id, batch_id, range_agg(int8range(first_g, last_g + 1)) as spans
    from verification.certificate_lot group by 1, 2
  ), source as (
    select c.id, c.kind, c.number, c.holder_id,
      case c.kind when 'retirement' then r.transfer_id when 'issuance' then null else c.subject_id end as transfer_id,
      case c.kind when 'retirement' then 'gCO2e/retired/' else 'gCO2e/wallet/' end || c.holder_id as account_id
    from verification.certificate c left join credits.retirement r on c.kind = 'retirement' and r.id = c.subject_id
  ), moved as (
    select s.id, m.batch_id, range_agg(int8range(m.lo, m.hi)) as spans
    from source s join ledger.block_move m on m.transfer_id = s.transfer_id and m.to_id = s.account_id group by 1, 2
  ), other as (
    select coalesce(l.id, m.id) as id from (select * from lot where id in (select id from source where kind <> 'issuance')) l
    full join moved m on m.id = l.id and m.batch_id = l.batch_id where l.spans is distinct from m.spans
  )
  select format('Certificate %s is of a %s that did not move these grams to its holder.', number,
    case kind when 'purchase' then 'sale' when 'transfer' then 'gift' else kind end) as fault
  from source where id in (select id from other)
  union all
  select format('Certificate %s is of request %s, which has no batch of this owner.', c.number, c.subject_id)
  from verification.certificate c where c.kind = 'issuance'
    and not exists (select from credits.batch b where b.request_id = c.subject_id and b.owner_id = c.holder_id)
  union all
  select format('Certificate %s: another auditor than the one who decided may revoke it.', c.number)
  from verification.certificate c where c.kind = 'issuance'
    and not exists (select from credits.batch b where b.request_id = c.subject_id and b.cva_id = c.decided_by)
  union all
  select format('Certificate %s is said to be of order %s, its sale was of %s.', c.number, coalesce(c.order_id, 'none'),
    coalesce(t.memo ->> 'orderId', 'none'))
  from verification.certificate c left join ledger.transfer t on c.kind = 'purchase' and t.id = c.subject_id
  where c.order_id is not null and c.order_id is distinct from t.memo ->> 'orderId'
    or c.order_id is null and t.memo ->> 'orderId' like 'ord\_%'
  order by 1 limit 100
$function$;
revoke all on function verification.faults_of_subjects() from public;
grant execute on function verification.faults_of_subjects() to evx_app;

CREATE OR REPLACE FUNCTION verification.faults_of_traces()
 RETURNS TABLE(fault text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select format('Line %s/%s of the audit trail says %s of %s, and nothing of it is there.', chain, seq, action, object) as fault
  from identity.audit a where case action
    when 'certificate.revoke' then not exists (select from verification.revocation where certificate_id = a.object)
    when 'credits.retire' then not exists (select from credits.retirement where id = a.object)
    when 'request.approve' then not exists (select from credits.batch where request_id = a.object)
    else false end
  order by chain, seq limit 100
$function$;
revoke all on function verification.faults_of_traces() from public;
grant execute on function verification.faults_of_traces() to evx_app;

CREATE OR REPLACE FUNCTION verification.keep_decided()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status in ('approved', 'rejected') then
    raise exception using
      errcode = 'restrict_violation',
      message = format('Request %s is %s and stands as it is.', old.id, old.status);
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION verification.name_reviewer()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.kind = 'issuance' and new.decided_by is null then
    -- Before the request is marked as decided, the reviewer is the one who holds it.
    select coalesce(decided_by, reviewer_id) into new.decided_by from verification.request where id = new.subject_id;
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION verification.note_book(p_day text, p_at timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  lock table log.pending in share row exclusive mode;
  return log.enter('book', p_day, jsonb_build_object('day', p_day,
    'totals', (select facts from verification.registry_state() where kind = 'totals'),
    'audit', coalesce((select jsonb_agg(jsonb_build_object('chain', chain, 'seq', seq::text, 'hash', encode(hash, 'hex'))
      order by chain) from (select distinct on (chain) chain, seq, hash from identity.audit order by chain, seq desc) h),
      '[]')), p_at);
end
$function$;
revoke all on function verification.note_book(text,timestamp with time zone) from public;
grant execute on function verification.note_book(text,timestamp with time zone) to evx_app;

CREATE OR REPLACE FUNCTION verification.note_standing(p_certificate text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtext('verification.current_lot'), stripe)
  from (select distinct abs(hashtext(batch_id) % 64) as stripe from verification.certificate_lot
    where certificate_id = p_certificate order by 1) s;
  with c as (
    select * from verification.certificate where id = p_certificate
  ), piece as (
    select l.batch_id, int8range(greatest(l.first_g, b.lo), least(l.last_g + 1, b.hi)) as span,
      a.holder = c.holder_id and a.kind = any (case c.kind when 'retirement' then array['retired'] else array['wallet', 'listing'] end)
        as fits
    from c join verification.certificate_lot l on l.certificate_id = c.id
    join ledger.block b on b.batch_id = l.batch_id and b.hi > l.first_g and b.lo <= l.last_g
      and b.lo >= (select max(lo) from ledger.block where batch_id = l.batch_id and lo <= l.first_g)
    join ledger.account a on a.id = b.account_id
  ), place as (
    select batch_id, range_agg(span) filter (where fits) as own, range_agg(span) filter (where fits is not true) as other
    from piece group by batch_id
  ), hit as (
    delete from verification.current_lot r using place p
    where r.batch_id = p.batch_id and r.first_g < upper(p.own) and int8range(r.first_g, r.last_g + 1) && p.own
      and r.first_g >= coalesce((select max(first_g) from verification.current_lot
        where batch_id = p.batch_id and first_g <= lower(p.own)), 1)
    returning r.*, int8multirange(int8range(r.first_g, r.last_g + 1)) as whole, p.own
  ), kept as (
    insert into verification.current_lot (batch_id, first_g, last_g, certificate_id)
    select batch_id, lower(s), upper(s) - 1, certificate_id from hit, unnest(whole - own) s
  ), taken as (
    insert into verification.current_lot (batch_id, first_g, last_g, certificate_id)
    select batch_id, lower(s), upper(s) - 1, p_certificate from place, unnest(own) s
  ), passed as (
    select certificate_id, batch_id, s from hit, unnest(whole * own) s where certificate_id <> p_certificate
    union all
    select p_certificate, batch_id, s from place, unnest(other) s
  ), numbered as (
    select o.number, c.number as by, o.id <> c.id as later, c.issued_at,
      format('%s-%s-%s', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), lower(s), upper(s) - 1) as range,
      (row_number() over (partition by o.id order by b.number, lower(s)) - 1)::int / 800 + 1 as part
    from passed join verification.certificate o on o.id = passed.certificate_id
    join credits.batch b on b.id = passed.batch_id cross join c
  ), parted as (
    select number, by, later, issued_at, part, jsonb_agg(range) as ranges from numbered group by 1, 2, 3, 4, 5 order by 1, 5
  )
  select null from (select count(log.enter('standing', format('%s/%s/%s', by, number, part),
    jsonb_build_object('number', number, 'by', case when later then by end, 'ranges', ranges, 'part', part), issued_at))
    from parted) entered into p_certificate;
  return null;
end
$function$;
revoke all on function verification.note_standing(text) from public;

CREATE OR REPLACE FUNCTION verification.registry_state()
 RETURNS TABLE(kind text, facts jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select 'batch', jsonb_build_object('batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', b.grams_g::text, 'bufferGrams', b.buffer_g::text, 'vintage', b.vintage_year, 'country', b.country_code,
    'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'trips', b.trip_count,
    'tree', case when t.batch_id is not null then
      jsonb_build_object('root', t.root, 'size', t.leaf_count, 'sum', t.sum_g::text) end,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'at', log.moment(b.issued_at),
    'book', coalesce((select sum(hi - lo) from ledger.block where batch_id = b.id), 0)::text)
  from credits.batch b
  left join verification.tree t on t.batch_id = b.id
  left join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
  union all
  select 'certificate', jsonb_build_object('number', c.number, 'certificate', c.kind, 'key', c.key_id,
    'hash', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', c.credits_g::text,
    'issuedAt', c.document::jsonb ->> 'issuedAt', 'revoked', v.certificate_id is not null)
  from verification.certificate c left join verification.revocation v on v.certificate_id = c.id
  union all
  select 'retirement', jsonb_build_object('id', r.id, 'grams', r.grams_g::text, 'reason', r.reason, 'beneficiary',
    encode(sha256(convert_to('evx-beneficiary/1' || chr(10) || r.beneficiary_name, 'UTF8')), 'hex'))
  from credits.retirement r
  union all
  select 'revoked', jsonb_build_object('batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'))
  from credits.revoked_batch r join credits.batch b on b.id = r.batch_id
  union all
  select 'key', jsonb_build_object('id', id, 'publicKey', public_key, 'addedAt', log.moment(added_at))
  from verification.signing_key
  union all
  -- The audit lines that books have named as heads, as they are now.
  select 'audit', jsonb_build_object('chain', a.chain, 'seq', a.seq::text, 'hash', encode(a.hash, 'hex'))
  from (select distinct (h ->> 'chain')::smallint as chain, (h ->> 'seq')::bigint as seq
    from log.entry e, jsonb_array_elements(convert_from(e.body, 'UTF8')::jsonb -> 'audit') h where e.kind = 'book') named
  join identity.audit a on (a.chain, a.seq) = (named.chain, named.seq)
  union all
  select 'totals', jsonb_build_object(
    'issued', coalesce(-sum(balance) filter (where kind = 'issued'), 0)::text,
    'circulating', coalesce(sum(balance) filter (where kind in ('wallet', 'listing', 'buffer')), 0)::text,
    'retired', coalesce(sum(balance) filter (where kind = 'retired'), 0)::text,
    'cancelled', coalesce(sum(balance) filter (where kind = 'cancelled'), 0)::text)
  from ledger.account where asset = 'gCO2e'
$function$;
revoke all on function verification.registry_state() from public;
grant execute on function verification.registry_state() to evx_app;

CREATE OR REPLACE FUNCTION verification.registry_totals()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object(
    'issued', coalesce(-sum(balance) filter (where kind = 'issued'), 0)::text,
    'circulating', coalesce(sum(balance) filter (where kind in ('wallet', 'listing', 'buffer')), 0)::text,
    'retired', coalesce(sum(balance) filter (where kind = 'retired'), 0)::text,
    'cancelled', coalesce(sum(balance) filter (where kind = 'cancelled'), 0)::text)
  from ledger.account where asset = 'gCO2e'
$function$;
revoke all on function verification.registry_totals() from public;
grant execute on function verification.registry_totals() to evx_app;

CREATE OR REPLACE FUNCTION verification.request_facts(p_request text, p_messages bigint DEFAULT NULL::bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
AS $function$
  select jsonb_build_object(
    'request', (select to_jsonb(r) from verification.request r where r.id = p_request),
    'batches', coalesce((select jsonb_object_agg(b.id, to_jsonb(b)) from credits.batch b where b.request_id = p_request), '{}'),
    'messages', (select jsonb_build_object('count', count(*), 'hash',
        encode(sha256(convert_to(coalesce(jsonb_agg(to_jsonb(m) order by m.seq), '[]')::text, 'UTF8')), 'hex'))
      from (select seq, author_id, kind, body, at from verification.message
        where request_id = p_request and (p_messages is null or seq <= p_messages)) m),
    'approvals', (select encode(sha256(convert_to(coalesce(jsonb_agg(to_jsonb(t) order by t.reviewer_id), '[]')::text, 'UTF8')), 'hex')
      from (select reviewer_id, digest, note, approved_at from verification.approval where request_id = p_request) t),
    'refusals', (select encode(sha256(convert_to(coalesce(jsonb_agg(to_jsonb(t) order by t.trip_id), '[]')::text, 'UTF8')), 'hex')
      from (select trip_id, reason_code, note, started_at, distance_m, co2_saved_g, decided_by, decided_at
        from verification.trip_rejection where request_id = p_request) t))
$function$;
revoke all on function verification.request_facts(text,bigint) from public;
grant execute on function verification.request_facts(text,bigint) to evx_app;

CREATE OR REPLACE FUNCTION verification.retirement_numbered(p_number text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select subject_id from verification.certificate where number = p_number and kind = 'retirement'
$function$;
revoke all on function verification.retirement_numbered(text) from public;
grant execute on function verification.retirement_numbered(text) to evx_app;

CREATE OR REPLACE FUNCTION verification.settle_standing()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform verification.note_standing(new.id);
  return null;
end
$function$;
revoke all on function verification.settle_standing() from public;

CREATE OR REPLACE FUNCTION verification.standing_of(p_ids text[], p_most integer)
 RETURNS TABLE(certificate_id text, batch_id text, first_g bigint, last_g bigint, state text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with lot as (
    select c.id, c.kind, c.holder_id, v.certificate_id is not null as revoked, l.batch_id, l.first_g, l.last_g
    from verification.certificate c left join verification.revocation v on v.certificate_id = c.id
    cross join lateral (select * from verification.certificate_lot where certificate_id = c.id
      order by batch_id, first_g limit p_most) l
    where c.id = any (p_ids)
  ), piece as (
    select l.id, l.batch_id, int8range(greatest(l.first_g, b.lo), least(l.last_g + 1, b.hi)) as span,
      case when a.holder = l.holder_id
          and a.kind = any (case l.kind when 'retirement' then array['retired'] else array['wallet', 'listing'] end) then 'current'
        when a.kind in ('retired', 'cancelled') then a.kind else 'passed_on' end as state
    from lot l join ledger.block b on b.batch_id = l.batch_id and b.hi > l.first_g and b.lo <= l.last_g
      and b.lo >= (select max(lo) from ledger.block where batch_id = l.batch_id and lo <= l.first_g)
    join ledger.account a on a.id = b.account_id
    where not l.revoked
  ), joined as (
    select id, batch_id, state, range_agg(span) as spans from piece group by 1, 2, 3
  ), held as (
    select id, batch_id, spans, coalesce((select range_agg(int8range(first_g, last_g + 1)) from verification.current_lot r
      where r.certificate_id = j.id and r.batch_id = j.batch_id), '{}') as own
    from joined j where state = 'current'
  ), judged as (
    select id, batch_id, 'revoked' as state, int8multirange(int8range(first_g, last_g + 1)) as spans from lot where revoked
    union all select id, batch_id, 'current', spans * own from held
    union all select id, batch_id, 'passed_on', spans - own from held
    union all select id, batch_id, state, spans from joined where state <> 'current'
  )
  select id, batch_id, lower(s), upper(s) - 1, state from judged, unnest(spans) s order by 1, 2, 3
$function$;
revoke all on function verification.standing_of(text[],integer) from public;
grant execute on function verification.standing_of(text[],integer) to evx_app;

CREATE OR REPLACE FUNCTION verification.state_batches(p_after text, p_limit integer)
 RETURNS TABLE(name text, facts jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    jsonb_build_object('batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', b.grams_g::text, 'bufferGrams', b.buffer_g::text, 'vintage', b.vintage_year, 'country', b.country_code,
    'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'trips', b.trip_count,
    'tree', case when t.batch_id is not null then
      jsonb_build_object('root', t.root, 'size', t.leaf_count, 'sum', t.sum_g::text) end,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'at', log.moment(b.issued_at),
    'accreditation', log.accreditation_of(b.cva_id, b.issued_at),
    'revoked', r.batch_id is not null, 'revokedAt', log.moment(r.revoked_at), 'owed', r.owed_g::text,
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || r.reason, 'UTF8')), 'hex'),
    'book', coalesce(w.grams, 0)::text, 'gone', coalesce(w.gone, 0)::text)
    || coalesce(log.vintage_of(b), '{"from": null, "to": null}')
  from credits.batch b
  left join verification.tree t on t.batch_id = b.id
  left join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
  left join credits.revoked_batch r on r.batch_id = b.id
  left join lateral (
    select sum(k.hi - k.lo) as grams, sum(k.hi - k.lo) filter (where a.kind in ('retired', 'cancelled')) as gone
    from ledger.block k join ledger.account a on a.id = k.account_id where k.batch_id = b.id
  ) w on true
  where b.number > coalesce(nullif(p_after, '')::bigint, 0) order by b.number limit p_limit
$function$;
revoke all on function verification.state_batches(text,integer) from public;
grant execute on function verification.state_batches(text,integer) to evx_app;

CREATE OR REPLACE FUNCTION verification.state_books(p_after text, p_limit integer)
 RETURNS TABLE(name text, facts jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select day, jsonb_build_object('day', day, 'at', log.moment(at),
    'holdings', jsonb_build_object('root', root, 'size', leaf_count, 'sum', sum_g::text))
  from verification.book where day > p_after order by day limit p_limit
$function$;
revoke all on function verification.state_books(text,integer) from public;
grant execute on function verification.state_books(text,integer) to evx_app;

CREATE OR REPLACE FUNCTION verification.state_cancellations(p_after text, p_limit integer)
 RETURNS TABLE(name text, facts jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select c.transfer_id, jsonb_build_object('id', c.transfer_id, 'grams', c.grams_g::text,
    'for', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'from', case when c.holder_id is null then 'buffer' else 'owner' end, 'at', log.moment(c.cancelled_at))
  from credits.cancellation c join credits.batch b on b.id = c.batch_id
  where c.transfer_id > p_after order by c.transfer_id limit p_limit
$function$;
revoke all on function verification.state_cancellations(text,integer) from public;
grant execute on function verification.state_cancellations(text,integer) to evx_app;

CREATE OR REPLACE FUNCTION verification.state_certificates(p_after text, p_limit integer)
 RETURNS TABLE(name text, facts jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select c.number, jsonb_build_object('number', c.number, 'certificate', c.kind, 'key', c.key_id,
    'hash', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', c.credits_g::text,
    'issuedAt', c.document::jsonb ->> 'issuedAt', 'at', log.moment(c.issued_at),
    'revoked', v.certificate_id is not null, 'revokedAt', log.moment(v.revoked_at),
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || v.reason, 'UTF8')), 'hex'),
    'current', coalesce((select sum(last_g - first_g + 1) from verification.current_lot where certificate_id = c.id), 0)::text)
  from verification.certificate c left join verification.revocation v on v.certificate_id = c.id
  where c.number > p_after order by c.number limit p_limit
$function$;
revoke all on function verification.state_certificates(text,integer) from public;
grant execute on function verification.state_certificates(text,integer) to evx_app;

CREATE OR REPLACE FUNCTION verification.state_head()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object(
    'size', coalesce((select max(size) from log.checkpoint), 0),
    'pending', coalesce((select jsonb_agg(encode(sha256('\x00'::bytea || body), 'hex') order by id)
      from (select id, body from log.pending order by id limit 10000) p), '[]'),
    'keys', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'publicKey', public_key, 'addedAt', log.moment(added_at),
      'withdrawnAt', log.moment(w.at)) order by added_at, id)
      from verification.signing_key k left join verification.withdrawn_key w on w.key_id = k.id), '[]'),
    'audit', coalesce((select jsonb_agg(jsonb_build_object('chain', a.chain, 'seq', a.seq::text, 'hash', encode(a.hash, 'hex')))
      from (select distinct (h ->> 'chain')::smallint as chain, (h ->> 'seq')::bigint as seq
        from log.entry e, jsonb_array_elements(convert_from(e.body, 'UTF8')::jsonb -> 'audit') h where e.kind = 'book') named
      join identity.audit a on (a.chain, a.seq) = (named.chain, named.seq)), '[]'),
    'totals', verification.registry_totals())
$function$;
revoke all on function verification.state_head() from public;
grant execute on function verification.state_head() to evx_app;

CREATE OR REPLACE FUNCTION verification.state_retirements(p_after text, p_limit integer)
 RETURNS TABLE(name text, facts jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select r.id, jsonb_build_object('id', r.id, 'grams', r.grams_g::text, 'reason', r.reason, 'beneficiary',
    log.beneficiary_of(r.beneficiary_name, r.beneficiary_lei),
    'at', log.moment(r.retired_at))
  from credits.retirement r where r.id > p_after order by r.id limit p_limit
$function$;
revoke all on function verification.state_retirements(text,integer) from public;
grant execute on function verification.state_retirements(text,integer) to evx_app;

CREATE OR REPLACE FUNCTION verification.state_snapshots(p_after text, p_limit integer)
 RETURNS TABLE(name text, facts jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select day, jsonb_build_object('day', day, 'rows', statement::jsonb -> 'rows', 'sha256', statement::jsonb ->> 'sha256',
    'statement', encode(sha256(convert_to(statement, 'UTF8')), 'hex'))
  from verification.snapshot where day > p_after order by day limit p_limit
$function$;
revoke all on function verification.state_snapshots(text,integer) from public;
grant execute on function verification.state_snapshots(text,integer) to evx_app;

CREATE OR REPLACE FUNCTION verification.withdraw_key(p_id text, p_at timestamp with time zone, p_reason text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  insert into verification.withdrawn_key (key_id, at, reason) values (p_id, p_at, p_reason)
$function$;
revoke all on function verification.withdraw_key(text,timestamp with time zone,text) from public;

CREATE OR REPLACE FUNCTION verification.zone_of_request()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.zone := coalesce((select zone from vehicles.claim_basis where request_id = new.id), 'UTC');
  return new;
end
$function$;
revoke all on function verification.zone_of_request() from public;
