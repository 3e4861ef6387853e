-- Cars, their trips, who claimed which time of which car. Everything large is distributed by the physical car.

create schema vehicles;

-- The physical car, known by the hash of its VIN. Its row is the lock under which its trips are recorded and claimed.
create table vehicles.car (
  car_id bigint generated always as identity primary key,
  vin_hash text not null unique check (vin_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null
);

-- A car in somebody's garage, for the time in which it was theirs.
create table vehicles.vehicle (
  id text primary key check (id like 'veh\_%'),
  car_id bigint not null references vehicles.car (car_id),
  owner_id text not null check (owner_id like 'usr\_%'),
  vin text not null check (vin ~ '^[A-HJ-NPR-Z0-9]{17}$'),
  make text not null check (length(make) between 1 and 60),
  model text not null check (length(model) between 1 and 80),
  model_year int not null check (model_year between 1990 and 2200),
  class text not null default 'car' check (class in ('car', 'van', 'quadricycle', 'motorcycle')),
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  battery_wh int check (battery_wh between 500 and 2000000),
  zone text not null check (length(zone) <= 60),
  owned_from timestamptz not null default '-infinity',
  owned_to timestamptz not null default 'infinity',
  -- What the owner chose for files that leave something open, by the file's header.
  import_settings jsonb not null default '{}',
  created_at timestamptz not null,
  unique (car_id, id),
  check (owned_from < owned_to),
  -- One owner at a time: a car that is sold on is handed over, never registered twice.
  constraint one_owner_at_a_time exclude using gist (car_id with =, tstzrange(owned_from, owned_to) with &&)
);

create index vehicle_owner on vehicles.vehicle (owner_id, id);

-- A trip's id begins with its start and ends with its car, so the primary key also says: a car starts one trip at a
-- time, whoever imports it and from whatever source.
create table vehicles.trip (
  month date not null,
  id text not null check (id like 'trp\_%'),
  car_id bigint not null,
  vehicle_id text not null,
  import_id text,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  distance_m int not null check (distance_m > 0),
  energy_wh int check (energy_wh > 0),
  -- Grams by the method and factors of this version of the rule vehicles.co2_factors.
  co2_g bigint not null check (co2_g >= 0),
  factors_version int not null,
  -- 'day': only the date is known; the trip stands for its whole local day.
  precision text not null check (precision in ('exact', 'estimated', 'day')),
  quality text not null check (quality in ('connected', 'export', 'manual')),
  source text not null,
  source_id text,
  start_lat_e6 int,
  start_lon_e6 int,
  end_lat_e6 int,
  end_lon_e6 int,
  odometer_start_m int,
  odometer_end_m int,
  notes text,
  flags jsonb,
  status text not null default 'recorded' check (status in ('recorded', 'claimed', 'verified', 'released')),
  request_id text,
  -- Why a request gave the trip back, for the owner who resubmits it.
  release_reason text,
  primary key (car_id, month, id),
  check (started_at < ended_at),
  check ((request_id is not null) = (status in ('claimed', 'verified')))
) partition by range (month);

comment on table vehicles.trip is 'distributed by car_id';

-- Time of a car that a request claims, cut by month. Two requests cannot hold the same moment of the same car.
create table vehicles.claim (
  car_id bigint not null,
  month date not null,
  request_id text not null check (request_id like 'req\_%'),
  during tstzmultirange not null,
  primary key (car_id, month, request_id),
  check (during <@ tstzmultirange(tstzrange(month::timestamp at time zone 'UTC', (month + interval '1 month') at time zone 'UTC'))),
  constraint one_claim_per_moment exclude using gist (car_id with =, month with =, during with &&)
) partition by range (month);

comment on table vehicles.claim is 'distributed by car_id';

-- A claimed or verified trip is what a credit stands on: nothing of it may change but its status. Positions and notes
-- may be erased after retention; distance, time and energy never.
create function vehicles.keep_claimed() returns trigger
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

create trigger keep_claimed before update or delete on vehicles.trip
  for each row when (old.status in ('claimed', 'verified')) execute function vehicles.keep_claimed();

-- Makes the partitions of months that have none, of trips or of claims. Attaching locks the parent only against other
-- attaching, so imports of other months go on. The application owns no tables, so this runs with its maker's rights.
create function vehicles.ensure_months(kind text, months date[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  m date;
  part text;
begin
  if kind not in ('trip', 'claim') then
    raise exception using errcode = 'invalid_parameter_value', message = format('%s is not kept by month', kind);
  end if;
  foreach m in array months loop
    if m is null or m <> date_trunc('month', m::timestamp)::date or m < '2000-01-01' or m > '2199-12-01' then
      raise exception using errcode = 'invalid_parameter_value', message = format('%s is not a month', m);
    end if;
    part := kind || '_' || to_char(m, 'YYYY_MM');
    continue when to_regclass('vehicles.' || part) is not null;
    perform pg_advisory_xact_lock(hashtextextended('vehicles.ensure_months', 0));
    continue when to_regclass('vehicles.' || part) is not null;
    execute format('create table vehicles.%I (like vehicles.%I including all)', part, kind);
    execute format('alter table vehicles.%I attach partition vehicles.%I for values from (%L) to (%L)',
      kind, part, m, (m + interval '1 month')::date);
  end loop;
end
$$;

revoke execute on function vehicles.ensure_months(text, date[]) from public;

-- Cleaned readings of a logger, for the map and the speed profile; erased with the positions after retention.
create table vehicles.track (
  car_id bigint not null,
  month date not null,
  trip_id text not null,
  -- [seconds since start, lat_e6, lon_e6, metres per hour or null], one after the other.
  points jsonb not null,
  primary key (car_id, month, trip_id)
);

comment on table vehicles.track is 'distributed by car_id';

-- Sums kept in the transaction that changes trips, so a year's figures never depend on how many trips there are.
create table vehicles.day_total (
  car_id bigint not null,
  vehicle_id text not null,
  day date not null,
  trips int not null check (trips >= 0),
  distance_m bigint not null check (distance_m >= 0),
  energy_wh bigint not null check (energy_wh >= 0),
  co2_g bigint not null check (co2_g >= 0),
  primary key (car_id, vehicle_id, day)
);

comment on table vehicles.day_total is 'distributed by car_id';

create table vehicles.month_total (
  car_id bigint not null,
  vehicle_id text not null,
  month date not null,
  trips int not null check (trips >= 0),
  distance_m bigint not null check (distance_m >= 0),
  energy_wh bigint not null check (energy_wh >= 0),
  co2_g bigint not null check (co2_g >= 0),
  -- Of these, how much requests hold or have had verified.
  claimed_trips int not null default 0 check (claimed_trips between 0 and trips),
  claimed_distance_m bigint not null default 0 check (claimed_distance_m between 0 and distance_m),
  claimed_co2_g bigint not null default 0 check (claimed_co2_g between 0 and co2_g),
  primary key (car_id, vehicle_id, month)
);

comment on table vehicles.month_total is 'distributed by car_id';

create index month_total_month on vehicles.month_total (month);

-- What a request took and by which factors, so that the same trips give the same gram years later.
create table vehicles.claim_basis (
  request_id text primary key check (request_id like 'req\_%'),
  car_id bigint not null,
  vehicle_id text not null,
  owner_id text not null,
  country_code text not null,
  factors jsonb not null,
  claimed_at timestamptz not null,
  unique (car_id, request_id)
);

create index claim_basis_vehicle on vehicles.claim_basis (vehicle_id, claimed_at desc);

-- A file of trips on its way in. Its bytes wait in chunks until its job has read them all.
create table vehicles.import (
  id text primary key check (id like 'imp\_%'),
  vehicle_id text not null references vehicles.vehicle (id),
  car_id bigint not null,
  owner_id text not null,
  status text not null check (status in ('receiving', 'queued', 'running', 'done', 'failed', 'cancelled', 'undone')),
  via text not null check (via in ('upload', 'push', 'connection')),
  format text,
  file_name text,
  bytes bigint not null default 0,
  rows_read bigint not null default 0,
  rows_total bigint,
  imported int not null default 0,
  duplicates int not null default 0,
  flagged int not null default 0,
  rejected int not null default 0,
  co2_g bigint not null default 0,
  -- How many trips and broken rows of the file are behind us: where a job goes on after a crash.
  trips_done bigint not null default 0,
  rejections_done bigint not null default 0,
  options jsonb not null default '{}',
  plan jsonb,
  failure text,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);

create index import_vehicle on vehicles.import (vehicle_id, created_at desc, id desc);
create index import_open on vehicles.import (created_at) where status in ('receiving', 'queued', 'running');

create table vehicles.import_chunk (
  import_id text not null references vehicles.import (id) on delete cascade,
  seq int not null,
  -- Zstandard, about 256 kB of the file each.
  content bytea not null,
  primary key (import_id, seq)
);

alter table vehicles.import_chunk alter column content set storage external;

create table vehicles.import_rejection (
  import_id text not null references vehicles.import (id) on delete cascade,
  seq bigint not null,
  row_number bigint not null,
  field text not null,
  code text not null,
  "values" jsonb,
  primary key (import_id, seq)
);

-- Readings of the odometer that the owner or a connection gave, besides those on trips.
create table vehicles.odometer (
  car_id bigint not null,
  read_at timestamptz not null,
  vehicle_id text not null references vehicles.vehicle (id),
  odometer_m int not null check (odometer_m >= 0),
  source text not null check (source in ('owner', 'connection', 'handover')),
  primary key (car_id, read_at)
);

comment on table vehicles.odometer is 'distributed by car_id';

-- Grid factors that an operator entered, over those of the bundled publication. Corrections are new rows.
create table vehicles.grid_factor (
  country_code text not null check (country_code ~ '^[A-Z]{2}$'),
  year int not null check (year between 1990 and 2200),
  version int not null,
  grid_mg_per_kwh int not null check (grid_mg_per_kwh between 0 and 2000000),
  source text not null check (length(source) between 3 and 300),
  set_by text not null,
  set_at timestamptz not null,
  primary key (country_code, year, version)
);

create trigger append_only before update or delete or truncate on vehicles.grid_factor
  for each statement execute function public.refuse_change();

comment on column vehicles.vehicle.id is 'Id<"vehicle">';
comment on column vehicles.vehicle.owner_id is 'Id<"user">';
comment on column vehicles.trip.id is 'Id<"trip">';
comment on column vehicles.trip.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.trip.import_id is 'Id<"import">';
comment on column vehicles.trip.request_id is 'Id<"request">';
comment on column vehicles.claim.request_id is 'Id<"request">';
comment on column vehicles.track.trip_id is 'Id<"trip">';
comment on column vehicles.day_total.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.month_total.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.claim_basis.request_id is 'Id<"request">';
comment on column vehicles.claim_basis.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.claim_basis.owner_id is 'Id<"user">';
comment on column vehicles.import.id is 'Id<"import">';
comment on column vehicles.import.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.import.owner_id is 'Id<"user">';
comment on column vehicles.import_chunk.import_id is 'Id<"import">';
comment on column vehicles.import_rejection.import_id is 'Id<"import">';
comment on column vehicles.odometer.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.grid_factor.set_by is 'Id<"user">';

grant usage on schema vehicles to evx_app;
grant select, insert, update, delete on vehicles.car, vehicles.vehicle, vehicles.trip, vehicles.claim, vehicles.track,
  vehicles.day_total, vehicles.month_total, vehicles.claim_basis, vehicles.import, vehicles.import_chunk,
  vehicles.import_rejection, vehicles.odometer to evx_app;
grant select, insert on vehicles.grid_factor to evx_app;
grant execute on function vehicles.ensure_months(text, date[]) to evx_app;
