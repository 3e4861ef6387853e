-- Dates a new session by this database's clock: it ends after thirty days without use.
--
-- Example:
--   select pg_get_triggerdef(oid) like '%BEFORE INSERT%' from pg_trigger where tgname = 'date_session';
--   => true
create or replace function identity.date_session() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.created_at := clock_timestamp();
  new.updated_at := new.created_at;
  new.expires_at := new.created_at + interval '30 days';
  return new;
end
$$;
