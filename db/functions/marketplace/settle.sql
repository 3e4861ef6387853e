-- Settles a paid order: completes it, takes its payment for the seller and its grams off the listing, posts the
-- transfer that was agreed when it was placed, and tells. One call, so that the locks of shared accounts last no longer
-- than the commit. False when the order is not waiting to be settled; raises order_money_withheld when its payment is
-- disputed or on its way back.
--
-- Example:
--   insert into marketplace.listing (id, seller_id, kind, status, amount_g, remaining_g, price_minor, currency, vintage_year,
--       country_code, method_code, mixed, words, ends_at, created_at)
--     values ('lst_one', 'usr_anna', 'fixed', 'active', 1000, 0, 1000, 'USD', 2026, 'VN', 'flat', false, '', null,
--       '2026-03-01');
--   insert into payments.payment (id, order_id, buyer_id, seller_id, amount_minor, currency, description, status, attempt,
--       captured_at, expires_at, created_at, changed_at)
--     values ('pay_one', 'ord_one', 'usr_binh', 'usr_anna', 1000, 'USD', 'credits', 'captured', 1, '2026-03-01',
--       '2026-03-02', '2026-03-01', '2026-03-01');
--   insert into marketplace."order" (id, kind, listing_id, buyer_id, seller_id, status, amount_g, price_minor, currency,
--       total_minor, platform_fee_minor, cva_fee_minor, net_minor, fees_version, payment_id, transfer_id, leg_accounts,
--       leg_amounts, created_at, expires_at, paid_at)
--     values ('ord_one', 'purchase', 'lst_one', 'usr_binh', 'usr_anna', 'paid', 1000, 1000, 'USD', 1000, 0, 0, 1000, 1,
--       'pay_one', 'tfr_one', array['USD/cash/usr_anna', 'USD/escrow/0', 'gCO2e/listing/lst_one', 'gCO2e/wallet/usr_binh'],
--       array[1000, -1000, -1000, 1000], '2026-03-01', '2026-03-02', '2026-03-01');
--   select ledger.issue('tfr_i', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[1000], null);
--   select ledger.post('tfr_l', 'list', '2026-03-01', array['gCO2e/listing/lst_one', 'gCO2e/wallet/usr_anna'],
--     array[1000, -1000], array['usr_anna', null], null, '{}', null);
--   select ledger.hold('ord_one', 'gCO2e/listing/lst_one', 1000, null, '2026-03-01');
--   select ledger.post('tfr_c', 'capture', '2026-03-01', array['USD/clearing/stripe', 'USD/escrow/0'],
--     array[-1000, 1000], array[null, null], null, '{}', null);
--   select marketplace.settle('ord_one', '2026-03-02', 'req_one');
--   => t
--   select id, balance, held from ledger.account where balance > 0 order by id collate "C";
--   => USD/cash/usr_anna | 1000 | 0
--   => gCO2e/wallet/usr_binh | 1000 | 0
--   select name from jobs.outbox order by id;
--   => payments.payment_settled
--   => credits.sold
--   => marketplace.order_completed
--   select marketplace.settle('ord_one', '2026-03-02', 'req_one');
--   => f
create or replace function marketplace.settle(p_order text, p_at timestamptz, p_cause text) returns boolean
language plpgsql as $$
declare
  o marketplace."order";
  l marketplace.listing;
begin
  update marketplace."order" set status = 'completed', ended_at = p_at
    where id = p_order and status = 'paid'
    returning * into o;
  if not found then return marketplace.settle_sweep(p_order, p_at, p_cause); end if;
  if not payments.settle(o.payment_id, p_at, o.transfer_id) then
    raise exception using errcode = 'MKT01', message = 'order_money_withheld';
  end if;
  update marketplace.listing set
      sold_g = sold_g + o.amount_g,
      status = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then 'sold' else status end,
      ended_at = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then p_at else ended_at end
    where id = o.listing_id
    returning * into l;
  perform credits.tell_of_sale(o.transfer_id, o.id, o.seller_id, o.buyer_id, o.amount_g, p_at, p_cause);
  perform marketplace.tell_of_sale(o, l, p_at, p_cause);
  perform ledger.post(o.transfer_id, 'sale', p_at, o.leg_accounts, o.leg_amounts,
    array_fill(null::text, array[cardinality(o.leg_accounts)]), jsonb_build_object('orderId', o.id),
    array[o.id], null);
  return true;
end
$$;
