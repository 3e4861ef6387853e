-- Settles a paid order: completes it, takes its payment for the seller and its grams off the listing, posts the
-- transfer that was agreed when it was placed, and tells. One call, so that the locks of shared accounts last no longer
-- than the commit. False when the order is not waiting to be settled; raises order_money_withheld when its payment is
-- disputed or on its way back.
create or replace function marketplace.settle(p_order text, p_at timestamptz, p_cause text) returns boolean
language plpgsql as $$
declare
  o marketplace."order";
  l marketplace.listing;
begin
  update marketplace."order" set status = 'completed', ended_at = p_at
    where id = p_order and status = 'paid'
    returning * into o;
  if not found then return false; end if;
  if not payments.settle(o.payment_id, p_at) then
    raise exception using errcode = 'MKT01', message = 'order_money_withheld';
  end if;
  update marketplace.listing set
      sold_g = sold_g + o.amount_g,
      status = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then 'sold' else status end,
      ended_at = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then p_at else ended_at end
    where id = o.listing_id
    returning * into l;
  perform jobs.emit('credits.sold', jsonb_build_object(
    'transferId', o.transfer_id, 'orderId', o.id, 'sellerId', o.seller_id, 'buyerId', o.buyer_id,
    'grams', o.amount_g::text, 'at', marketplace.iso(p_at)), p_cause, p_at);
  perform jobs.emit('marketplace.order_completed', jsonb_build_object(
    'orderId', o.id, 'kind', o.kind, 'listingId', o.listing_id, 'buyerId', o.buyer_id, 'sellerId', o.seller_id,
    'grams', o.amount_g::text, 'pricePerCreditMinor', o.price_minor::text, 'totalMinor', o.total_minor::text,
    'currency', o.currency, 'paymentId', o.payment_id, 'transferId', o.transfer_id,
    'platformFeeMinor', o.platform_fee_minor::text, 'cvaFeeMinor', o.cva_fee_minor::text,
    'netMinor', o.net_minor::text, 'vintage', l.vintage_year, 'country', l.country_code,
    'method', l.method_code, 'at', marketplace.iso(p_at)), p_cause, p_at);
  perform ledger.post(o.transfer_id, 'sale', p_at, o.leg_accounts, o.leg_amounts,
    array_fill(null::text, array[cardinality(o.leg_accounts)]), jsonb_build_object('orderId', o.id),
    array[o.id], null);
  return true;
end
$$;
