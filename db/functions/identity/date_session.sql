-- Dates a new session by this database's clock: it ends after thirty days without use.
--
-- Example:
--   insert into identity.user (id, email, full_name, role, created_at, updated_at)
--     values ('usr_anna', 'anna@example.com', 'Anna', 'buyer', '2026-03-01', '2026-03-01');
--   insert into identity.session (id, user_id, token, created_at, updated_at, expires_at)
--     values ('ses_one', 'usr_anna', 'secret', '2001-01-01', '2001-01-01', '2099-01-01');
--   select expires_at - created_at from identity.session where created_at > now();
--   => 30 days
create or replace function identity.date_session() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.created_at := clock_timestamp();
  new.updated_at := new.created_at;
  new.expires_at := new.created_at + interval '30 days';
  return new;
end
$$;
