-- The zone whose days are those of a vehicle; null for an unknown one.
--
-- Example:
--   insert into vehicles.car (car_id, vin_hash, created_at) overriding system value
--     values (1, repeat('0', 64), '2026-03-01');
--   insert into vehicles.vehicle (id, car_id, owner_id, vin, make, model, model_year, country_code, zone, created_at)
--     values ('veh_one', 1, 'usr_anna', 'RLLV9FA17RH004521', 'VinFast', 'VF 9', 2024, 'VN', 'Asia/Ho_Chi_Minh', '2026-03-01');
--   select vehicles.zone_of('veh_one'), vehicles.zone_of('veh_two');
--   => Asia/Ho_Chi_Minh | null
create or replace function vehicles.zone_of(p_vehicle_id text) returns text
language sql stable as $$
  select zone from vehicles.vehicle where id = p_vehicle_id
$$;
