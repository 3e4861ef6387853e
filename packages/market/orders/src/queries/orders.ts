import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import { refusing } from "@evx/ledger";
import { listingFacts } from "@evx/listings";
import type { Insertable, Selectable } from "kysely";
import { refuse } from "../errors.ts";
import type { OrderStatus } from "../schema.ts";

export type OrderRow = Selectable<Database["marketplace.order"]>;

/** With what the listing says of the credits. */
export type OrderWithFacts = OrderRow & { vintage_year: number; country_code: string; method_code: string };

export const orders = (db: Db) =>
  db
    .selectFrom("marketplace.order as o")
    .innerJoin(listingFacts(db).as("l"), "l.listing_id", "o.listing_id")
    .selectAll("o")
    .select(["l.vintage_year", "l.country_code", "l.method_code"]);

export const orderRow = (db: Db, id: Id<"order">): Promise<OrderWithFacts | undefined> =>
  orders(db).where("o.id", "=", id).executeTakeFirst();

/** Orders by id, the oldest first. */
export const ordersByIds = async (db: Db, ids: readonly Id<"order">[]): Promise<OrderRow[]> =>
  ids.length === 0
    ? []
    : db
        .selectFrom("marketplace.order")
        .selectAll()
        .where("id", "in", ids)
        .orderBy("created_at")
        .orderBy("id")
        .execute();

/** Locks an order: whoever follows its payment takes turns here. */
export const lockOrder = (tx: Tx, id: Id<"order">): Promise<OrderWithFacts | undefined> =>
  orders(tx).where("o.id", "=", id).forUpdate("o").executeTakeFirst();

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

/** How many orders of a buyer wait for payment; one over many listings counts once. */
export const countOpenOrders = async (db: Db, buyerId: Id<"user">): Promise<number> => {
  const { count } = await db
    .selectFrom("marketplace.order")
    .select((eb) => eb.fn.count<bigint>(sql`distinct coalesce(sweep_id, id)`).as("count"))
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
  return query.returningAll().executeTakeFirst();
};

/** Moves an order from one status to another; undefined when it was not in the first. */
export const changeOrderStatus = (
  tx: Tx,
  id: Id<"order">,
  from: OrderStatus,
  to: "paid" | "disputed" | "cancelled" | "refunded",
): Promise<OrderRow | undefined> =>
  tx
    .updateTable("marketplace.order")
    .set({ status: to, ...(to === "cancelled" || to === "refunded" ? { ended_at: tx.at } : {}) })
    .where("id", "=", id)
    .where("status", "=", from)
    .returningAll()
    .executeTakeFirst();

/** The orders of a listing that wait for payment, newest first. */
export const waitingOrders = (
  db: Db,
  listingId: Id<"listing">,
): Promise<{ id: Id<"order">; amount_g: bigint }[]> =>
  db
    .selectFrom("marketplace.order")
    .select(["id", "amount_g"])
    .where("listing_id", "=", listingId)
    .where("status", "=", "pending_payment")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();

/** What the CVA fees of a sweep's completed lines sum to. */
export const sweepCvaFee = async (db: Db, sweepId: Id<"order">): Promise<bigint> => {
  const { fee } = await db
    .selectFrom("marketplace.order")
    .select(({ fn }) => fn.sum<string | null>("cva_fee_minor").as("fee"))
    .where("sweep_id", "=", sweepId)
    .where("status", "=", "completed")
    .executeTakeFirstOrThrow();
  return BigInt(fee ?? "0");
};

/** Orders whose payment window has closed, oldest first. */
export const overdueOrderIds = async (db: Db, at: Date, limit: number): Promise<Id<"order">[]> => {
  const rows = await db
    .selectFrom("marketplace.order")
    .select("id")
    .where("status", "=", "pending_payment")
    .where("sweep_id", "is", null)
    .where("expires_at", "<=", at)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};

/** Paid orders that should have been settled by then. */
export const unsettledOrderIds = async (db: Db, before: Date, limit: number): Promise<Id<"order">[]> => {
  const rows = await db
    .selectFrom("marketplace.order")
    .select("id")
    .where("status", "=", "paid")
    .where("sweep_id", "is", null)
    .where("paid_at", "<", before)
    .orderBy("paid_at")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};

/** A page of orders, newest first; of one side of the trade it is read from that side's index. */
const newest = (
  db: Db,
  {
    status,
    after,
    limit,
  }: { status: OrderStatus | undefined; after: MomentKey<"order"> | null; limit: number },
) => {
  let query = orders(db).orderBy("o.created_at", "desc").orderBy("o.id", "desc").limit(limit);
  if (status) query = query.where("o.status", "=", status);
  if (after) {
    query = query.where((eb) => eb(eb.refTuple("o.created_at", "o.id"), "<", eb.tuple(after.at, after.id)));
  }
  return query;
};

/** Orders that somebody bought, sold or both; everybody's for null. */
export const orderRowsOf = (
  db: Db,
  input: {
    userId: Id<"user"> | null;
    sides: "bought" | "sold" | "both";
    status: OrderStatus | undefined;
    after: MomentKey<"order"> | null;
    limit: number;
  },
): Promise<OrderWithFacts[]> => {
  const { userId, sides, limit } = input;
  const page = newest(db, input);
  if (userId === null) return page.where("o.sweep_id", "is", null).execute();
  // The lines of an order over many listings are its buyer's as one; to their sellers each is an order.
  const bought = page.where("o.buyer_id", "=", userId).where("o.sweep_id", "is", null);
  const sold = page.where("o.seller_id", "=", userId);
  if (sides === "bought") return bought.execute();
  if (sides === "sold") return sold.execute();
  return db
    .selectFrom(sql<OrderWithFacts>`(${bought} union all ${sold})`.as("o"))
    .selectAll()
    .orderBy(sql`created_at`, "desc")
    .orderBy(sql`id`, "desc")
    .limit(limit)
    .execute();
};

/** A completed order, as read models and sweeps take it. */
export type CompletedOrder = OrderWithFacts & { completed_at: Date };

/** Completed orders in the order in which they were placed: those since a moment, after the last one of a page. */
export const completedOrders = async (
  db: Db,
  { placedSince, after, limit }: { placedSince: Date; after: MomentKey<"order"> | null; limit: number },
): Promise<CompletedOrder[]> => {
  let query = orders(db)
    .where("o.status", "=", "completed")
    .where("o.created_at", ">=", placedSince)
    .orderBy("o.created_at")
    .orderBy("o.id")
    .limit(limit);
  if (after) {
    query = query.where((eb) => eb(eb.refTuple("o.created_at", "o.id"), ">", eb.tuple(after.at, after.id)));
  }
  return (await query.execute()).flatMap((row) =>
    row.ended_at === null ? [] : [{ ...row, completed_at: row.ended_at }],
  );
};

/** The orders that an auction has led to: its winner's, then the second chances. */
export const auctionOrderRows = (db: Db, listingId: Id<"listing">): Promise<OrderRow[]> =>
  db
    .selectFrom("marketplace.order")
    .selectAll()
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

/** The newest order that somebody won in each of these auctions. */
export const wonOrderIds = async (
  db: Db,
  buyerId: Id<"user">,
  listingIds: readonly Id<"listing">[],
): Promise<Map<Id<"listing">, Id<"order">>> => {
  if (listingIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("marketplace.order")
    .select(["listing_id", "id"])
    .where("listing_id", "in", listingIds)
    .where("buyer_id", "=", buyerId)
    .where("kind", "in", ["auction_win", "second_chance"])
    .orderBy("created_at")
    .execute();
  return new Map(rows.map(({ listing_id, id }) => [listing_id, id]));
};

/**
 * Hands over a paid order in one posting: credits to the buyer, money to the seller less the fees, as agreed when it
 * was placed. Takes a Db, because it is one statement (`marketplace.settle`, which emits `orderCompleted` and the
 * credits' `creditsSold`) and so a transaction of its own: the accounts that all sales share are locked for no round
 * trip at all. Answers false when the order was not waiting to be settled. Refuses `order_money_withheld` when its
 * payment is disputed or on its way back to the buyer.
 */
export const settleOrder = async (
  db: Db,
  { orderId, at, cause }: { orderId: Id<"order">; at: Date; cause: string },
): Promise<boolean> => {
  try {
    const call = sql<{ settled: boolean }>`select marketplace.settle(${orderId}, ${at}, ${cause}) as settled`;
    const { rows } = await refusing(call.execute(db));
    return rows[0]?.settled === true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MKT01")) throw error;
    throw refuse("order_money_withheld", { orderId }, { cause: error });
  }
};

/** A buyer's orders that wait to be paid. */
export const pendingOrderIds = async (db: Db, buyerId: Id<"user">): Promise<Id<"order">[]> => {
  const rows = await db
    .selectFrom("marketplace.order")
    .select("id")
    .where("buyer_id", "=", buyerId)
    .where("status", "=", "pending_payment")
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
};

/** How many orders wait for their money, counted no further than `most`. */
export const unpaidOrders = async (db: Db, most: number): Promise<number> => {
  const { count } = await db
    .selectFrom(
      db
        .selectFrom("marketplace.order")
        .select("id")
        .where("status", "=", "pending_payment")
        .limit(most)
        .as("waiting"),
    )
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
};
