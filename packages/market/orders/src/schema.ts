import { creditsIn, creditsOut, idOf, idOut, momentOut, moneyText, pageEntries, pageOf } from "@evx/kernel";
import { optionalParam } from "@evx/listings/schema";
import * as v from "valibot";

export const orderStatuses = [
  "pending_payment",
  "paid",
  "completed",
  "cancelled",
  "expired",
  "refunded",
  "disputed",
] as const;
export const orderKinds = ["purchase", "auction_win", "second_chance"] as const;

export type OrderStatus = (typeof orderStatuses)[number];
export type OrderKind = (typeof orderKinds)[number];

export const PlaceOrder = v.object({
  /** The client may name the order; a retry under the same id buys nothing twice. */
  id: v.optional(idOf("order")),
  listingId: idOf("listing"),
  /** All that remains when left out. */
  creditsAmount: v.optional(creditsIn),
});

export const Order = v.object({
  id: idOut("order"),
  kind: v.picklist(orderKinds),
  listingId: idOut("listing"),
  buyerId: idOut("user"),
  sellerId: idOut("user"),
  paymentId: idOut("payment"),
  creditsAmount: creditsOut,
  pricePerCredit: v.string(),
  totalPrice: v.string(),
  platformFee: v.string(),
  cvaFee: v.string(),
  netToSeller: v.string(),
  currency: v.string(),
  status: v.picklist(orderStatuses),
  vintage: v.number(),
  country: v.string(),
  createdAt: momentOut,
  expiresAt: momentOut,
  paidAt: v.nullable(momentOut),
  endedAt: v.nullable(momentOut),
});

export const OrderAnswer = v.object({ order: Order });
export const OrderById = v.object({ id: idOf("order") });
export const OrdersOf = v.object({ ...pageEntries, userId: idOf("user") });
export const MyOrders = v.object({
  ...pageEntries,
  status: optionalParam(v.picklist(orderStatuses)),
});
export const OrderPage = pageOf(Order);

/** An order with the server's clock, for its countdown. */
export const OrderDetail = v.object({ order: Order, now: momentOut });

export const NetInHand = v.object({ creditsAmount: creditsIn, pricePerCredit: moneyText });

/** "You receive $X on DATE": what a sale of that size leaves the seller, and what it costs. */
export const NetInHandAnswer = v.object({
  total: v.string(),
  platformFee: v.string(),
  cvaFee: v.string(),
  net: v.string(),
  currency: v.string(),
  platformFeePercent: v.number(),
  cvaFeePercent: v.number(),
  /** When the money of a sale made now can be withdrawn. */
  payoutDate: momentOut,
});

export type OrderView = v.InferOutput<typeof Order>;
