-- Counts the trips of a vehicle again by its local days, from one day to another, both included; all of them where neither
-- is given. Months follow their days. The caller holds the car's lock.
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
--   select vehicles.recount_local_days(1, 'veh_one', null, null);
--   select day, trips, distance_m from vehicles.local_day_total;
--   => 2026-01-01 | 1 | 20000
--   select month, co2_g from vehicles.local_month_total;
--   => 2026-01-01 | 1500
create or replace function vehicles.recount_local_days(p_car_id bigint, p_vehicle_id text, p_from date, p_to date) returns void
language plpgsql as $$
declare
  here text := (select zone from vehicles.vehicle where id = p_vehicle_id);
  -- Open ends are far away, and still moments that clocks can show.
  first date := coalesce(p_from, '1999-01-01');
  last date := coalesce(p_to, '2200-12-31');
begin
  delete from vehicles.local_day_total
  where car_id = p_car_id and vehicle_id = p_vehicle_id and day between first and last;
  insert into vehicles.local_day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g,
    claimed_trips, claimed_distance_m, claimed_co2_g)
  select p_car_id, p_vehicle_id, vehicles.local_day(started_at, here), count(*), sum(distance_m), coalesce(sum(energy_wh), 0),
    sum(co2_g), count(request_id), coalesce(sum(distance_m) filter (where request_id is not null), 0),
    coalesce(sum(co2_g) filter (where request_id is not null), 0)
  from vehicles.trip
  where car_id = p_car_id and vehicle_id = p_vehicle_id
    -- Partitions are months of UTC, from which a zone is a day away at most.
    and month between date_trunc('month', first::timestamp - interval '1 day')::date and (last + 1)
    and started_at >= first::timestamp at time zone here and started_at < (last + 1)::timestamp at time zone here
  group by 3;
end
$$;
