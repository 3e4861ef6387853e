-- Tokens with which a telematics box or a home server sends a vehicle's trips by itself. Only the hash is kept.

create table vehicles.push_token (
  id text primary key check (id like 'tok\_%'),
  vehicle_id text not null references vehicles.vehicle (id),
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  label text not null check (length(label) between 1 and 60),
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create index push_token_vehicle on vehicles.push_token (vehicle_id, created_at desc);

comment on column vehicles.push_token.id is 'Id<"token">';
comment on column vehicles.push_token.vehicle_id is 'Id<"vehicle">';

grant select, insert, update on vehicles.push_token to evx_app;
