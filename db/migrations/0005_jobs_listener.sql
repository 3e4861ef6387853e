-- Which queues listen to which events, as the running workers say it. The relay of any version hands an event to all of
-- them, so that an older worker does not keep an event from a newer one's listener.
create table jobs.listener (
  event text not null,
  queue text not null,
  at timestamptz not null,
  primary key (event, queue)
);

grant select, insert, update, delete on jobs.listener to evx_app;
