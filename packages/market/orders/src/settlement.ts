import { batchesByIds } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { type Id, type Minor, namedId, Refusal, splitByWeights } from "@evx/kernel";
import { cash, cvaPool, movesOf, post } from "@evx/ledger";
import { refundPayment } from "@evx/payments";
import { refuse } from "./errors.ts";
import { letGo } from "./orders.ts";
import { changeOrderStatus, leavePending, orderRow } from "./queries/orders.ts";
import { callSettle } from "./queries/settle.ts";
import { currencyOf } from "./views.ts";

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

/**
 * Hands over a paid order in one posting: credits to the buyer, money to the seller less the fees, as agreed when it
 * was placed. Takes a Db, because it is one statement and so a transaction of its own: the accounts that all sales
 * share are locked for no round trip at all. Answers false when the order was not waiting to be settled. Refuses
 * `order_money_withheld` when its payment is disputed or on its way back to the buyer.
 */
export const settleOrder = (
  db: Db,
  settlement: { orderId: Id<"order">; at: Date; cause: string },
): Promise<boolean> => callSettle(db, settlement);

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
  orderId: Id<"order">,
  outcome: "open" | "won" | "lost",
): Promise<void> => {
  if (outcome === "open") await changeOrderStatus(tx, orderId, "paid", "disputed");
  if (outcome !== "lost") return;
  const order = await changeOrderStatus(tx, orderId, "disputed", "cancelled");
  if (order) await letGo(tx, order);
};

/**
 * Pays the CVA fee of a completed order from the pool to those who verified the grams, by the grams of each.
 * Runs any number of times: the transfer's name follows from the sale's.
 */
export const shareCvaFee = async (
  tx: Tx,
  sale: { orderId: Id<"order">; transferId: Id<"transfer"> },
): Promise<void> => {
  const order = await orderRow(tx, sale.orderId);
  if (!order || order.transfer_id !== sale.transferId) throw refuse("order_not_found");
  if (order.cva_fee_minor === 0n) return;
  const currency = currencyOf(order);
  const shares = await cvaShares(tx, order.transfer_id, order.cva_fee_minor);
  await post(tx, {
    id: await namedId("transfer", `cva_fee:${order.transfer_id}`),
    kind: "cva_fee",
    legs: [
      { account: cvaPool(currency, order.transfer_id), amount: -order.cva_fee_minor },
      ...shares.map(({ cvaId, amount }) => ({ account: cash(currency, cvaId), amount })),
    ],
    memo: { orderId: order.id },
  });
};

/** A fee split by the grams that each CVA had verified; the parts sum to it exactly. */
const cvaShares = async (
  tx: Tx,
  transferId: Id<"transfer">,
  fee: Minor,
): Promise<{ cvaId: Id<"user">; amount: Minor }[]> => {
  const moves = await movesOf(tx, transferId);
  const batches = await batchesByIds(tx, [...new Set(moves.map((move) => move.batchId))]);
  const grams = new Map<Id<"user">, bigint>();
  for (const { batchId, first_g, last_g } of moves) {
    const batch = batches.get(batchId);
    if (!batch) throw new Error(`Batch ${batchId} was sold and is unknown`);
    grams.set(batch.cvaId, (grams.get(batch.cvaId) ?? 0n) + last_g - first_g + 1n);
  }
  const amounts = splitByWeights(fee, [...grams.values()]);
  return [...grams.keys()]
    .map((cvaId, place) => ({ cvaId, amount: amounts[place] ?? 0n }))
    .filter(({ amount }) => amount > 0n);
};
