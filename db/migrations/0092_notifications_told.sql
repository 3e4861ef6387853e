-- How far the sweep has come that tells of what an event missed: everything up to here has been told of.
create table notifications.told_until (
  kind text primary key check (kind in ('sale', 'identity', 'certificate')),
  at timestamptz not null,
  id text not null
);
grant select, insert, update on notifications.told_until to evx_app;
