-- Who people are, how they prove it, what they did. better-auth reads and writes user, session, account,
-- verification, signing_key, two_factor and api_key; the constraints are ours.

create schema identity;

create table identity.user (
  id text primary key check (id like 'usr\_%'),
  email text not null unique check (email = lower(email) and length(email) between 3 and 254),
  email_verified boolean not null default false,
  full_name text not null check (length(full_name) between 1 and 120),
  image text,
  phone text check (length(phone) between 5 and 32),
  locale text not null default 'en' check (locale in ('en', 'vi')),
  role text not null check (role in ('ev_owner', 'buyer', 'cva', 'admin')),
  accredited boolean not null default false check (not accredited or role = 'cva'),
  kyc_status text not null default 'none' check (kyc_status in ('none', 'submitted', 'verified', 'rejected')),
  two_factor_enabled boolean not null default false,
  suspended_at timestamptz,
  suspension_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- The transaction and moment that last changed what this person may do: servers read what changed since they last asked.
  access_xid bigint not null default 0,
  access_at timestamptz not null default '-infinity',
  check ((suspended_at is null) = (suspension_reason is null))
);

create index user_access_xid on identity.user (access_xid) where access_xid > 0;
create index user_role on identity.user (role, created_at desc, id desc);
create index user_created on identity.user (created_at desc, id desc);
create index user_search on identity.user using gin ((lower(full_name) || ' ' || email) gin_trgm_ops);

-- A trigger, so that no verb, script or plugin can change a right and forget to say so.
create function identity.note_access() returns trigger
language plpgsql as $$
begin
  if (new.role, new.accredited, new.kyc_status, new.email_verified, new.two_factor_enabled)
       is distinct from (old.role, old.accredited, old.kyc_status, old.email_verified, old.two_factor_enabled)
     or new.suspended_at is distinct from old.suspended_at then
    new.access_xid := pg_current_xact_id()::text::bigint;
    new.access_at := clock_timestamp();
  end if;
  return new;
end
$$;

create trigger note_access before update on identity.user
  for each row execute function identity.note_access();

create table identity.session (
  id text primary key check (id like 'ses\_%'),
  user_id text not null references identity.user (id) on delete cascade,
  token text not null unique,
  -- 'web': an httpOnly cookie; 'api': a family of refresh tokens and the JWTs made with it.
  kind text not null default 'web' check (kind in ('web', 'api')),
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null
);

create index session_owner on identity.session (user_id, created_at desc);
create index session_expires on identity.session (expires_at);

create table identity.account (
  id text primary key check (id like 'crd\_%'),
  user_id text not null references identity.user (id) on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider_id, account_id)
);

create index account_user on identity.account (user_id);

create table identity.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null
);

create index verification_identifier on identity.verification (identifier);
create index verification_expires on identity.verification (expires_at);

-- Ed25519 pairs that sign access tokens; private halves are encrypted with the server's secret.
create table identity.signing_key (
  id text primary key check (id like 'sgk\_%'),
  public_key text not null,
  private_key text not null,
  alg text,
  crv text,
  created_at timestamptz not null,
  expires_at timestamptz
);

-- A refresh token works once. Its session is its family: when the session goes, so do all of them.
create table identity.refresh_token (
  id text primary key check (id like 'tok\_%'),
  session_id text not null references identity.session (id) on delete cascade,
  hash bytea not null unique check (length(hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- Postgres' own moment of use: it is compared with Postgres' own moment at which another attempt began.
  used_at timestamptz
);

create index refresh_token_session on identity.refresh_token (session_id);

create table identity.two_factor (
  id text primary key,
  user_id text not null unique references identity.user (id) on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count int not null default 0,
  locked_until timestamptz
);

create table identity.api_key (
  id text primary key check (id like 'apk\_%'),
  config_id text not null default 'default',
  reference_id text not null references identity.user (id) on delete cascade,
  name text,
  start text,
  prefix text,
  key text not null unique,
  enabled boolean not null default true,
  permissions text,
  metadata text,
  refill_interval int,
  refill_amount int,
  last_refill_at timestamptz,
  rate_limit_enabled boolean not null default false,
  rate_limit_time_window int,
  rate_limit_max int,
  request_count int not null default 0,
  remaining int,
  last_request timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index api_key_reference on identity.api_key (reference_id);

-- Sessions and API keys that ended before their time. Servers read what is new, as with access_xid;
-- kept for longer than an access token lives, then pruned.
create table identity.revocation (
  subject_id text not null,
  xid bigint not null default pg_current_xact_id()::text::bigint,
  at timestamptz not null default clock_timestamp()
);

create index revocation_xid on identity.revocation (xid);
create index revocation_at on identity.revocation (at);

create function identity.note_revocation() returns trigger
language plpgsql as $$
begin
  insert into identity.revocation (subject_id) values (old.id);
  return null;
end
$$;

create trigger note_revocation after delete on identity.session
  for each row execute function identity.note_revocation();
create trigger note_revocation after delete on identity.api_key
  for each row execute function identity.note_revocation();
create trigger note_disabled after update on identity.api_key
  for each row when (old.enabled and not new.enabled) execute function identity.note_revocation();

-- Who did what to what. Sixteen chains, each one's rows linked by hashes: one chain would make every
-- transaction that leaves a trace wait for the one before it.
create table identity.audit (
  chain smallint not null check (chain between 0 and 15),
  seq bigint not null check (seq > 0),
  id text not null,
  at timestamptz not null,
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
  primary key (chain, seq)
);

create index audit_at on identity.audit (at desc, id desc);
create index audit_actor on identity.audit (actor_id, at desc);
create index audit_object on identity.audit (object, at desc);
create index audit_action on identity.audit (action, at desc);

create trigger append_only before update or delete or truncate on identity.audit
  for each statement execute function public.refuse_change();

-- What a row's hash covers: the hash before it and every column, as one JSON array (unambiguous, nulls told apart).
create function identity.audit_hash(a identity.audit) returns bytea
language sql stable parallel safe as $$
  select sha256(a.prev || convert_to(jsonb_build_array(
    a.chain, a.seq, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    a.actor_id, a.actor_role, a.action, a.object, a.before, a.after, a.origin, a.cause)::text, 'UTF8'))
$$;

-- Appends one row and answers its place. The chain's lock is held until the transaction ends, so the next one
-- sees this row; a transaction always uses one chain (its actor's), so two cannot wait for each other.
create function identity.append_audit(
  p_chain smallint, p_id text, p_at timestamptz, p_actor_id text, p_actor_role text, p_action text,
  p_object text, p_before jsonb, p_after jsonb, p_origin text, p_cause text
) returns bigint
language plpgsql security definer set search_path = identity, pg_catalog, pg_temp as $$
declare
  last identity.audit;
  fresh identity.audit;
begin
  perform pg_advisory_xact_lock(hashtext('identity.audit'), p_chain);
  select * into last from identity.audit where chain = p_chain order by seq desc limit 1;
  fresh := row(p_chain, coalesce(last.seq, 0) + 1, p_id, p_at, p_actor_id, p_actor_role, p_action, p_object,
    p_before, p_after, p_origin, p_cause, coalesce(last.hash, '\x'::bytea), null);
  fresh.hash := identity.audit_hash(fresh);
  insert into identity.audit select fresh.*;
  return fresh.seq;
end
$$;

revoke execute on function identity.append_audit from public;

-- Requests of one client in one minute. A crash may forget them, so they need no log of their own.
create unlogged table identity.rate_limit (
  key text primary key,
  points bigint not null,
  ends_at timestamptz not null
);

create index rate_limit_ends on identity.rate_limit (ends_at);

grant usage on schema identity to evx_app;
grant select, insert, update on identity.user to evx_app;
grant select, insert, update, delete on identity.session, identity.account, identity.verification,
  identity.refresh_token, identity.two_factor, identity.api_key, identity.rate_limit to evx_app;
grant select, insert on identity.signing_key to evx_app;
grant select, insert, delete on identity.revocation to evx_app;
grant select on identity.audit to evx_app;
grant execute on function identity.append_audit to evx_app;
