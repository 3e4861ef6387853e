import { accountGroups, displayNames } from "@evx/accounts";
import { markKinds } from "@evx/accounts/schema";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { afterMoment, type Id, momentKey, type PageInput, pageFrom, textFromMinor } from "@evx/kernel";
import { currencyOf } from "@evx/listings";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { selfDealingCleared, selfDealingFound } from "./events.ts";
import { completedOrders, type OrderRow, orderRow } from "./queries/orders.ts";
import {
  clearRow,
  insertSelfDealing,
  selfDealingRow,
  selfDealingRows,
  selfDealtIds,
} from "./queries/self-dealing.ts";

type Sale = Pick<OrderRow, "id" | "buyer_id" | "seller_id">;

/**
 * Notes which of these sales one person made with themselves: buyer and seller share a bank account, an identity document,
 * a browser or a means of payment. They stand; prices leave them out, and operators see them. Answers how many are new.
 */
const noteAmong = async (tx: Tx, sales: readonly Sale[]): Promise<number> => {
  const groups = await accountGroups(tx, [...new Set(sales.flatMap((one) => [one.buyer_id, one.seller_id]))]);
  let found = 0;
  for (const { id, buyer_id, seller_id } of sales) {
    const group = groups.get(buyer_id);
    if (!group?.members.has(seller_id)) continue;
    const marks = markKinds.filter((mark) => group.marks.has(mark));
    if (!(await insertSelfDealing(tx, { order_id: id, buyer_id, seller_id, marks, found_at: tx.at })))
      continue;
    found++;
    const at = tx.at.toISOString();
    await emit(tx, selfDealingFound, { orderId: id, buyerId: buyer_id, sellerId: seller_id, marks, at });
  }
  return found;
};

/** Looks at one sale as soon as it has completed. */
export const noteSelfDealing = async (tx: Tx, orderId: Id<"order">): Promise<void> => {
  const order = await orderRow(tx, orderId);
  if (order?.status === "completed") await noteAmong(tx, [order]);
};

/** So many sales are looked at in one transaction. */
const PAGE = 500;

/**
 * Looks again at the sales of orders placed since a moment: that two accounts share a bank account is often learnt when
 * the seller withdraws. Answers how many were found.
 */
export const noteLateSelfDealing = async (
  job: { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  placedSince: Date,
): Promise<number> => {
  let found = 0;
  for (let after: { at: Date; id: Id<"order"> } | null = null; ; ) {
    const sales = await completedOrders(job.db, { placedSince, after, limit: PAGE });
    found += await job.transact((tx) => noteAmong(tx, sales));
    const last = sales.at(-1);
    if (!last || sales.length < PAGE) return found;
    after = { at: last.created_at, id: last.id };
  }
};

/**
 * An operator says that a noted sale was between two people after all: it counts in prices again. Saying it twice
 * changes nothing. Refuses `self_dealing_not_found`.
 */
export const clearSelfDealing = async (
  tx: Tx,
  operator: Pick<Actor, "id">,
  { orderId, note }: { orderId: Id<"order">; note: string },
): Promise<void> => {
  if (!(await selfDealingRow(tx, orderId))) throw refuse("self_dealing_not_found");
  if (!(await clearRow(tx, orderId, { by: operator.id, note }))) return;
  await audit(tx, operator, "self_dealing.clear", orderId, { after: { note } });
  await emit(tx, selfDealingCleared, { orderId, at: tx.at.toISOString() });
};

/** Noted sales for operators, the newest first, with who the two sides are. */
export const selfDealings = async (db: Db, { limit, cursor }: PageInput) => {
  const rows = await selfDealingRows(db, { after: afterMoment("order", cursor), limit: limit + 1 });
  const names = await displayNames(db, [...new Set(rows.flatMap((row) => [row.buyer_id, row.seller_id]))]);
  return pageFrom(
    rows,
    limit,
    (row) => ({
      orderId: row.order_id,
      buyer: { id: row.buyer_id, name: names.get(row.buyer_id) ?? "" },
      seller: { id: row.seller_id, name: names.get(row.seller_id) ?? "" },
      marks: markKinds.filter((mark) => row.marks.includes(mark)),
      creditsAmount: row.amount_g,
      pricePerCredit: textFromMinor(row.price_minor, currencyOf(row)),
      totalPrice: textFromMinor(row.total_minor, currencyOf(row)),
      currency: row.currency,
      foundAt: row.found_at,
      clearedAt: row.cleared_at,
      note: row.note,
    }),
    (row) => momentKey(row.found_at, row.order_id),
  );
};

export { selfDealtIds };
