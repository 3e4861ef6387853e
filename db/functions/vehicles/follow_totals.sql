-- After a statement of code that knows UTC days alone: counts the local days again that it can have changed. Code that
-- keeps local days itself says so when it locks the car (evx.local_days), and is not followed.
--
-- Example:
--   insert into vehicles.car (car_id, vin_hash, created_at) overriding system value
--     values (1, repeat('0', 64), '2026-03-01');
--   insert into vehicles.vehicle (id, car_id, owner_id, vin, make, model, model_year, country_code, zone, created_at)
--     values ('veh_one', 1, 'usr_anna', 'RLLV9FA17RH004521', 'VinFast', 'VF 9', 2024, 'VN', 'Asia/Ho_Chi_Minh', '2026-03-01');
--   select vehicles.ensure_months('trip', array['2025-12-01']::date[]);
--   insert into vehicles.trip (month, id, car_id, vehicle_id, started_at, ended_at, distance_m, co2_g, factors_version,
--       precision, quality, source)
--     values ('2025-12-01', 'trp_one', 1, 'veh_one', '2025-12-31 18:30Z', '2025-12-31 19:00Z', 20000, 1500, 1, 'exact', 'export', 'csv');
--   insert into vehicles.day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g)
--     values (1, 'veh_one', '2025-12-31', 1, 20000, 0, 1500);
--   select day, trips from vehicles.local_day_total;
--   => 2026-01-01 | 1
create or replace function vehicles.follow_totals() returns trigger
language plpgsql as $$
begin
  if tg_table_name = 'day_total' then
    perform vehicles.recount_local_days(car_id, vehicle_id, min(day) - 1, max(day) + 1) from after_it group by car_id, vehicle_id;
  else
    perform vehicles.recount_local_days(n.car_id, n.vehicle_id, n.month - 1, (n.month + interval '1 month')::date)
    from after_it n join before_it o using (car_id, vehicle_id, month)
    where (n.claimed_trips, n.claimed_distance_m, n.claimed_co2_g) is distinct from
      (o.claimed_trips, o.claimed_distance_m, o.claimed_co2_g);
  end if;
  return null;
end
$$;
