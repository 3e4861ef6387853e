-- Cars that tell their own odometer through a provider. The grant (tokens) is sealed with the server's data keys.

create table vehicles.connection (
  id text primary key check (id like 'con\_%'),
  vehicle_id text not null references vehicles.vehicle (id),
  provider text not null check (provider in ('smartcar')),
  provider_car_id text not null,
  sealed_grant text not null,
  -- active: polled on time. waiting: backing off after failures. lost: the owner must connect again. ended: no more.
  state text not null check (state in ('active', 'waiting', 'lost', 'ended')),
  failures int not null default 0 check (failures >= 0),
  last_error text check (length(last_error) <= 300),
  next_poll_at timestamptz not null,
  polled_at timestamptz,
  read_at timestamptz,
  odometer_m int check (odometer_m >= 0),
  charge_bp int check (charge_bp between 0 and 10000),
  lat_e6 int,
  lon_e6 int,
  created_at timestamptz not null
);

create unique index connection_one_open on vehicles.connection (vehicle_id) where state <> 'ended';
create index connection_due on vehicles.connection (next_poll_at) where state in ('active', 'waiting');

comment on column vehicles.connection.id is 'Id<"connection">';
comment on column vehicles.connection.vehicle_id is 'Id<"vehicle">';

grant select, insert, update on vehicles.connection to evx_app;
