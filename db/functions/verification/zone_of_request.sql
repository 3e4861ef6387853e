-- A server of the version before does not name the zone: it is that by which the request's trips were taken.
--
-- Example:
--   select count(*) from verification.request where zone is null;
--   => 0
create or replace function verification.zone_of_request() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  new.zone := coalesce((select zone from vehicles.claim_basis where request_id = new.id), 'UTC');
  return new;
end
$$;

revoke execute on function verification.zone_of_request from public;
