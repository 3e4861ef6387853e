-- When each worker last said that it lives. One row a worker; a restart under the same name takes over its row.
create table jobs.beat (
  worker text primary key,
  at timestamptz not null
);

grant select, insert, update, delete on jobs.beat to evx_app;
