-- The daily book: a Merkle-sum tree over what everybody holds, whose root is logged. Each holder can show themselves in
-- it; nobody sees another's balance, because each stands in two leaves that are parted at random and salted.

create table verification.book (
  day text primary key check (day ~ '^\d{4}-\d\d-\d\d$'),
  root text not null check (root ~ '^[0-9a-f]{64}$'),
  leaf_count bigint not null check (leaf_count > 0),
  sum_g bigint not null check (sum_g >= 0),
  -- From which each leaf's salt follows.
  secret bytea not null check (octet_length(secret) = 32),
  at timestamptz not null
);

-- Nodes of a level, 256 a tile: of each its hash and its grams, 40 bytes. Kept as long as proofs are given out.
create table verification.book_tile (
  day text not null references verification.book (day),
  level smallint not null check (level between 0 and 6),
  n bigint not null check (n >= 0),
  nodes bytea not null check (octet_length(nodes) between 40 and 10240 and octet_length(nodes) % 40 = 0),
  primary key (day, level, n)
);

-- What a person held, and where its two leaves lie.
create table verification.book_holding (
  day text not null references verification.book (day),
  holder_id text not null,
  state text not null check (state in ('held', 'listed', 'retired')),
  first_g bigint not null check (first_g >= 0),
  second_g bigint not null check (second_g >= 0),
  first_place bigint not null check (first_place >= 0),
  second_place bigint not null check (second_place >= 0),
  primary key (day, holder_id, state)
);

comment on column verification.book_holding.holder_id is 'Id<"user">';
comment on table verification.book_tile is 'distributed by day';
comment on table verification.book_holding is 'distributed by holder_id';

create trigger append_only before update or delete or truncate on verification.book
  for each statement execute function public.refuse_change();

grant select, insert on verification.book to evx_app;
grant select, insert, delete on verification.book_tile, verification.book_holding to evx_app;
