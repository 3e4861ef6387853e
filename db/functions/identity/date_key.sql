-- Dates a new API key by this database's clock: it lasts as long as whoever made it said.
--
-- Example:
--   insert into identity.user (id, email, full_name, role, created_at, updated_at)
--     values ('usr_anna', 'anna@example.com', 'Anna', 'buyer', '2026-03-01', '2026-03-01');
--   insert into identity.api_key (id, reference_id, key, created_at, updated_at, expires_at)
--     values ('apk_one', 'usr_anna', 'digest', '2001-01-01', '2001-01-01', '2001-01-21');
--   select extract(day from expires_at - created_at + interval '1 hour') from identity.api_key where created_at > now();
--   => 20
create or replace function identity.date_key() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.updated_at := clock_timestamp();
  new.expires_at := new.updated_at + (new.expires_at - new.created_at);
  new.created_at := new.updated_at;
  return new;
end
$$;
