-- A claimed or verified trip is what a credit stands on: nothing of it may change but its status. Positions and notes
-- may be erased after retention; distance, time and energy never.
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
