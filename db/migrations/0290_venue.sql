-- Whether the venue takes changes, as operators set it, and what they announce to everybody. And the ends of auctions that
-- were put off because nobody could bid.
create schema venue;

-- The newest row holds. closed_since: since when without a pause it takes no changes; null while it does.
create table venue.standing (
  seq bigint primary key check (seq > 0),
  mode text not null check (mode in ('open', 'read_only', 'maintenance')),
  -- When it should be over, as far as one knows.
  until timestamptz,
  reason text not null check (length(reason) between 1 and 500),
  set_by text not null,
  at timestamptz not null,
  closed_since timestamptz,
  check ((mode = 'open') = (closed_since is null)),
  check (mode <> 'open' or until is null)
);

create trigger append_only before update or delete or truncate on venue.standing
  for each statement execute function public.refuse_change();

create table venue.announcement (
  id text primary key,
  level text not null check (level in ('info', 'warning', 'urgent')),
  text_en text not null check (length(text_en) between 1 and 300),
  text_vi text not null check (length(text_vi) between 1 and 300),
  from_at timestamptz not null,
  until_at timestamptz not null check (until_at > from_at),
  created_by text not null,
  created_at timestamptz not null,
  ended_by text,
  ended_at timestamptz,
  check ((ended_by is null) = (ended_at is null))
);

create index announcement_shown on venue.announcement (until_at) where ended_at is null;
create index announcement_newest on venue.announcement (created_at desc, id desc);

-- An auction's end that the venue moved, after so many bids: part of what the public log is replayed with.
create table marketplace.auction_extension (
  listing_id text not null references marketplace.auction (listing_id),
  after_seq bigint not null check (after_seq >= 0),
  ends_at timestamptz not null,
  at timestamptz not null,
  primary key (listing_id, ends_at)
);

create trigger append_only before update or delete or truncate on marketplace.auction_extension
  for each statement execute function public.refuse_change();

comment on table marketplace.auction_extension is 'distributed by listing_id';
comment on column marketplace.auction_extension.listing_id is 'Id<"listing">';
comment on column venue.standing.set_by is 'Id<"user">';
comment on column venue.announcement.id is 'Id<"announcement">';
comment on column venue.announcement.created_by is 'Id<"user">';
comment on column venue.announcement.ended_by is 'Id<"user">';

grant usage on schema venue to evx_app;
grant select, insert on venue.standing to evx_app;
grant select, insert, update on venue.announcement to evx_app;
grant select, insert on marketplace.auction_extension to evx_app;
