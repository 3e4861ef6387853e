-- When a password or a second factor was last given in a session: what is worth more than reading asks for a fresh proof.
alter table identity.session add column proven_at timestamptz;

-- Links in letters written before this moment are dead: a new password or address takes them along.
alter table identity.user add column links_from timestamptz not null default '-infinity';

-- From where a person has signed in before: an account that strangers guess at is still open to its owner from there.
create table identity.known_place (
  user_id text not null references identity.user (id) on delete cascade,
  network text not null check (length(network) between 1 and 64),
  seen_at timestamptz not null,
  primary key (user_id, network)
);

create index known_place_seen on identity.known_place (seen_at);

grant select, insert, update, delete on identity.known_place to evx_app;
