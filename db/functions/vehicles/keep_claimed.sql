-- A claimed or verified trip is what a credit stands on: nothing of it may change but its status. Positions and notes
-- may be erased after retention; distance, time and energy never.
--
-- Example:
--   insert into vehicles.car (car_id, vin_hash, created_at) overriding system value
--     values (1, repeat('0', 64), '2026-03-01');
--   insert into vehicles.vehicle (id, car_id, owner_id, vin, make, model, model_year, country_code, zone, created_at)
--     values ('veh_one', 1, 'usr_anna', 'RLLV9FA17RH004521', 'VinFast', 'VF 9', 2024, 'VN', 'UTC', '2026-03-01');
--   select vehicles.ensure_months('trip', array['2026-03-01']::date[]);
--   insert into vehicles.trip (month, id, car_id, vehicle_id, started_at, ended_at, distance_m, co2_g, factors_version,
--       precision, quality, source, status, request_id)
--     values ('2026-03-01', 'trp_one', 1, 'veh_one', '2026-03-01 08:00', '2026-03-01 09:00', 20000, 1500, 1,
--       'exact', 'export', 'csv', 'claimed', 'req_one');
--   update vehicles.trip set distance_m = 30000 where id = 'trp_one';
--   =! Trip trp_one is claimed and cannot be changed.
--   update vehicles.trip set status = 'verified' where id = 'trp_one' returning distance_m;
--   => 20000
create or replace function vehicles.keep_claimed() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception using errcode = 'restrict_violation', message = format('Trip %s is %s and cannot be deleted.', old.id, old.status);
  end if;
  if (new.car_id, new.vehicle_id, new.month, new.id, new.started_at, new.ended_at, new.distance_m, new.energy_wh, new.co2_g,
      new.factors_version, new.precision, new.quality, new.source, new.odometer_start_m, new.odometer_end_m)
     is distinct from
     (old.car_id, old.vehicle_id, old.month, old.id, old.started_at, old.ended_at, old.distance_m, old.energy_wh, old.co2_g,
      old.factors_version, old.precision, old.quality, old.source, old.odometer_start_m, old.odometer_end_m) then
    raise exception using errcode = 'restrict_violation', message = format('Trip %s is %s and cannot be changed.', old.id, old.status);
  end if;
  return new;
end
$$;
