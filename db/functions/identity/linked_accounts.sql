-- Who shares a bank account (bank), an identity document (identity), a browser (device) or a card (card) with some people,
-- and whom these share one with, so many steps on: one row for each two and what they share. It reads tables of several
-- rooms, so that a room that knows nothing of money or documents can still count people instead of accounts.
--
-- Example:
--   select count(*) from identity.linked_accounts(array['usr_nobody'], array['bank', 'identity', 'device', 'card'], 4);
--   => 0
create or replace function identity.linked_accounts(p_users text[], p_marks text[], p_steps int)
returns table (user_id text, peer_id text, mark text)
language plpgsql stable as $$
declare
  seen text[] := p_users;
  edge text[] := p_users;
  peers text[];
begin
  for step in 1 .. p_steps loop
    exit when coalesce(cardinality(edge), 0) = 0;
    peers := '{}';
    for user_id, peer_id, mark in
      -- "offset 0": each mark is looked up by its index, however many the planner expects.
      select distinct l.one, l.other, l.kind from (
        select w.user_id as one, x.user_id as other, 'bank' as kind
          from payments.withdrawal w
          cross join lateral (select y.user_id from payments.withdrawal y
            where y.bank_digest = w.bank_digest offset 0) x
          where 'bank' = any (p_marks) and w.user_id = any (edge)
        union all
        -- What was refused counts as well: it was handed in.
        select f.user_id, g.user_id, 'identity'
          from identity.kyc_file f
          cross join lateral (select y.user_id from identity.kyc_file y where y.digest = f.digest offset 0) g
          where 'identity' = any (p_marks) and f.user_id = any (edge)
        union all
        select d.user_id, e.user_id, 'device'
          from identity.device d
          cross join lateral (select y.user_id from identity.device y where y.digest = d.digest offset 0) e
          where 'device' = any (p_marks) and d.user_id = any (edge)
        union all
        select p.buyer_id, q.buyer_id, 'card'
          from payments.payment p
          cross join lateral (select y.payer_digest from payments.attempt y
            where y.payment_id = p.id offset 0) a
          cross join lateral (select y.payment_id from payments.attempt y
            where y.payer_digest = a.payer_digest offset 0) b
          join payments.payment q on q.id = b.payment_id
          where 'card' = any (p_marks) and p.buyer_id = any (edge)
      ) l where l.one <> l.other
    loop
      return next;
      peers := peers || peer_id;
    end loop;
    edge := array(select distinct p.id from unnest(peers) p(id) where p.id <> all (seen));
    seen := seen || edge;
  end loop;
end
$$;
