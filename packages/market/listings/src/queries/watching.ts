import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";
import { type ListingRow, listingRows } from "./listings.ts";

export type SavedSearchRow = Selectable<Database["marketplace.saved_search"]>;

/** Keeps an eye on a listing, or no longer. Any number of times. */
export const setWatch = async (
  tx: Tx,
  { userId, listingId, on }: { userId: Id<"user">; listingId: Id<"listing">; on: boolean },
): Promise<void> => {
  if (on)
    await tx
      .insertInto("marketplace.watch")
      .values({ user_id: userId, listing_id: listingId, at: tx.at, told_at: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  else
    await tx
      .deleteFrom("marketplace.watch")
      .where("user_id", "=", userId)
      .where("listing_id", "=", listingId)
      .execute();
};

export const isWatched = async (
  db: Db,
  { userId, listingId }: { userId: Id<"user">; listingId: Id<"listing"> },
): Promise<boolean> => {
  const row = await db
    .selectFrom("marketplace.watch")
    .select("at")
    .where("user_id", "=", userId)
    .where("listing_id", "=", listingId)
    .executeTakeFirst();
  return row !== undefined;
};

export const countWatches = async (db: Db, userId: Id<"user">): Promise<number> => {
  const { count } = await db
    .selectFrom("marketplace.watch")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** How many people keep an eye on a listing. */
export const countWatchers = async (db: Db, listingId: Id<"listing">): Promise<number> => {
  const { count } = await db
    .selectFrom("marketplace.watch")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("listing_id", "=", listingId)
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** The listings that somebody keeps an eye on, the last one first. */
export const watchedRows = async (
  db: Db,
  { userId, after, limit }: { userId: Id<"user">; after: MomentKey<"listing"> | null; limit: number },
): Promise<{ at: Date; listing: ListingRow }[]> => {
  let query = db
    .selectFrom("marketplace.watch")
    .select(["listing_id", "at"])
    .where("user_id", "=", userId)
    .orderBy("at", "desc")
    .orderBy("listing_id", "desc")
    .limit(limit);
  if (after)
    query = query.where((eb) => eb(eb.refTuple("at", "listing_id"), "<", eb.tuple(after.at, after.id)));
  const watches = await query.execute();
  const listings = new Map(
    (
      await listingRows(
        db,
        watches.map((watch) => watch.listing_id),
      )
    ).map((row) => [row.id, row]),
  );
  return watches.flatMap(({ listing_id, at }) => {
    const listing = listings.get(listing_id);
    return listing ? [{ at, listing }] : [];
  });
};

/** Who keeps an eye on a listing, but its seller. */
export const watchersOf = async (db: Db, listingId: Id<"listing">): Promise<Id<"user">[]> => {
  const rows = await db
    .selectFrom("marketplace.watch as w")
    .innerJoin("marketplace.listing as l", "l.id", "w.listing_id")
    .select("w.user_id")
    .where("w.listing_id", "=", listingId)
    .whereRef("w.user_id", "<>", "l.seller_id")
    .orderBy("w.user_id")
    .execute();
  return rows.map(({ user_id }) => user_id);
};

/** Watched listings that end soon and whose watchers were not told: marks them as told. */
export const takeEnding = async (
  tx: Tx,
  { before, limit }: { before: Date; limit: number },
): Promise<{ user_id: Id<"user">; listing_id: Id<"listing">; ends_at: Date }[]> => {
  const { rows } = await sql<{ user_id: Id<"user">; listing_id: Id<"listing">; ends_at: Date }>`
    with ending as (
      select w.user_id, w.listing_id, coalesce(l.ends_at, l.expires_at) as ends_at
      from marketplace.listing l join marketplace.watch w on w.listing_id = l.id
      where l.status = 'active' and w.told_at is null and l.seller_id <> w.user_id
        and (l.ends_at > ${tx.at} and l.ends_at <= ${before} or l.expires_at > ${tx.at} and l.expires_at <= ${before})
      order by 3 limit ${limit} for update of w skip locked
    )
    update marketplace.watch w set told_at = ${tx.at} from ending e
    where w.user_id = e.user_id and w.listing_id = e.listing_id
    returning w.user_id, w.listing_id, e.ends_at`.execute(tx);
  return rows;
};

/** False when a search of that id exists already. */
export const insertSearch = async (
  tx: Tx,
  row: Insertable<Database["marketplace.saved_search"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.saved_search")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const searchesOf = (db: Db, userId: Id<"user">): Promise<SavedSearchRow[]> =>
  db
    .selectFrom("marketplace.saved_search")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();

/** Deletes one's own; answers whether it was there. */
export const deleteSearch = async (
  tx: Tx,
  { userId, id }: { userId: Id<"user">; id: Id<"search"> },
): Promise<boolean> => {
  const { numDeletedRows } = await tx
    .deleteFrom("marketplace.saved_search")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
};

/** Searches that tell of what is new, in the order of their ids. */
export const alertingSearches = (db: Db, after: string, limit: number): Promise<SavedSearchRow[]> =>
  db
    .selectFrom("marketplace.saved_search")
    .selectAll()
    .where("alerts", "=", true)
    .where(sql<boolean>`id > ${after}`)
    .orderBy("id")
    .limit(limit)
    .execute();

/** Moves how far a search has told; false when somebody else did meanwhile, or it is gone. */
export const moveTold = async (
  tx: Tx,
  search: Pick<SavedSearchRow, "id" | "told_until">,
  until: Date,
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("marketplace.saved_search")
    .set({ told_until: until })
    .where("id", "=", search.id)
    .where("told_until", "=", search.told_until)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
};

/** Notes a price that a listing had until now. */
export const insertPrice = async (
  tx: Tx,
  row: Insertable<Database["marketplace.former_price"]>,
): Promise<void> => {
  await tx
    .insertInto("marketplace.former_price")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/** The prices that a listing had before, each with when it ended, the first one first. */
export const priceRows = (db: Db, listingId: Id<"listing">) =>
  db
    .selectFrom("marketplace.former_price")
    .select(["price_minor", "at"])
    .where("listing_id", "=", listingId)
    .orderBy("at")
    .limit(100)
    .execute();
