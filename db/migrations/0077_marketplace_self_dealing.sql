-- Who sold to themselves through a second account. What two accounts share is kept where it is learnt: the bank account with
-- the withdrawal and the document with the proof of identity, as before; from now on also the browser that signed in, and
-- what was paid with. Old code leaves the new columns and tables empty.

create table identity.device (
  digest bytea not null check (length(digest) = 32),
  user_id text not null references identity."user" (id) on delete cascade,
  seen_at timestamptz not null,
  primary key (digest, user_id)
);
create index device_user on identity.device (user_id);
create index device_seen on identity.device (seen_at);

alter table payments.attempt add column payer_digest text;
create index attempt_payer on payments.attempt (payer_digest) where payer_digest is not null;
create index withdrawal_bank on payments.withdrawal (bank_digest, user_id);

-- A sale whose two sides are one person, by what they share; an operator may say that they are not.
create table marketplace.self_dealing (
  order_id text primary key,
  buyer_id text not null,
  seller_id text not null,
  marks text[] not null check (cardinality(marks) > 0 and marks <@ array['bank', 'identity', 'device', 'card']),
  found_at timestamptz not null,
  cleared_at timestamptz,
  cleared_by text,
  note text,
  check ((cleared_at is null) = (cleared_by is null) and (cleared_at is null) = (note is null))
);
create index self_dealing_newest on marketplace.self_dealing (found_at, order_id);

comment on column identity.device.user_id is 'Id<"user">';
comment on column marketplace.self_dealing.order_id is 'Id<"order">';
comment on column marketplace.self_dealing.buyer_id is 'Id<"user">';
comment on column marketplace.self_dealing.seller_id is 'Id<"user">';
comment on column marketplace.self_dealing.cleared_by is 'Id<"user">';
comment on table marketplace.self_dealing is 'distributed by order_id';

grant select, update, delete on identity.device to evx_app;
grant insert on identity.device to evx_former, evx_serving;
grant select, insert, update on marketplace.self_dealing to evx_app;
