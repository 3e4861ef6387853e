import { revokedGrams } from "@evx/credits";
import type { Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { assert, type Id, Refusal } from "@evx/kernel";
import { payFromBalance, refundPayment, standingOfPayment } from "@evx/payments";
import { letGo } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import { changeOrderStatus, leavePending, lockOrder, orderRow, settleOrder } from "./queries/orders.ts";
import { changeSweep, lineRows, lockSweep, type SweepRow, sweepRow } from "./queries/sweeps.ts";
import { endRevokedLine, endRevokedOrder } from "./revoked.ts";
import { endSweep } from "./sweeps.ts";
import { followCredits } from "./taken-back.ts";

export type Captured = {
  orderId: Id<"order">;
  paymentId: Id<"payment">;
  amountMinor: string;
  currency: string;
};

/**
 * Money for an order has arrived. `paid`: it goes on to be settled, unless its payment is disputed meanwhile. `late`:
 * the order was given up before, so the money goes back to the buyer, where it is still here. Runs any number of
 * times; of a capture and an expiry exactly one wins.
 */
export const takePayment = async (
  tx: Tx,
  ports: WonOrderPorts,
  captured: Captured,
): Promise<"paid" | "late"> => {
  const { orderId, paymentId } = captured;
  const sweep = await lockSweep(tx, orderId);
  if (sweep) return takeSweepPayment(tx, sweep, captured);
  const order = await orderRow(tx, orderId);
  const fits =
    order?.payment_id === paymentId &&
    order.total_minor === BigInt(captured.amountMinor) &&
    order.currency === captured.currency;
  if (fits && order.status === "pending_payment" && (await revokedGrams(tx, order.listing_id)) > 0n) {
    // Its credits are of a revoked batch: the seller is not paid for them, and the money goes back.
    await endRevokedOrder(tx, ports, orderId);
  } else if (fits) {
    await leavePending(tx, orderId, "paid");
    await followPayment(tx, ports, orderId);
    const status = (await orderRow(tx, orderId))?.status;
    if (status === "paid" || status === "disputed" || status === "completed") return "paid";
  }
  if ((await standingOfPayment(tx, paymentId)) === "captured")
    await refundPayment(tx, { paymentId, reason: "order_expired" });
  return "late";
};

/** The same for an order over many listings: lines whose credits were revoked meanwhile are made up for first. */
const takeSweepPayment = async (tx: Tx, sweep: SweepRow, captured: Captured): Promise<"paid" | "late"> => {
  const fits =
    sweep.payment_id === captured.paymentId &&
    sweep.total_minor === BigInt(captured.amountMinor) &&
    sweep.currency === captured.currency;
  if (fits) {
    if (sweep.status === "pending_payment") {
      for (const line of await lineRows(tx, [sweep.id]))
        if (line.status === "pending_payment" && (await revokedGrams(tx, line.listing_id)) > 0n)
          await endRevokedLine(tx, sweep, line.id);
      await changeSweep(tx, sweep.id, "pending_payment", "paid");
    }
    await followSweep(tx, sweep.id);
    const status = (await sweepRow(tx, sweep.id))?.status;
    if (status === "paid" || status === "disputed" || status === "completed") return "paid";
  }
  if ((await standingOfPayment(tx, captured.paymentId)) === "captured")
    await refundPayment(tx, { paymentId: captured.paymentId, reason: "order_expired" });
  return "late";
};

/** Brings an order over many listings, and its lines, to where its payment's money stands. */
const followSweep = async (tx: Tx, id: Id<"order">): Promise<void> => {
  const sweep = await lockSweep(tx, id);
  if (!sweep) return;
  if (sweep.status === "completed") return followCredits(tx, id, await lineRows(tx, [id]));
  const standing = await standingOfPayment(tx, sweep.payment_id);
  if (standing === "captured") await changeSweep(tx, id, "disputed", "paid");
  if (standing === "disputed") await changeSweep(tx, id, "paid", "disputed");
  if (standing !== "refunded" && standing !== "charged_back") return;
  const { status } = sweep;
  if (status !== "pending_payment" && status !== "paid" && status !== "disputed") return;
  await endSweep(tx, id, status, standing === "refunded" ? "refunded" : "cancelled");
};

/**
 * Brings an order to where its payment's money stands, in whatever order the news of it came. A dispute makes it wait;
 * money that went back, or that the card's bank took, ends it and frees its grams. What was settled stays settled: its
 * credits follow the money where they still can.
 */
export const followPayment = async (tx: Tx, ports: WonOrderPorts, orderId: Id<"order">): Promise<void> => {
  const order = await lockOrder(tx, orderId);
  if (!order) return followSweep(tx, orderId);
  if (order.status === "completed") return followCredits(tx, orderId, [order]);
  const standing = await standingOfPayment(tx, order.payment_id);
  // The row is locked: what it is not, it does not become meanwhile.
  if (standing === "captured" && order.status === "disputed")
    await changeOrderStatus(tx, orderId, "disputed", "paid");
  if (standing === "disputed" && order.status === "paid")
    await changeOrderStatus(tx, orderId, "paid", "disputed");
  if (standing !== "refunded" && standing !== "charged_back") return;
  const { status } = order;
  if (status !== "pending_payment" && status !== "paid" && status !== "disputed") return;
  const end = standing === "refunded" ? "refunded" : "cancelled";
  const ended = await changeOrderStatus(tx, orderId, status, end);
  if (ended) await letGo(tx, ports, ended);
};

/**
 * Pays an order that was just placed out of what its buyer has set aside, and settles it: all of it in the caller's
 * transaction, so that a kill at any moment leaves the money where it was, or the sale done.
 */
export const settleFromBalance = async (
  tx: Tx,
  order: { id: Id<"order">; payment_id: Id<"payment"> },
  holdId: string,
): Promise<void> => {
  await payFromBalance(tx, { paymentId: order.payment_id, holdId });
  const left =
    (await leavePending(tx, order.id, "paid")) ??
    (await changeSweep(tx, order.id, "pending_payment", "paid"));
  assert(left, `${order.id} waits for its money`);
  const settled = await settleOrder(tx, { orderId: order.id, at: tx.at, cause: tx.cause });
  assert(settled, `${order.id} is settled with its payment`);
};

/** Settles an order that may be paid. One whose money is withheld follows its payment instead. */
export const settlePaid = async (
  job: Pick<JobContext, "db" | "clock" | "log" | "requestId" | "transact">,
  ports: WonOrderPorts,
  orderId: Id<"order">,
): Promise<boolean> => {
  try {
    return await settleOrder(job.db, { orderId, at: job.clock.now(), cause: job.requestId });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "order_money_withheld") throw error;
    job.log.warn({ orderId }, "an order's money is disputed or being refunded; it is not settled");
    await job.transact((tx) => followPayment(tx, ports, orderId));
    return false;
  }
};
