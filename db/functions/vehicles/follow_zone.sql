-- A vehicle whose zone changes has other days: its trips are counted again.
--
-- Example:
--   insert into vehicles.car (car_id, vin_hash, created_at) overriding system value
--     values (1, repeat('0', 64), '2026-03-01');
--   insert into vehicles.vehicle (id, car_id, owner_id, vin, make, model, model_year, country_code, zone, created_at)
--     values ('veh_one', 1, 'usr_anna', 'RLLV9FA17RH004521', 'VinFast', 'VF 9', 2024, 'VN', 'UTC', '2026-03-01');
--   select vehicles.ensure_months('trip', array['2025-12-01']::date[]);
--   insert into vehicles.trip (month, id, car_id, vehicle_id, started_at, ended_at, distance_m, co2_g, factors_version,
--       precision, quality, source)
--     values ('2025-12-01', 'trp_one', 1, 'veh_one', '2025-12-31 18:30Z', '2025-12-31 19:00Z', 20000, 1500, 1, 'exact', 'export', 'csv');
--   update vehicles.vehicle set zone = 'Asia/Ho_Chi_Minh' where id = 'veh_one';
--   select day, trips from vehicles.local_day_total;
--   => 2026-01-01 | 1
create or replace function vehicles.follow_zone() returns trigger
language plpgsql as $$
begin
  perform vehicles.recount_local_days(new.car_id, new.id, null, null);
  return null;
end
$$;
