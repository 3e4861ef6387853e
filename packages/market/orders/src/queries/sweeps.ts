import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";
import type { OrderStatus } from "../schema.ts";
import type { OrderRow } from "./orders.ts";

export type SweepRow = Selectable<Database["marketplace.sweep"]>;

export const insertSweep = async (
  tx: Tx,
  row: Insertable<Database["marketplace.sweep"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.sweep")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const insertLines = async (
  tx: Tx,
  rows: readonly Insertable<Database["marketplace.order"]>[],
): Promise<void> => {
  await tx.insertInto("marketplace.order").values(rows).execute();
};

export const sweepRow = (db: Db, id: Id<"order">): Promise<SweepRow | undefined> =>
  db.selectFrom("marketplace.sweep").selectAll().where("id", "=", id).executeTakeFirst();

export const lockSweep = (tx: Tx, id: Id<"order">): Promise<SweepRow | undefined> =>
  tx.selectFrom("marketplace.sweep").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

/** The lines of sweeps, in the order in which they were made. */
export const lineRows = (db: Db, sweepIds: readonly Id<"order">[]): Promise<OrderRow[]> =>
  sweepIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("marketplace.order")
        .selectAll()
        .where("sweep_id", "in", sweepIds)
        .orderBy("price_minor")
        .orderBy("id")
        .execute();

/**
 * Moves a sweep and those of its lines that were in the same status to another one. Undefined when the sweep was not in
 * the first. An `expired` one must be past its window.
 */
export const changeSweep = async (
  tx: Tx,
  id: Id<"order">,
  from: OrderStatus,
  to: OrderStatus,
): Promise<{ sweep: SweepRow; lines: OrderRow[] } | undefined> => {
  const ends = to === "cancelled" || to === "expired" || to === "refunded";
  const change = {
    status: to,
    ...(to === "paid" && from === "pending_payment" ? { paid_at: tx.at } : {}),
    ...(ends ? { ended_at: tx.at } : {}),
  };
  let query = tx.updateTable("marketplace.sweep").set(change).where("id", "=", id).where("status", "=", from);
  if (to === "expired") query = query.where("expires_at", "<=", tx.at);
  const sweep = await query.returningAll().executeTakeFirst();
  if (!sweep) return undefined;
  const lines = await tx
    .updateTable("marketplace.order")
    .set(change)
    .where("sweep_id", "=", id)
    .where("status", "=", from)
    .returningAll()
    .execute();
  return { sweep, lines };
};

/** A buyer's sweeps, newest first. */
export const sweepRowsOf = (
  db: Db,
  input: {
    buyerId: Id<"user"> | null;
    status: OrderStatus | undefined;
    after: MomentKey<"order"> | null;
    limit: number;
  },
): Promise<SweepRow[]> => {
  const { buyerId, status, after, limit } = input;
  let query = db
    .selectFrom("marketplace.sweep as s")
    .selectAll()
    .orderBy("s.created_at", "desc")
    .orderBy("s.id", "desc")
    .limit(limit);
  if (buyerId) query = query.where("s.buyer_id", "=", buyerId);
  if (status) query = query.where("s.status", "=", status);
  if (after)
    query = query.where((eb) => eb(eb.refTuple("s.created_at", "s.id"), "<", eb.tuple(after.at, after.id)));
  return query.execute();
};

/** Sweeps that should have ended or been settled by then, oldest first. */
export const lateSweepIds = async (
  db: Db,
  which: "overdue" | "unsettled",
  before: Date,
  limit: number,
): Promise<Id<"order">[]> => {
  const column = which === "overdue" ? "expires_at" : "paid_at";
  const rows = await db
    .selectFrom("marketplace.sweep")
    .select("id")
    .where("status", "=", which === "overdue" ? "pending_payment" : "paid")
    .where(column, "<=", before)
    .orderBy(column)
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};

/** Makes one buyer's orders take turns, so that what they have open is counted right. */
export const lockBuyer = async (tx: Tx, buyerId: Id<"user">): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`marketplace.buyer:${buyerId}`}, 0))`.execute(tx);
};

/** Moves the ends of all windows to pay that are open, by so long. Answers how many purchases: one over many listings is one. */
export const postponeUnpaid = async (tx: Tx, by_ms: number): Promise<number> => {
  const later = sql<Date>`expires_at + make_interval(secs => ${by_ms / 1_000})`;
  const single = await tx
    .updateTable("marketplace.order")
    .set({ expires_at: later })
    .where("status", "=", "pending_payment")
    .where("sweep_id", "is", null)
    .executeTakeFirst();
  const sweeps = await tx
    .updateTable("marketplace.sweep")
    .set({ expires_at: later })
    .where("status", "=", "pending_payment")
    .returning("id")
    .execute();
  if (sweeps.length > 0)
    await tx
      .updateTable("marketplace.order")
      .set({ expires_at: later })
      .where("status", "=", "pending_payment")
      .where(
        "sweep_id",
        "in",
        sweeps.map(({ id }) => id),
      )
      .execute();
  return Number(single.numUpdatedRows) + sweeps.length;
};
