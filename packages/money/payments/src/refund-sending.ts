import { GatewayFault } from "@evx/adapters";
import { assert, type Id } from "@evx/kernel";
import { currencyOf } from "./payments.ts";
import { gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
import { attemptRows, paymentRow } from "./queries/payments.ts";
import { changeRefund, refundRow, refundsOfAttempt } from "./queries/refunds.ts";
import { applyRefund } from "./refund-endings.ts";
import { sumOf } from "./refunds.ts";

/**
 * Sends a refund to its gateway under its own id, or asks how it stands once it was sent.
 * Answers false when there is no such refund. Throws a `GatewayFault` when it is to be tried again.
 */
export const advanceRefund = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  refundId: Id<"refund">,
): Promise<boolean> => {
  const refund = await refundRow(ctx.db, refundId);
  if (!refund) return false;
  const attempts = await attemptRows(ctx.db, refund.payment_id);
  const attempt = attempts.find((row) => row.number === refund.attempt);
  assert(attempt?.charge_ref, `${refundId} is about a page that was paid`);
  const payment = await paymentRow(ctx.db, refund.payment_id);
  assert(payment, `${refundId} is of a payment`);
  if (attempt.gateway === "balance") {
    // Nobody is asked: the venue owes it to the buyer again.
    await ctx.transact((tx) =>
      applyRefund(tx, refundId, { ref: refundId, status: "succeeded", failure: null }),
    );
    return true;
  }
  const gateway = gatewayOf(ports, attempt.gateway);
  // Where refunds cannot be told apart, what is said later is said of another one.
  const ended = refund.status === "succeeded" || refund.status === "failed";
  if (ended && gateway.oneRefundAtATime) return true;
  if (refund.ref) {
    const state = await gateway.retrieveRefund(refund.ref);
    await ctx.transact((tx) => applyRefund(tx, refundId, state));
    return true;
  }
  if (refund.status !== "requested") return true;
  const rows = await refundsOfAttempt(ctx.db, refund.payment_id, refund.attempt);
  const earlier = rows.slice(
    0,
    rows.findIndex(({ id }) => id === refundId),
  );
  const waits = earlier.some(({ status }) => status === "requested" || status === "sent");
  // Its turn comes when the one before it has ended; until then it is tried each minute.
  if (waits && gateway.oneRefundAtATime) {
    await ctx.transact((tx) => changeRefund(tx, refundId, {}));
    return true;
  }
  const order = {
    key: refund.id,
    chargeRef: attempt.charge_ref,
    amount: refund.charged_minor ?? refund.amount_minor,
    currency: currencyOf({
      currency: attempt.received_currency ?? attempt.charged_currency ?? payment.currency,
    }),
    charged: attempt.received_minor ?? attempt.charged_minor ?? payment.amount_minor,
    before: sumOf(earlier.filter(({ status }) => status !== "failed")),
    askedAt: refund.requested_at,
  };
  const state = await gateway.refund(order).catch((error: unknown) => {
    if (!(error instanceof GatewayFault && error.kind === "refused")) throw error;
    ctx.log.error({ error, refund: refundId }, "the gateway refused a refund; an operator must look");
    return { ref: "", status: "failed" as const, failure: error.code };
  });
  await ctx.transact((tx) => applyRefund(tx, refundId, state));
  return true;
};
