import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";
import type { OrderStatus } from "../schema.ts";

type Named = {
  id: Id<"order">;
  listing_id: Id<"listing">;
  buyer_id: Id<"user">;
  seller_id: Id<"user">;
  payment_id: Id<"payment">;
  transfer_id: Id<"transfer">;
};

export type OrderRow = Omit<Selectable<Database["marketplace.order"]>, keyof Named> & Named;

/** With what the listing says of the credits. */
export type OrderWithLot = OrderRow & { vintage_year: number; country_code: string; method_code: string };

export const orders = (db: Db) =>
  db
    .selectFrom("marketplace.order as o")
    .innerJoin("marketplace.listing as l", "l.id", "o.listing_id")
    .selectAll("o")
    .select(["l.vintage_year", "l.country_code", "l.method_code"])
    .$narrowType<Named>();

export const orderRow = (db: Db, id: Id<"order">): Promise<OrderWithLot | undefined> =>
  orders(db).where("o.id", "=", id).executeTakeFirst();

/** False when an order of that id exists already. */
export const insertOrder = async (
  tx: Tx,
  row: Insertable<Database["marketplace.order"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.order")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const countOpenOrders = async (db: Db, buyerId: Id<"user">): Promise<number> => {
  const { count } = await db
    .selectFrom("marketplace.order")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("buyer_id", "=", buyerId)
    .where("status", "=", "pending_payment")
    .executeTakeFirstOrThrow();
  return Number(count);
};

/**
 * Ends the wait for payment: the one statement on which expiry, cancellation and a late capture race.
 * Undefined when the order had already left `pending_payment`.
 */
export const leavePending = (
  tx: Tx,
  id: Id<"order">,
  status: "paid" | "expired" | "cancelled",
): Promise<OrderRow | undefined> => {
  let query = tx
    .updateTable("marketplace.order")
    .set(status === "paid" ? { status, paid_at: tx.at } : { status, ended_at: tx.at })
    .where("id", "=", id)
    .where("status", "=", "pending_payment");
  if (status === "expired") query = query.where("expires_at", "<=", tx.at);
  return query.returningAll().$narrowType<Named>().executeTakeFirst();
};

/** Moves an order from one status to another; undefined when it was not in the first. */
export const changeOrderStatus = (
  tx: Tx,
  id: Id<"order">,
  from: OrderStatus,
  to: "paid" | "disputed" | "cancelled",
): Promise<OrderRow | undefined> =>
  tx
    .updateTable("marketplace.order")
    .set({ status: to, ...(to === "cancelled" ? { ended_at: tx.at } : {}) })
    .where("id", "=", id)
    .where("status", "=", from)
    .returningAll()
    .$narrowType<Named>()
    .executeTakeFirst();

/** Orders whose payment window has closed, oldest first. */
export const overdueOrderIds = async (db: Db, at: Date, limit: number): Promise<Id<"order">[]> => {
  const rows = await db
    .selectFrom("marketplace.order")
    .select("id")
    .where("status", "=", "pending_payment")
    .where("expires_at", "<=", at)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id as Id<"order">);
};

/** Paid orders that should have been settled by then. */
export const unsettledOrderIds = async (db: Db, before: Date, limit: number): Promise<Id<"order">[]> => {
  const rows = await db
    .selectFrom("marketplace.order")
    .select("id")
    .where("status", "=", "paid")
    .where("paid_at", "<", before)
    .orderBy("paid_at")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id as Id<"order">);
};

type After = readonly [Date, string] | null;

/** A page of orders, newest first; of one side of the trade it is read from that side's index. */
const newest = (db: Db, status: OrderStatus | undefined, after: After, limit: number) => {
  let query = orders(db).orderBy("o.created_at", "desc").orderBy("o.id", "desc").limit(limit);
  if (status) query = query.where("o.status", "=", status);
  if (after) {
    query = query.where((eb) => eb(eb.refTuple("o.created_at", "o.id"), "<", eb.tuple(after[0], after[1])));
  }
  return query;
};

/** Orders that somebody bought, sold or both; everybody's for null. */
export const orderRowsOf = (
  db: Db,
  userId: Id<"user"> | null,
  sides: "bought" | "sold" | "both",
  status: OrderStatus | undefined,
  after: After,
  limit: number,
): Promise<OrderWithLot[]> => {
  const page = newest(db, status, after, limit);
  if (userId === null) return page.execute();
  const bought = page.where("o.buyer_id", "=", userId);
  const sold = page.where("o.seller_id", "=", userId);
  if (sides === "bought") return bought.execute();
  if (sides === "sold") return sold.execute();
  return db
    .selectFrom(sql<OrderWithLot>`(${bought} union all ${sold})`.as("o"))
    .selectAll()
    .orderBy(sql`created_at`, "desc")
    .orderBy(sql`id`, "desc")
    .limit(limit)
    .execute();
};

/** The orders that an auction has led to: its winner's, then the second chances. */
export const auctionOrderRows = (db: Db, listingId: Id<"listing">): Promise<OrderRow[]> =>
  db
    .selectFrom("marketplace.order")
    .selectAll()
    .$narrowType<Named>()
    .where("listing_id", "=", listingId)
    .where("kind", "in", ["auction_win", "second_chance"])
    .orderBy("created_at")
    .execute();

/** Grams that buyers have reserved and not yet paid for: present demand. */
export const demandRow = (db: Db) =>
  db
    .selectFrom("marketplace.order")
    .where("status", "=", "pending_payment")
    .select((eb) => [eb.fn.sum<string | null>("amount_g").as("grams"), sql<bigint>`count(*)`.as("orders")])
    .executeTakeFirstOrThrow();
