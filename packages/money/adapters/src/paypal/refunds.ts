import * as v from "valibot";
import type { RefundOrder, RefundState } from "../gateway.ts";
import { money, type PaypalClient } from "./calls.ts";

const Refund = v.object({
  id: v.string(),
  status: v.string(),
  status_details: v.optional(v.object({ reason: v.optional(v.string()) })),
});

const stateOf = (refund: v.InferOutput<typeof Refund>): RefundState => {
  const ref = refund.id;
  const failure = refund.status_details?.reason?.toLowerCase() ?? null;
  if (refund.status === "COMPLETED") return { ref, status: "succeeded", failure: null };
  if (refund.status === "FAILED" || refund.status === "CANCELLED")
    return { ref, status: "failed", failure: failure ?? refund.status.toLowerCase() };
  return { ref, status: "pending", failure: null };
};

/** Gives a capture back, in part or whole. */
export const refund = async (client: PaypalClient, order: RefundOrder): Promise<RefundState> => {
  const path = `/v2/payments/captures/${encodeURIComponent(order.chargeRef)}/refund`;
  const body = {
    amount: money(order.amount, order.currency),
    custom_id: order.key,
    invoice_id: order.key,
  };
  return stateOf(await client.post(path, order.key, body, Refund));
};

export const retrieveRefund = async (client: PaypalClient, ref: string): Promise<RefundState> =>
  stateOf(await client.get(`/v2/payments/refunds/${encodeURIComponent(ref)}`, Refund));
