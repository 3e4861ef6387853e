-- Money set aside on balances: for wanted orders that pay by themselves. Old code reads and writes none of it; it asks the
-- buyer to pay as before, and the sweep frees what it left set aside.

alter table marketplace.wanted
  -- Whether what is found is paid out of the buyer's balance at once.
  add column funded boolean not null default false,
  -- The hold in the book with what is still set aside; both are empty once it ended.
  add column hold_id text,
  add column held_minor bigint not null default 0 check (held_minor >= 0),
  add constraint wanted_held check ((hold_id is null) = (held_minor = 0));

create index wanted_left_set_aside on marketplace.wanted (id) where hold_id is not null and status <> 'open';

-- A payment out of the buyer's balance goes through no gateway.
alter table payments.payment drop constraint payment_method_check,
  add constraint payment_method_check check (method in ('stripe', 'paypal', 'vnpay', 'balance'));
alter table payments.attempt drop constraint attempt_gateway_check,
  add constraint attempt_gateway_check check (gateway in ('stripe', 'paypal', 'vnpay', 'balance'));
