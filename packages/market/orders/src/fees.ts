import { batchesByIds } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import {
  type Currency,
  day_ms,
  type Grams,
  type Id,
  type Minor,
  namedId,
  splitByWeights,
  textFromMinor,
} from "@evx/kernel";
import { cash, cvaPool, movesOf, post, transferById } from "@evx/ledger";
import { currencyOf, listingTotal, priceFrom } from "@evx/listings";
import { withdrawalLimits } from "@evx/payouts";
import { ruleAt } from "@evx/rules";
import { refuse } from "./errors.ts";
import { feesOf, saleFees } from "./policy.ts";
import { completedOrders, orderRow, sweepCvaFee } from "./queries/orders.ts";

/**
 * What the seller would receive if all of it were sold at that price now, by the fees in force, and when the money
 * could be withdrawn. `holdDays` is the venue's holding time unless an operator's rule says otherwise.
 */
export const netInHand = async (
  db: Db,
  input: { creditsAmount: Grams; pricePerCredit: string; currency: Currency; holdDays: number; now: Date },
) => {
  const { currency, now } = input;
  const { value: rule } = await ruleAt(db, saleFees, now);
  const { value: limits } = await ruleAt(db, withdrawalLimits, now);
  const price_minor = priceFrom(input.pricePerCredit, currency, "pricePerCredit");
  const total = listingTotal(input.creditsAmount, price_minor);
  const { platform, cva, net } = feesOf(total, rule);
  return {
    total: textFromMinor(total, currency),
    platformFee: textFromMinor(platform, currency),
    cvaFee: textFromMinor(cva, currency),
    net: textFromMinor(net, currency),
    currency,
    platformFeePercent: rule.platformFeeBps / 100,
    cvaFeePercent: rule.cvaFeeBps / 100,
    payoutDate: new Date(now.getTime() + (limits.holding_days ?? input.holdDays) * day_ms),
  };
};

/** The transfer that shares a sale's CVA fee: its name follows from the sale's, so it is posted once. */
const shareTransferId = (saleId: Id<"transfer">): Promise<Id<"transfer">> =>
  namedId("transfer", `cva_fee:${saleId}`);

/**
 * Pays the CVA fee of a completed order from the pool to those who verified the grams, by the grams of each.
 * Runs any number of times. Refuses `order_not_found`.
 */
export const shareCvaFee = async (
  tx: Tx,
  sale: { orderId: Id<"order">; transferId: Id<"transfer"> },
): Promise<void> => {
  const order = await orderRow(tx, sale.orderId);
  if (!order || order.transfer_id !== sale.transferId) throw refuse("order_not_found");
  // The lines of a sweep share one transfer, so one sharing pays for all of them, whichever is first.
  const fee = order.sweep_id ? await sweepCvaFee(tx, order.sweep_id) : order.cva_fee_minor;
  if (fee === 0n) return;
  const currency = currencyOf(order);
  const shares = await cvaShares(tx, order.transfer_id, fee);
  await post(tx, {
    id: await shareTransferId(order.transfer_id),
    kind: "cva_fee",
    legs: [
      { account: cvaPool(currency, order.transfer_id), amount: -fee },
      ...shares.map(({ cvaId, amount }) => ({ account: cash(currency, cvaId), amount })),
    ],
    memo: { orderId: order.sweep_id ?? order.id },
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

/** So many orders are read at once. */
const PAGE = 500;

/**
 * Shares the CVA fees of orders that were placed since a moment and whose `order_completed` was missed: the book has no
 * share of theirs. Answers how many. An order that completed within the last minute may still have its event before it.
 */
export const shareMissedCvaFees = async (
  job: { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  { placedSince, completedBefore }: { placedSince: Date; completedBefore: Date },
): Promise<number> => {
  let shared = 0;
  for (let after: { at: Date; id: Id<"order"> } | null = null; ; ) {
    const orders = await completedOrders(job.db, { placedSince, after, limit: PAGE });
    for (const { id, transfer_id, cva_fee_minor, completed_at } of orders) {
      if (cva_fee_minor === 0n || completed_at >= completedBefore) continue;
      if (await transferById(job.db, await shareTransferId(transfer_id))) continue;
      await job.transact((tx) => shareCvaFee(tx, { orderId: id, transferId: transfer_id }));
      shared++;
    }
    const last = orders.at(-1);
    if (!last || orders.length < PAGE) return shared;
    after = { at: last.created_at, id: last.id };
  }
};
