import type { Id } from "@evx/kernel";
import { newId } from "@evx/kernel";

/** An event of a completed sale, for tests of rooms that count them. */
export const aSale = (buyerId: Id<"user">, sellerId: Id<"user">, at: string, grams = "100000") => ({
  orderId: newId("order"),
  kind: "purchase" as const,
  listingId: newId("listing"),
  buyerId,
  sellerId,
  grams,
  pricePerCreditMinor: "1000",
  totalMinor: "1000",
  currency: "USD",
  paymentId: newId("payment"),
  transferId: newId("transfer"),
  platformFeeMinor: "25",
  cvaFeeMinor: "10",
  netMinor: "965",
  vintage: 2026,
  country: "VN",
  method: "flat-v1",
  at,
});
