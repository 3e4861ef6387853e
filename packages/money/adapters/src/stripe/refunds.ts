import type Stripe from "stripe";
import type { RefundOrder, RefundState } from "../gateway.ts";
import { asked, isFault, wireAmount } from "./calls.ts";

const refundState = (refund: Stripe.Refund): RefundState => ({
  ref: refund.id,
  status:
    refund.status === "succeeded"
      ? "succeeded"
      : refund.status === "failed" || refund.status === "canceled"
        ? "failed"
        : "pending",
  failure: refund.failure_reason ?? null,
});

/** Gives a charge back, in part or whole; asked for again under its key it is still one refund. */
export const refund = async (stripe: Stripe, order: RefundOrder): Promise<RefundState> => {
  try {
    const refund = await asked(() =>
      stripe.refunds.create(
        {
          payment_intent: order.chargeRef,
          amount: wireAmount(order.amount),
          reason: "requested_by_customer",
          metadata: { refund_id: order.key },
        },
        { idempotencyKey: order.key },
      ),
    );
    return refundState(refund);
  } catch (error) {
    if (!isFault(error, "charge_already_refunded")) throw error;
    // Stripe forgets keys after a day; a refund of ours that it knows under its metadata was this one.
    const known = await asked(() => stripe.refunds.list({ payment_intent: order.chargeRef, limit: 100 }));
    const mine = known.data.find((refund) => refund.metadata?.refund_id === order.key);
    if (!mine) throw error;
    return refundState(mine);
  }
};

/** How a refund stands. */
export const retrieveRefund = async (stripe: Stripe, ref: string): Promise<RefundState> => {
  return refundState(await asked(() => stripe.refunds.retrieve(ref)));
};
