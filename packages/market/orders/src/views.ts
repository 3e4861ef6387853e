import { textFromMinor } from "@evx/kernel";
import { currencyOf } from "@evx/listings";
import type { OrderWithFacts } from "./queries/orders.ts";

export const orderView = (row: OrderWithFacts) => {
  const currency = currencyOf(row);
  return {
    id: row.id,
    kind: row.kind,
    listingId: row.listing_id,
    buyerId: row.buyer_id,
    sellerId: row.seller_id,
    paymentId: row.payment_id,
    creditsAmount: row.amount_g,
    pricePerCredit: textFromMinor(row.price_minor, currency),
    totalPrice: textFromMinor(row.total_minor, currency),
    platformFee: textFromMinor(row.platform_fee_minor, currency),
    cvaFee: textFromMinor(row.cva_fee_minor, currency),
    netToSeller: textFromMinor(row.net_minor, currency),
    currency: row.currency,
    status: row.status,
    vintage: row.vintage_year,
    country: row.country_code,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    endedAt: row.ended_at,
  };
};
