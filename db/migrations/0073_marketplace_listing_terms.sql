-- What a seller may say of a listing at a fixed price: the least that one order takes, and when it ends by itself.

alter table marketplace.listing
  add column min_g bigint check (min_g > 0),
  add column expires_at timestamptz;

create index listing_expiring on marketplace.listing (expires_at) where status = 'active' and expires_at is not null;
