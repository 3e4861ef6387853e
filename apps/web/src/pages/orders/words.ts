import type { Tone } from "@evx/ui";
import type { Answer, api } from "../../lib/api.ts";

export type Order = Answer<typeof api.marketplace.orders.mine>["items"][number];
export type MyBid = Answer<typeof api.marketplace.bids.mine>["items"][number];

export const orderTones: Record<Order["status"], Tone> = {
  pending_payment: "warning",
  paid: "info",
  completed: "positive",
  cancelled: "neutral",
  expired: "neutral",
  refunded: "neutral",
  disputed: "negative",
};

export const bidTones: Record<MyBid["status"], Tone> = {
  leading: "positive",
  outbid: "warning",
  won: "positive",
  lost: "neutral",
};
