-- After a statement that changed local days: their months change alike, so that a month is always the sum of its days.
--
-- Example:
--   insert into vehicles.local_day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g)
--     values (1, 'veh_one', '2026-01-01', 1, 20000, 0, 1500), (1, 'veh_one', '2026-01-31', 2, 5000, 0, 500);
--   update vehicles.local_day_total set claimed_trips = 1, claimed_co2_g = 500 where day = '2026-01-31';
--   select month, trips, distance_m, co2_g, claimed_trips, claimed_co2_g from vehicles.local_month_total;
--   => 2026-01-01 | 3 | 25000 | 2000 | 1 | 500
--   delete from vehicles.local_day_total where day = '2026-01-01';
--   select trips, distance_m from vehicles.local_month_total;
--   => 2 | 5000
create or replace function vehicles.add_up_months() returns trigger
language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into vehicles.local_month_total as m (car_id, vehicle_id, month, trips, distance_m, energy_wh, co2_g,
      claimed_trips, claimed_distance_m, claimed_co2_g)
    select car_id, vehicle_id, date_trunc('month', day::timestamp)::date, sum(trips), sum(distance_m), sum(energy_wh), sum(co2_g),
      sum(claimed_trips), sum(claimed_distance_m), sum(claimed_co2_g)
    from after_it group by 1, 2, 3
    on conflict (car_id, vehicle_id, month) do update set
      trips = m.trips + excluded.trips, distance_m = m.distance_m + excluded.distance_m,
      energy_wh = m.energy_wh + excluded.energy_wh, co2_g = m.co2_g + excluded.co2_g,
      claimed_trips = m.claimed_trips + excluded.claimed_trips,
      claimed_distance_m = m.claimed_distance_m + excluded.claimed_distance_m,
      claimed_co2_g = m.claimed_co2_g + excluded.claimed_co2_g;
  elsif tg_op = 'UPDATE' then
    update vehicles.local_month_total m set
      trips = m.trips + s.trips, distance_m = m.distance_m + s.distance_m, energy_wh = m.energy_wh + s.energy_wh,
      co2_g = m.co2_g + s.co2_g, claimed_trips = m.claimed_trips + s.claimed_trips,
      claimed_distance_m = m.claimed_distance_m + s.claimed_distance_m, claimed_co2_g = m.claimed_co2_g + s.claimed_co2_g
    from (
      select car_id, vehicle_id, date_trunc('month', day::timestamp)::date as month, sum(sign * trips) as trips,
        sum(sign * distance_m) as distance_m, sum(sign * energy_wh) as energy_wh, sum(sign * co2_g) as co2_g,
        sum(sign * claimed_trips) as claimed_trips, sum(sign * claimed_distance_m) as claimed_distance_m,
        sum(sign * claimed_co2_g) as claimed_co2_g
      from (select 1 as sign, * from after_it union all select -1, * from before_it) changed group by 1, 2, 3) s
    where (m.car_id, m.vehicle_id, m.month) = (s.car_id, s.vehicle_id, s.month);
  else
    update vehicles.local_month_total m set
      trips = m.trips - s.trips, distance_m = m.distance_m - s.distance_m, energy_wh = m.energy_wh - s.energy_wh,
      co2_g = m.co2_g - s.co2_g, claimed_trips = m.claimed_trips - s.claimed_trips,
      claimed_distance_m = m.claimed_distance_m - s.claimed_distance_m, claimed_co2_g = m.claimed_co2_g - s.claimed_co2_g
    from (
      select car_id, vehicle_id, date_trunc('month', day::timestamp)::date as month, sum(trips) as trips,
        sum(distance_m) as distance_m, sum(energy_wh) as energy_wh, sum(co2_g) as co2_g, sum(claimed_trips) as claimed_trips,
        sum(claimed_distance_m) as claimed_distance_m, sum(claimed_co2_g) as claimed_co2_g
      from before_it group by 1, 2, 3) s
    where (m.car_id, m.vehicle_id, m.month) = (s.car_id, s.vehicle_id, s.month);
  end if;
  return null;
end
$$;
