-- Settles a paid sweep: completes it and its lines, takes its payment, its grams off their listings, and posts all lines
-- as one transfer; what lines that went away would have cost goes to the buyer's balance. One posting, so that a kill at
-- any moment leaves all of it or nothing. Lines are at most as many as a quote has. False when it does not wait to be
-- settled; raises order_money_withheld when its payment is disputed or on its way back.
--
-- Example:
--   select marketplace.settle_sweep('ord_none', '2026-03-02', 'req_one');
--   => f
create or replace function marketplace.settle_sweep(p_sweep text, p_at timestamptz, p_cause text) returns boolean
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  s marketplace.sweep;
  grams bigint; cost bigint; first_seller text;
  lines text[];
  listings text[]; sold bigint[];
  accounts text[]; amounts bigint[];
begin
  update marketplace.sweep set status = 'completed', ended_at = p_at
    where id = p_sweep and status = 'paid'
    returning * into s;
  if not found then return false; end if;
  if not payments.settle(s.payment_id, p_at, s.transfer_id) then
    raise exception using errcode = 'MKT01', message = 'order_money_withheld';
  end if;
  with done as (
    update marketplace."order" set status = 'completed', ended_at = p_at
    where sweep_id = p_sweep and status = 'paid'
    returning id, listing_id, amount_g, total_minor, seller_id, leg_accounts, leg_amounts
  ), whole as (
    select sum(amount_g)::bigint as grams, sum(total_minor)::bigint as cost, min(seller_id) as first_seller,
      array_agg(id order by id) as lines from done
  ), line as (
    select listing_id, sum(amount_g)::bigint as sold from done group by listing_id
  ), leg as (
    select account, sum(amount)::bigint as amount
    from (
      select leg.account, leg.amount from done, unnest(done.leg_accounts, done.leg_amounts) as leg (account, amount)
      union all
      select s.escrow_account, whole.cost - s.total_minor from whole
      union all
      select s.change_account, s.total_minor - whole.cost from whole
    ) as every_leg
    group by account having sum(amount) <> 0
  )
  select whole.*,
    (select array_agg(listing_id order by listing_id) from line), (select array_agg(line.sold order by listing_id) from line),
    (select array_agg(account order by account collate "C") from leg),
    (select array_agg(amount order by account collate "C") from leg)
  into grams, cost, first_seller, lines, listings, sold, accounts, amounts from whole;
  -- By id, as whoever locks several listings.
  perform from marketplace.listing where id = any (listings) order by id for update;
  update marketplace.listing l set
      sold_g = sold_g + line.grams,
      status = case when status = 'active' and sold_g + line.grams + returned_g = amount_g then 'sold' else status end,
      ended_at = case when status = 'active' and sold_g + line.grams + returned_g = amount_g then p_at else ended_at end
    from unnest(listings, sold) as line (listing_id, grams)
    where l.id = line.listing_id;

  if s.retirement is null then
    perform credits.tell_of_sale(s.transfer_id, s.id, first_seller, s.buyer_id, grams, p_at, p_cause);
  else
    perform credits.note_retirement(s.transfer_id, s.buyer_id, grams, s.retirement, p_at);
  end if;
  perform jobs.emit('marketplace.sweep_completed', jsonb_build_object(
    'orderId', s.id, 'buyerId', s.buyer_id, 'grams', grams::text, 'totalMinor', cost::text,
    'changeMinor', (s.total_minor - cost)::text, 'currency', s.currency,
    'retirementId', s.retirement ->> 'retirementId', 'at', marketplace.iso(p_at)), p_cause, p_at);
  perform marketplace.tell_of_sales(lines, p_at, p_cause);
  perform ledger.post(s.transfer_id, 'sale', p_at, accounts, amounts,
    array_fill(null::text, array[cardinality(accounts)]), jsonb_build_object('orderId', s.id), lines, null);
  return true;
end
$$;
