-- Made from the migrations by "bun run generate", to be read in diffs. Do not edit, do not run.
-- Partitions are left out; the schema of pg-boss belongs to its package.

create extension btree_gist;
create extension citext;
create extension pg_trgm;
create extension pgcrypto;
create extension unaccent;

create schema jobs;
grant usage on schema jobs to evx_app;

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

create schema public;
grant usage on schema public to public;

create table public.migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);

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
grant delete, insert, select, update on rpc.idempotency to evx_app;

create schema rules;
grant usage on schema rules to evx_app;

create table rules.rule (
  name text not null,
  version integer not null,
  value jsonb not null,
  reason text not null,
  set_by text,
  effective_at timestamp with time zone not null,
  constraint rule_pkey PRIMARY KEY (name, version),
  constraint rule_version_check CHECK ((version > 0))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON rules.rule FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
grant insert, select on rules.rule to evx_app;
