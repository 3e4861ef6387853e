-- Dates a new API key by this database's clock: it lasts as long as whoever made it said.
--
-- Example:
--   select pg_get_triggerdef(oid) like '%BEFORE INSERT%' from pg_trigger where tgname = 'date_key';
--   => true
create or replace function identity.date_key() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.expires_at := clock_timestamp() + (new.expires_at - new.created_at);
  new.created_at := clock_timestamp();
  new.updated_at := new.created_at;
  return new;
end
$$;
