import type { Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import { refundPayment } from "@evx/payments";
import { letGo } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import { changeOrderStatus, leavePending, orderRow, settleOrder } from "./queries/orders.ts";

export type Captured = {
  orderId: Id<"order">;
  paymentId: Id<"payment">;
  amountMinor: string;
  currency: string;
};

/**
 * Money for an order has arrived. `paid`: it goes on to be settled. `late`: the order was given up before, so the
 * money goes back to the buyer. Runs any number of times; of a capture and an expiry exactly one wins.
 */
export const takePayment = async (tx: Tx, captured: Captured): Promise<"paid" | "late"> => {
  const { orderId, paymentId } = captured;
  const order = await orderRow(tx, orderId);
  const fits =
    order?.payment_id === paymentId &&
    order.total_minor === BigInt(captured.amountMinor) &&
    order.currency === captured.currency;
  if (fits) {
    if (await leavePending(tx, orderId, "paid")) return "paid";
    const now = await orderRow(tx, orderId);
    if (now?.status === "disputed" && (await changeOrderStatus(tx, orderId, "disputed", "paid")))
      return "paid";
    if (now?.status === "paid" || now?.status === "completed") return "paid";
  }
  await refundPayment(tx, { paymentId, reason: "order_expired" });
  return "late";
};

/** Settles an order that may be paid. Money that is disputed or on its way back leaves the order as it is. */
export const settlePaid = async (
  job: Pick<JobContext, "db" | "clock" | "log" | "requestId">,
  orderId: Id<"order">,
): Promise<boolean> => {
  try {
    return await settleOrder(job.db, { orderId, at: job.clock.now(), cause: job.requestId });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "order_money_withheld") throw error;
    job.log.warn({ orderId }, "an order's money is disputed or being refunded; it is not settled");
    return false;
  }
};

/**
 * The bank disputes a payment. An order that is paid but not settled waits; when the dispute is lost, its grams are
 * free again. What was settled before stays settled: the venue bears that loss (payments).
 */
export const followDispute = async (
  tx: Tx,
  ports: WonOrderPorts,
  { orderId, outcome }: { orderId: Id<"order">; outcome: "open" | "won" | "lost" },
): Promise<void> => {
  if (outcome === "open") await changeOrderStatus(tx, orderId, "paid", "disputed");
  if (outcome !== "lost") return;
  const order = await changeOrderStatus(tx, orderId, "disputed", "cancelled");
  if (order) await letGo(tx, ports, order);
};
