-- Fleets: what a company calls its cars, files of many cars, and drivers who see their own car.

alter table vehicles.vehicle add column plate text check (length(plate) between 1 and 20);
alter table vehicles.vehicle add column label text check (length(label) between 1 and 60);

-- One file for many cars: what of it belongs to no car. Its cars' parts are imports.
create table vehicles.fleet_import (
  id text primary key check (id like 'fim\_%'),
  owner_id text not null,
  file_name text check (length(file_name) <= 200),
  rows_read bigint not null default 0,
  -- [{name, rows, firstRow}], at most a thousand.
  unmatched jsonb not null default '[]',
  -- [{vehicleId, code, details}]: cars whose part was refused as a whole.
  refused jsonb not null default '[]',
  created_at timestamptz not null
);

create index fleet_import_owner on vehicles.fleet_import (owner_id, id desc);

alter table vehicles.import add column fleet_import_id text;
create index import_fleet on vehicles.import (fleet_import_id) where fleet_import_id is not null;

-- Who drives a car of somebody's fleet: invited, at the wheel, gone. Only the hash of an invitation's secret is kept.
create table vehicles.driver (
  id text primary key check (id like 'drv\_%'),
  vehicle_id text not null references vehicles.vehicle (id),
  owner_id text not null,
  email text not null check (length(email) between 3 and 254),
  secret_hash text not null check (secret_hash ~ '^[0-9a-f]{64}$'),
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  user_id text,
  joined_at timestamptz,
  ended_at timestamptz,
  ended_by text check (ended_by in ('owner', 'driver')),
  check ((user_id is null) = (joined_at is null)),
  check ((ended_at is null) = (ended_by is null))
);

-- A person is invited to a car once at a time.
create unique index driver_once on vehicles.driver (vehicle_id, email) where ended_at is null;
create unique index driver_secret on vehicles.driver (secret_hash);
create index driver_of_user on vehicles.driver (user_id) where ended_at is null;
create index driver_of_email on vehicles.driver (email) where ended_at is null and user_id is null;
create index driver_of_owner on vehicles.driver (owner_id) where ended_at is null;

comment on column vehicles.fleet_import.id is 'Id<"fleetImport">';
comment on column vehicles.fleet_import.owner_id is 'Id<"user">';
comment on column vehicles.import.fleet_import_id is 'Id<"fleetImport">';
comment on column vehicles.driver.id is 'Id<"driver">';
comment on column vehicles.driver.vehicle_id is 'Id<"vehicle">';
comment on column vehicles.driver.owner_id is 'Id<"user">';
comment on column vehicles.driver.user_id is 'Id<"user">';

grant select, insert, update on vehicles.fleet_import, vehicles.driver to evx_app;
