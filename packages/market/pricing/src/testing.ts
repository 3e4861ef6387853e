import { type Id, newId } from "@evx/kernel";
import type { PricingPorts } from "./ports.ts";

/** Nobody wants anything. */
export const noBids: PricingPorts = { bestBid: () => Promise.resolve(null) };

type SaleInput = {
  buyer?: Id<"user">;
  seller?: Id<"user">;
  price?: string;
  grams?: string;
  at: string;
  country?: string;
  vintage?: number;
};

/** A completed sale as the marketplace tells of it. */
export const aCompletedSale = ({
  buyer = newId("user"),
  seller = newId("user"),
  price = "1500",
  grams = "100000",
  at,
  country = "VN",
  vintage = 2026,
}: SaleInput) => ({
  orderId: newId("order"),
  kind: "purchase" as const,
  listingId: newId("listing"),
  buyerId: buyer,
  sellerId: seller,
  grams,
  pricePerCreditMinor: price,
  totalMinor: "150",
  currency: "USD",
  paymentId: newId("payment"),
  transferId: newId("transfer"),
  platformFeeMinor: "4",
  cvaFeeMinor: "2",
  netMinor: "144",
  vintage,
  country,
  method: "flat-v1",
  at,
});
