-- How many people have the page of an auction open, as each server last said. A crash may forget it: servers say it anew
-- every few seconds. Who they are is written nowhere.
create unlogged table marketplace.presence (
  server text not null,
  listing_id text not null,
  people int not null check (people > 0),
  seen_at timestamptz not null,
  primary key (listing_id, server)
);

create index presence_seen on marketplace.presence (seen_at);

grant select, insert, update, delete on marketplace.presence to evx_app;
