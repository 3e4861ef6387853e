import { registeredRows } from "@evx/accounts";
import { audit } from "@evx/audit";
import { retirementCertificateRows } from "@evx/certificates";
import { issuedBatchRows } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { completedOrderRows } from "@evx/orders";
import type { Actor } from "@evx/rpc";
import { monthOf } from "./policy.ts";
import { addPlatform, countedDisputes, emptySums, markCounted } from "./queries/reports.ts";
import { addForBoth, addSale } from "./sums.ts";

type Read<Row> = (db: Db, after: string, limit: number) => Promise<Row[]>;

const portion = 2_000;

/** Adds up all rows of one kind, in portions, and notes their events as counted. Answers how many there are. */
const addAll = async <Row extends { id: string }>(
  tx: Tx,
  read: Read<Row>,
  source: (row: Row) => string,
  add: (row: Row) => Promise<void>,
): Promise<number> => {
  let count = 0;
  for (let after = ""; ; ) {
    const rows = await read(tx, after, portion);
    for (const row of rows) await add(row);
    await markCounted(tx, rows.map(source));
    count += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < portion) return count;
    after = last.id;
  }
};

export type Rebuilt = {
  users: number;
  batches: number;
  sales: number;
  retirements: number;
  disputes: number;
};

/**
 * Builds the sums again from the rows that the truth is in: people, batches, completed orders, certificates of
 * retirement. Disputes are counted from the note of when each was opened. One transaction: readers see the old sums until
 * it commits, and events wait to be counted.
 */
export const rebuildReports = async (tx: Tx, operator: Actor | null): Promise<Rebuilt> => {
  await emptySums(tx);
  const disputes = await countedDisputes(tx);
  for (const { at } of disputes) await addPlatform(tx, monthOf(at), { disputes: 1n });
  const users = await addAll(
    tx,
    registeredRows,
    ({ id }) => `user:${id}`,
    ({ created_at }) => addPlatform(tx, monthOf(created_at), { users: 1n }),
  );
  const batches = await addAll(
    tx,
    issuedBatchRows,
    ({ request_id }) => `issued:${request_id}`,
    ({ owner_id, issued_at, grams_g }) => addForBoth(tx, owner_id, monthOf(issued_at), { issued_g: grams_g }),
  );
  const sales = await addAll(
    tx,
    completedOrderRows,
    ({ id }) => `order:${id}`,
    (order) =>
      addSale(tx, {
        sellerId: order.seller_id,
        buyerId: order.buyer_id,
        month: monthOf(order.ended_at ?? tx.at),
        grams: order.amount_g,
        gross_minor: order.total_minor,
        platform_fee_minor: order.platform_fee_minor,
        cva_fee_minor: order.cva_fee_minor,
        net_minor: order.net_minor,
      }),
  );
  const retirements = await addAll(
    tx,
    retirementCertificateRows,
    ({ id }) => `retired:${id}`,
    ({ holder_id, issued_at, credits_g }) =>
      addForBoth(tx, holder_id, monthOf(issued_at), { retired_g: credits_g }),
  );
  const rebuilt = { users, batches, sales, retirements, disputes: disputes.length };
  await audit(tx, operator, "reports.rebuild", "reports", { after: rebuilt });
  return rebuilt;
};
