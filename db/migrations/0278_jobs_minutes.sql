-- How a day went: minutes in which a server stood and could write, and those of them in which work that runs behind was
-- not done. Minutes that nobody noted are those in which nothing stood. One row a day (UTC), by whichever server is first.
create table jobs.health_day (
  day date primary key,
  first_at timestamptz not null,
  -- The minute that was noted last: each counts once, however many servers there are.
  last_at timestamptz not null check (last_at >= first_at),
  seen_min integer not null check (seen_min > 0),
  wrong_min integer not null check (wrong_min between 0 and seen_min)
);

grant select, insert, update on jobs.health_day to evx_app;
