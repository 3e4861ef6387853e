-- What every schema stands on: extensions, the role that holds the application's rights, the append-only guard.

create extension if not exists pgcrypto;
create extension if not exists pg_trgm;
create extension if not exists btree_gist;
create extension if not exists citext;
create extension if not exists unaccent;

-- Roles belong to the cluster, not to the database: another database may be making this one at the same moment.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'evx_app') then
    begin
      create role evx_app nologin;
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise exception using
          errcode = 'insufficient_privilege',
          message = format('The role evx_app is missing and %I may not create it.', current_user),
          hint = 'Let an administrator run "create role evx_app nologin", then migrate again.';
    end;
  end if;
end
$$;

-- A day or a month is cut from an instant in UTC everywhere, whatever the machine's zone.
do $$
begin
  execute format('alter database %I set timezone to %L', current_database(), 'UTC');
end
$$;

-- For append-only tables, behind their grants:
--   create trigger append_only before update or delete or truncate on x.y
--     for each statement execute function public.refuse_change();
create function public.refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception using
    errcode = 'restrict_violation',
    message = format('%I.%I is append-only: %s refused.', tg_table_schema, tg_table_name, lower(tg_op)),
    hint = 'Append a correcting row instead.';
end
$$;
