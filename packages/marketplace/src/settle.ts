import { batchesByIds } from "@evx/credits";
import { creditsSold } from "@evx/credits/events";
import type { Tx } from "@evx/db";
import { saying } from "@evx/jobs";
import { type Id, type Minor, namedId, splitByWeights } from "@evx/kernel";
import {
  cash,
  cvaPool,
  escrow,
  type Leg,
  listingAccount,
  movesOf,
  platformFee,
  post,
  wallet,
} from "@evx/ledger";
import { refundPayment } from "@evx/payments";
import { refuse } from "./errors.ts";
import { orderCompleted } from "./events.ts";
import { letGo, orderFacts } from "./orders.ts";
import {
  changeOrderStatus,
  leavePending,
  type OrderRow,
  type OrderWithLot,
  orderRow,
} from "./queries/orders.ts";
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

/** Who gets what: the money leaves escrow in three parts that sum to it, the grams leave the listing. */
export const legsOf = (order: OrderRow): Leg[] => {
  const currency = currencyOf(order);
  const legs: Leg[] = [
    { account: escrow(currency, order.id), amount: -order.total_minor },
    { account: cash(currency, order.seller_id), amount: order.net_minor },
    { account: platformFee(currency, order.transfer_id), amount: order.platform_fee_minor },
    { account: cvaPool(currency, order.transfer_id), amount: order.cva_fee_minor },
    { account: listingAccount(order.listing_id), amount: -order.amount_g },
    { account: wallet(order.buyer_id), amount: order.amount_g },
  ];
  return legs.filter(({ amount }) => amount !== 0n);
};

/**
 * Hands over a paid order in one posting: credits to the buyer, money to the seller less the fees. `order` may be
 * older than the transaction, since nothing that is used of it ever changes; its state is checked again by the write.
 * Answers false when the order was not waiting to be settled. Refuses `order_money_withheld` when its payment is
 * disputed or on its way back to the buyer.
 */
export const settleOrder = async (tx: Tx, order: OrderWithLot): Promise<boolean> => {
  const { transfer_id: transferId, buyer_id: buyerId, seller_id: sellerId } = order;
  const at = tx.at.toISOString();
  const { orders, payments } = await callSettle(
    tx,
    order,
    { id: transferId, kind: "sale", legs: legsOf(order), memo: { orderId: order.id }, releases: [order.id] },
    [
      saying(creditsSold, {
        transferId,
        orderId: order.id,
        sellerId,
        buyerId,
        grams: String(order.amount_g),
        at,
      }),
      saying(orderCompleted, {
        ...orderFacts(order),
        paymentId: order.payment_id,
        transferId,
        platformFeeMinor: String(order.platform_fee_minor),
        cvaFeeMinor: String(order.cva_fee_minor),
        netMinor: String(order.net_minor),
        vintage: order.vintage_year,
        country: order.country_code,
        method: order.method_code,
        at,
      }),
    ],
  );
  if (orders !== payments) throw refuse("order_money_withheld", { orderId: order.id });
  return orders === 1;
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
