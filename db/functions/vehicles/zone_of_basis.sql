-- What a request took is cut into years by the zone that its vehicle had then, whichever code took it.
--
-- Example:
--   insert into vehicles.car (car_id, vin_hash, created_at) overriding system value
--     values (1, repeat('0', 64), '2026-03-01');
--   insert into vehicles.vehicle (id, car_id, owner_id, vin, make, model, model_year, country_code, zone, created_at)
--     values ('veh_one', 1, 'usr_anna', 'RLLV9FA17RH004521', 'VinFast', 'VF 9', 2024, 'VN', 'Asia/Ho_Chi_Minh', '2026-03-01');
--   insert into vehicles.claim_basis (request_id, car_id, vehicle_id, owner_id, country_code, factors, claimed_at)
--     values ('req_one', 1, 'veh_one', 'usr_anna', 'VN', '{}', '2026-03-01') returning zone;
--   => Asia/Ho_Chi_Minh
create or replace function vehicles.zone_of_basis() returns trigger
language plpgsql as $$
begin
  new.zone := coalesce((select zone from vehicles.vehicle where id = new.vehicle_id), 'UTC');
  return new;
end
$$;
