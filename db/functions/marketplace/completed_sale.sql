-- What `orderCompleted` tells of an order, or a line of a sweep.
--
-- Example:
--   select marketplace.completed_sale(null::marketplace."order", null::marketplace.listing, '2026-03-01') ->> 'at';
--   => 2026-03-01T00:00:00.000Z
create or replace function marketplace.completed_sale(
  p_order marketplace."order", p_listing marketplace.listing, p_at timestamptz
) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'orderId', p_order.id, 'kind', p_order.kind, 'listingId', p_order.listing_id, 'buyerId', p_order.buyer_id,
    'sellerId', p_order.seller_id, 'grams', p_order.amount_g::text,
    'pricePerCreditMinor', p_order.price_minor::text, 'totalMinor', p_order.total_minor::text,
    'currency', p_order.currency, 'paymentId', p_order.payment_id, 'transferId', p_order.transfer_id,
    'platformFeeMinor', p_order.platform_fee_minor::text, 'cvaFeeMinor', p_order.cva_fee_minor::text,
    'netMinor', p_order.net_minor::text, 'vintage', p_listing.vintage_year, 'country', p_listing.country_code,
    'method', p_listing.method_code, 'sweepId', p_order.sweep_id, 'at', marketplace.iso(p_at))
$$;
