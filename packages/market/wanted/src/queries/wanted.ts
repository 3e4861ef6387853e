import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";
import type { Kind } from "../policy.ts";

export type WantedRow = Selectable<Database["marketplace.wanted"]>;
export type FillRow = Selectable<Database["marketplace.wanted_fill"]>;

/** Makes everything that matches buyers with sellers take turns, so that price and age alone decide. */
export const lockBook = async (tx: Tx, currency: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`marketplace.book:${currency}`}, 0))`.execute(tx);
};

/** False when a wanted order of that id exists already. */
export const insertWanted = async (
  tx: Tx,
  row: Insertable<Database["marketplace.wanted"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.wanted")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const wantedRow = (db: Db, id: Id<"wanted">): Promise<WantedRow | undefined> =>
  db.selectFrom("marketplace.wanted").selectAll().where("id", "=", id).executeTakeFirst();

export const lockWanted = (tx: Tx, id: Id<"wanted">): Promise<WantedRow | undefined> =>
  tx.selectFrom("marketplace.wanted").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

export const countOpen = async (db: Db, buyerId: Id<"user">): Promise<number> => {
  const { count } = await db
    .selectFrom("marketplace.wanted")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("buyer_id", "=", buyerId)
    .where("status", "=", "open")
    .executeTakeFirstOrThrow();
  return Number(count);
};

export const changeWanted = async (
  tx: Tx,
  id: Id<"wanted">,
  change: {
    status?: WantedRow["status"];
    remaining?: bigint;
    /** What is set aside for it in the book; null for nothing any more. */
    held?: { id: string; minor: bigint } | null;
  },
): Promise<void> => {
  const { status, remaining, held } = change;
  await tx
    .updateTable("marketplace.wanted")
    .set({
      ...(remaining === undefined ? {} : { remaining_g: remaining }),
      ...(held === undefined ? {} : { hold_id: held?.id ?? null, held_minor: held?.minor ?? 0n }),
      ...(status ? { status, ended_at: status === "open" ? null : tx.at } : {}),
    })
    .where("id", "=", id)
    .execute();
};

/** `suits` of policy.ts as a condition, so that no number of other wishes stands before the right one. */
const suiting = ({ mixed, vintage_year, country_code, method_code, tiers }: Kind) => {
  const tier = tiers.length === 1 ? tiers[0] : null;
  return mixed
    ? sql<boolean>`num_nonnulls(vintage_from, country_code, method_code, quality_tier) = 0`
    : sql<boolean>`(vintage_from is null or vintage_from <= ${vintage_year})
        and (country_code is null or country_code = ${country_code})
        and (method_code is null or method_code = ${method_code})
        and (quality_tier is null or quality_tier = ${tier})`;
};

/** Open wanted orders that would pay a price, the highest first, ties by age; those past their end are left out. */
export const bestRows = (
  db: Db,
  input: {
    currency: string;
    price_minor: bigint;
    buyerNot: Id<"user"> | null;
    /** Only those that such credits suit; null for all. */
    kind: Kind | null;
    at: Date;
    limit: number;
  },
): Promise<WantedRow[]> => {
  let query = db
    .selectFrom("marketplace.wanted")
    .selectAll()
    .where("status", "=", "open")
    .where("currency", "=", input.currency)
    .where("max_minor", ">=", input.price_minor)
    .where("expires_at", ">", input.at)
    .orderBy("max_minor", "desc")
    .orderBy("created_at")
    .orderBy("id")
    .limit(input.limit);
  if (input.buyerNot) query = query.where("buyer_id", "!=", input.buyerNot);
  if (input.kind) query = query.where(suiting(input.kind));
  return query.execute();
};

/** A buyer's wanted orders, newest first. */
export const wantedRowsOf = (
  db: Db,
  input: { buyerId: Id<"user">; after: MomentKey<"wanted"> | null; limit: number },
): Promise<WantedRow[]> => {
  const { buyerId, after, limit } = input;
  let query = db
    .selectFrom("marketplace.wanted")
    .selectAll()
    .where("buyer_id", "=", buyerId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (after)
    query = query.where((eb) => eb(eb.refTuple("created_at", "id"), "<", eb.tuple(after.at, after.id)));
  return query.execute();
};

/** Everybody's open wanted orders, the highest price first; after one of them. */
export const openRows = (
  db: Db,
  input: { currency: string; at: Date; after: readonly [bigint, Date, Id<"wanted">] | null; limit: number },
): Promise<WantedRow[]> => {
  const { currency, at, after, limit } = input;
  let query = db
    .selectFrom("marketplace.wanted")
    .selectAll()
    .where("status", "=", "open")
    .where("currency", "=", currency)
    .where("expires_at", ">", at)
    .orderBy("max_minor", "desc")
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit);
  if (after)
    query = query.where(
      sql<boolean>`(-max_minor, created_at, id) > (${-after[0]}, ${after[1]}, ${after[2]})`,
    );
  return query.execute();
};

/** What buyers would pay, by price, the highest first. */
export const bidDepth = (db: Db, input: { currency: string; at: Date; limit: number }) =>
  db
    .selectFrom("marketplace.wanted")
    .select((eb) => [
      "max_minor as price_minor",
      eb.fn.sum<string>("remaining_g").as("grams"),
      eb.fn.countAll<bigint>().as("count"),
    ])
    .where("status", "=", "open")
    .where("currency", "=", input.currency)
    .where("expires_at", ">", input.at)
    .groupBy("max_minor")
    .orderBy("max_minor", "desc")
    .limit(input.limit)
    .execute();

/** Wanted orders whose end has come. */
export const lapsedIds = async (db: Db, at: Date, limit: number): Promise<Id<"wanted">[]> => {
  const rows = await db
    .selectFrom("marketplace.wanted")
    .select("id")
    .where("status", "=", "open")
    .where("expires_at", "<=", at)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};

/** Wanted orders that ended, and for which something is still set aside. */
export const leftSetAsideIds = async (db: Db, limit: number): Promise<Id<"wanted">[]> => {
  const rows = await db
    .selectFrom("marketplace.wanted")
    .select("id")
    .where("hold_id", "is not", null)
    .where("status", "<>", "open")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};

/** A buyer's open wanted orders. */
export const openIdsOf = async (db: Db, buyerId: Id<"user">): Promise<Id<"wanted">[]> => {
  const rows = await db
    .selectFrom("marketplace.wanted")
    .select("id")
    .where("buyer_id", "=", buyerId)
    .where("status", "=", "open")
    .execute();
  return rows.map(({ id }) => id);
};

export const insertFill = async (
  tx: Tx,
  row: Insertable<Database["marketplace.wanted_fill"]>,
): Promise<void> => {
  await tx.insertInto("marketplace.wanted_fill").values(row).execute();
};

export const fillRow = (db: Db, orderId: Id<"order">): Promise<FillRow | undefined> =>
  db.selectFrom("marketplace.wanted_fill").selectAll().where("order_id", "=", orderId).executeTakeFirst();

/** Notes that an order's credits were not to be had; false when that was noted before. */
export const loseFill = async (tx: Tx, orderId: Id<"order">): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("marketplace.wanted_fill")
    .set({ lost_at: tx.at })
    .where("order_id", "=", orderId)
    .where("lost_at", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
};

/**
 * Notes that an order over many listings goes on without a line: the line is a fill of its own that was lost, and the
 * order's is so much smaller. False when that was noted before.
 */
export const loseLine = async (
  tx: Tx,
  fill: FillRow,
  line: { id: Id<"order">; amount_g: bigint },
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.wanted_fill")
    .values({
      order_id: line.id,
      wanted_id: fill.wanted_id,
      amount_g: line.amount_g,
      at: fill.at,
      lost_at: tx.at,
    })
    .onConflict((conflict) => conflict.column("order_id").doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) return false;
  await tx
    .updateTable("marketplace.wanted_fill")
    .set((eb) => ({ amount_g: eb("amount_g", "-", line.amount_g) }))
    .where("order_id", "=", fill.order_id)
    .execute();
  return true;
};

/** The orders of wanted orders, oldest first. */
export const fillRows = (db: Db, wantedIds: readonly Id<"wanted">[]): Promise<FillRow[]> =>
  wantedIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("marketplace.wanted_fill")
        .selectAll()
        .where("wanted_id", "in", wantedIds)
        .orderBy("at")
        .orderBy("order_id")
        .execute();

export type AutoSaleRow = Selectable<Database["marketplace.auto_sale"]>;

export const autoSaleRow = (db: Db, ownerId: Id<"user">): Promise<AutoSaleRow | undefined> =>
  db.selectFrom("marketplace.auto_sale").selectAll().where("owner_id", "=", ownerId).executeTakeFirst();

export const putAutoSale = async (
  tx: Tx,
  row: Insertable<Database["marketplace.auto_sale"]>,
): Promise<void> => {
  const { owner_id: _, ...rest } = row;
  await tx
    .insertInto("marketplace.auto_sale")
    .values(row)
    .onConflict((conflict) => conflict.column("owner_id").doUpdateSet(rest))
    .execute();
};

export const dropAutoSale = async (tx: Tx, ownerId: Id<"user">): Promise<void> => {
  await tx.deleteFrom("marketplace.auto_sale").where("owner_id", "=", ownerId).execute();
};

/** How many wanted orders stand, counted no further than `most`. */
export const standingWanted = async (db: Db, most: number): Promise<number> => {
  const { count } = await db
    .selectFrom(
      db
        .selectFrom("marketplace.wanted")
        .select("id")
        .where("status", "=", "open")
        .limit(most)
        .as("standing"),
    )
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
};
