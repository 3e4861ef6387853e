-- Days, months and years are those of the vehicle's zone. The totals by UTC stay: code of the release before writes them
-- beside this schema, and what it writes is followed.

-- needs function vehicles.local_day
-- needs function vehicles.recount_local_days
-- needs function vehicles.add_up_months
-- needs function vehicles.follow_totals
-- needs function vehicles.follow_zone
-- needs function vehicles.zone_of_basis

-- Zones as the database knows them: names in their own spelling, and no bare offsets.
update vehicles.vehicle v set zone = coalesce(
  (select name from pg_timezone_names where lower(name) = lower(v.zone) order by name limit 1), 'UTC')
where zone not in (select name from pg_timezone_names);

create table vehicles.local_day_total (
  car_id bigint not null,
  vehicle_id text not null,
  day date not null,
  trips int not null check (trips >= 0),
  distance_m bigint not null check (distance_m >= 0),
  energy_wh bigint not null check (energy_wh >= 0),
  co2_g bigint not null check (co2_g >= 0),
  -- Of these, how much requests hold or have had verified.
  claimed_trips int not null default 0 check (claimed_trips between 0 and trips),
  claimed_distance_m bigint not null default 0 check (claimed_distance_m between 0 and distance_m),
  claimed_co2_g bigint not null default 0 check (claimed_co2_g between 0 and co2_g),
  primary key (car_id, vehicle_id, day)
);

comment on table vehicles.local_day_total is 'distributed by car_id';
comment on column vehicles.local_day_total.vehicle_id is 'Id<"vehicle">';

-- The sums of its days, kept by a trigger.
create table vehicles.local_month_total (
  car_id bigint not null,
  vehicle_id text not null,
  month date not null,
  trips int not null check (trips >= 0),
  distance_m bigint not null check (distance_m >= 0),
  energy_wh bigint not null check (energy_wh >= 0),
  co2_g bigint not null check (co2_g >= 0),
  claimed_trips int not null default 0 check (claimed_trips between 0 and trips),
  claimed_distance_m bigint not null default 0 check (claimed_distance_m between 0 and distance_m),
  claimed_co2_g bigint not null default 0 check (claimed_co2_g between 0 and co2_g),
  primary key (car_id, vehicle_id, month)
);

comment on table vehicles.local_month_total is 'distributed by car_id';
comment on column vehicles.local_month_total.vehicle_id is 'Id<"vehicle">';

grant select, insert, update, delete on vehicles.local_day_total, vehicles.local_month_total to evx_app;

create trigger add_up_inserted after insert on vehicles.local_day_total
  referencing new table as after_it for each statement execute function vehicles.add_up_months();
create trigger add_up_updated after update on vehicles.local_day_total
  referencing old table as before_it new table as after_it for each statement execute function vehicles.add_up_months();
create trigger add_up_deleted after delete on vehicles.local_day_total
  referencing old table as before_it for each statement execute function vehicles.add_up_months();

-- What was recorded before there were local days.
insert into vehicles.local_day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g,
  claimed_trips, claimed_distance_m, claimed_co2_g)
select t.car_id, t.vehicle_id, vehicles.local_day(t.started_at, v.zone), count(*), sum(t.distance_m),
  coalesce(sum(t.energy_wh), 0), sum(t.co2_g), count(t.request_id),
  coalesce(sum(t.distance_m) filter (where t.request_id is not null), 0),
  coalesce(sum(t.co2_g) filter (where t.request_id is not null), 0)
from vehicles.trip t join vehicles.vehicle v on v.id = t.vehicle_id
group by 1, 2, 3;

create trigger follow_inserted after insert on vehicles.day_total
  referencing new table as after_it for each statement
  when (current_setting('evx.local_days', true) is distinct from 'kept') execute function vehicles.follow_totals();
create trigger follow_updated after update on vehicles.day_total
  referencing new table as after_it for each statement
  when (current_setting('evx.local_days', true) is distinct from 'kept') execute function vehicles.follow_totals();
create trigger follow_updated after update on vehicles.month_total
  referencing old table as before_it new table as after_it for each statement
  when (current_setting('evx.local_days', true) is distinct from 'kept') execute function vehicles.follow_totals();
create trigger follow_zone after update of zone on vehicles.vehicle
  for each row when (old.zone is distinct from new.zone) execute function vehicles.follow_zone();

-- The zone by which a request's trips are cut into years, as it was when they were taken.
alter table vehicles.claim_basis add column zone text check (length(zone) <= 60);
update vehicles.claim_basis b set zone = v.zone from vehicles.vehicle v where v.id = b.vehicle_id;
create trigger zone_of_basis before insert on vehicles.claim_basis
  for each row when (new.zone is null) execute function vehicles.zone_of_basis();
