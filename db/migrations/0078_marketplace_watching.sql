-- What people keep an eye on: listings, and searches that tell of what is new; what there is to filter by with its numbers,
-- counted each minute; the prices that a listing had; and files that speak for one side of a dispute. Old code knows none.

create table marketplace.watch (
  user_id text not null,
  listing_id text not null references marketplace.listing (id),
  at timestamptz not null,
  -- When its end was told of, so that it is told once.
  told_at timestamptz,
  primary key (user_id, listing_id)
);
create index watch_listing on marketplace.watch (listing_id);

create table marketplace.saved_search (
  id text primary key,
  user_id text not null,
  name text not null check (length(name) between 1 and 80),
  -- A search's fields as they travel in a link, all text.
  filter jsonb not null,
  alerts boolean not null,
  created_at timestamptz not null,
  -- What was listed until then was told of.
  told_until timestamptz not null
);
create index saved_search_user on marketplace.saved_search (user_id, created_at, id);

create table marketplace.facet (
  currency text not null,
  facet text not null check (facet in ('country', 'vintage', 'method', 'type')),
  value text not null,
  listings bigint not null check (listings > 0),
  primary key (currency, facet, value)
);

create table marketplace.former_price (
  listing_id text not null references marketplace.listing (id),
  at timestamptz not null,
  price_minor bigint not null check (price_minor > 0),
  primary key (listing_id, at)
);

create table marketplace.dispute_file (
  id text primary key,
  dispute_id text not null references marketplace.dispute (id),
  author_id text not null,
  side text not null check (side in ('buyer', 'seller', 'operator')),
  name text not null check (length(name) between 1 and 120),
  content_type text not null check (content_type in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
  content bytea not null check (length(content) between 1 and 10485760),
  at timestamptz not null
);
create index dispute_file_of on marketplace.dispute_file (dispute_id, at, id);

comment on column marketplace.watch.user_id is 'Id<"user">';
comment on column marketplace.watch.listing_id is 'Id<"listing">';
comment on column marketplace.saved_search.id is 'Id<"search">';
comment on column marketplace.saved_search.user_id is 'Id<"user">';
comment on column marketplace.former_price.listing_id is 'Id<"listing">';
comment on column marketplace.dispute_file.id is 'Id<"evidence">';
comment on column marketplace.dispute_file.dispute_id is 'Id<"dispute">';
comment on column marketplace.dispute_file.author_id is 'Id<"user">';

create trigger append_only before update or delete or truncate on marketplace.former_price
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on marketplace.dispute_file
  for each statement execute function public.refuse_change();

grant select, insert, update, delete on marketplace.watch, marketplace.saved_search, marketplace.facet to evx_app;
grant select, insert on marketplace.former_price, marketplace.dispute_file to evx_app;
