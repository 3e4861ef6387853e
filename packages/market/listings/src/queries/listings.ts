import { type Database, type Db, sql, type Tx } from "@evx/db";
import { type Id, isCurrency, type MomentKey } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";
import { payable } from "../policy.ts";
import type { ListingType, Sort } from "../schema.ts";

/** A listing without what only the search needs. */
export type ListingRow = Omit<Selectable<Database["marketplace.listing"]>, "words" | "open"> & {
  /** The tiers of data quality of its credits. */
  tiers: Tier[];
};

type Tier = "connected" | "export" | "manual";

/** The words of a listing name its tiers, each as a word of its own. */
const tiersIn = (words: string) =>
  sql<Tier[]>`array(select tier from unnest(array['connected', 'export', 'manual']) as tier
    where ' ' || ${sql.ref(words)} || ' ' like '% ' || tier || ' %')`;

/**
 * Whether all credits of a listing are of a tier: one gram of the best among a tonne of another earns nobody its price. The
 * first part is what the index of words finds.
 */
const ofTierAlone = (tier: string) =>
  sql<boolean>`l.words like ${`% ${tier} %`} and ${tiersIn("l.words")} = array[${tier}]::text[]`;

const listingColumns = [
  "l.id",
  "l.seller_id",
  "l.kind",
  "l.status",
  "l.amount_g",
  "l.remaining_g",
  "l.sold_g",
  "l.returned_g",
  "l.price_minor",
  "l.currency",
  "l.vintage_year",
  "l.country_code",
  "l.method_code",
  "l.mixed",
  "l.ends_at",
  "l.min_g",
  "l.expires_at",
  "l.starts_at",
  "l.created_at",
  "l.ended_at",
] as const;

const listingRowsOf = (db: Db) =>
  db.selectFrom("marketplace.listing as l").select(listingColumns).select(tiersIn("l.words").as("tiers"));

export const listingRow = (db: Db, id: Id<"listing">): Promise<ListingRow | undefined> =>
  listingRowsOf(db).where("l.id", "=", id).executeTakeFirst();

export const listingRows = async (db: Db, ids: readonly Id<"listing">[]): Promise<ListingRow[]> =>
  ids.length === 0 ? [] : listingRowsOf(db).where("l.id", "in", ids).execute();

/** What other rooms' queries join of a listing: its size and what its credits are. */
export const listingFacts = (db: Db) =>
  db
    .selectFrom("marketplace.listing")
    .select(["id as listing_id", "amount_g as listed_g", "vintage_year", "country_code", "method_code"]);

/** The listing as it is once nobody else can change it, until the transaction ends. */
export const lockListing = (tx: Tx, id: Id<"listing">): Promise<ListingRow | undefined> =>
  tx
    .selectFrom("marketplace.listing as l")
    .select(listingColumns)
    .select(tiersIn("l.words").as("tiers"))
    .where("l.id", "=", id)
    .forUpdate("l")
    .executeTakeFirst();

/** The same for many, by id: whoever locks several takes turns with others who do. */
export const lockListings = async (
  tx: Tx,
  ids: readonly Id<"listing">[],
): Promise<Map<Id<"listing">, ListingRow>> => {
  if (ids.length === 0) return new Map();
  const rows = await listingRowsOf(tx).where("l.id", "in", ids).orderBy("l.id").forUpdate("l").execute();
  return new Map(rows.map((row) => [row.id, row]));
};

export type Basket = {
  currency: string;
  /** At most this price per credit. */
  max_minor?: bigint | null | undefined;
  vintage_from?: number | null | undefined;
  country_code?: string | null | undefined;
  method_code?: string | null | undefined;
  quality_tier?: string | null | undefined;
};

/**
 * Fixed-price listings with free grams that fit, cheapest first, ties by age. What must be of a vintage, country, method
 * or tier is not looked for among mixed listings, nor of a tier among those that have another one, too.
 */
export const cheapestRows = (
  db: Db,
  basket: Basket,
  {
    without,
    sellerNot,
    limit,
  }: { without?: readonly Id<"listing">[]; sellerNot?: Id<"user"> | null; limit: number },
): Promise<ListingRow[]> => {
  let query = listingRowsOf(db)
    .where((eb) => eb.ref("l.open"))
    .where("l.kind", "=", "fixed")
    .where("l.currency", "=", basket.currency)
    .orderBy("l.price_minor")
    .orderBy("l.created_at")
    .orderBy("l.id")
    .limit(limit);
  if (basket.max_minor != null) query = query.where("l.price_minor", "<=", basket.max_minor);
  if (basket.vintage_from != null) query = query.where("l.vintage_year", ">=", basket.vintage_from);
  if (basket.country_code != null) query = query.where("l.country_code", "=", basket.country_code);
  if (basket.method_code != null) query = query.where("l.method_code", "=", basket.method_code);
  if (basket.quality_tier != null) query = query.where(ofTierAlone(basket.quality_tier));
  const asked = [basket.vintage_from, basket.country_code, basket.method_code, basket.quality_tier];
  if (asked.some((one) => one != null)) query = query.where("l.mixed", "=", false);
  if (sellerNot) query = query.where("l.seller_id", "!=", sellerNot);
  if (without && without.length > 0) query = query.where("l.id", "not in", without);
  return query.execute();
};

/** The tiers of data quality of a listing's credits. */
export const tiersOf = async (db: Db, id: Id<"listing">): Promise<string[]> =>
  (await listingRow(db, id))?.tiers ?? [];

/**
 * Whether what is left can be paid for: the rest of a listing of which more is ordered may be too small, and is nobody's to
 * buy until that order ends. What was listed whole was payable.
 */
const payableRest = (currency: string) => sql<boolean>`(l.kind = 'auction' or l.remaining_g = l.amount_g
  or l.remaining_g::numeric * l.price_minor / 1000000 >= ${isCurrency(currency) ? payable[currency].least : 0n}::bigint - 0.5)`;

/** What is for sale at fixed prices, by price, the lowest first. */
export const askDepth = (db: Db, input: { currency: string; limit: number }) =>
  db
    .selectFrom("marketplace.listing as l")
    .select((eb) => [
      "l.price_minor",
      eb.fn.sum<string>("l.remaining_g").as("grams"),
      eb.fn.countAll<bigint>().as("count"),
    ])
    .where((eb) => eb.ref("l.open"))
    .where("l.kind", "=", "fixed")
    .where("l.currency", "=", input.currency)
    .where(payableRest(input.currency))
    .groupBy("l.price_minor")
    .orderBy("l.price_minor")
    .limit(input.limit)
    .execute();

/** Changes how many grams of many listings are free. The caller holds their locks. */
export const changeFree = async (
  tx: Tx,
  changes: readonly { id: Id<"listing">; free: bigint }[],
): Promise<void> => {
  if (changes.length === 0) return;
  const ids = changes.map(({ id }) => id);
  const grams = changes.map(({ free }) => String(free));
  await sql`update marketplace.listing l set remaining_g = remaining_g + change.grams
    from (select id, sum(grams)::bigint as grams
      from unnest(${ids}::text[], ${grams}::bigint[]) as given (id, grams) group by id) change
    where l.id = change.id`.execute(tx);
};

/** False when a listing of that id exists already. */
export const insertListing = async (
  tx: Tx,
  row: Insertable<Database["marketplace.listing"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.listing")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

/** Moves grams between what is free, sold and returned, and may end the listing. The caller holds its lock. */
export const changeListing = async (
  tx: Tx,
  id: Id<"listing">,
  change: { free?: bigint; returned?: bigint; ended?: "cancelled" | "expired" | "sold" },
): Promise<void> => {
  const { free = 0n, returned = 0n, ended } = change;
  await tx
    .updateTable("marketplace.listing")
    .set((eb) => ({
      remaining_g: eb("remaining_g", "+", free),
      returned_g: eb("returned_g", "+", returned),
      ...(ended ? { status: ended, ended_at: tx.at } : {}),
    }))
    .where("id", "=", id)
    .execute();
};

/** Another price for a listing of which nothing is ordered. The caller holds its lock. */
export const changePriceRow = async (tx: Tx, id: Id<"listing">, price_minor: bigint): Promise<void> => {
  await tx.updateTable("marketplace.listing").set({ price_minor }).where("id", "=", id).execute();
};

/** Listings whose own end has come, the earliest first. */
export const lapsedListingIds = async (db: Db, at: Date, limit: number): Promise<Id<"listing">[]> => {
  const rows = await db
    .selectFrom("marketplace.listing")
    .select("id")
    .where("status", "=", "active")
    .where("expires_at", "is not", null)
    .where("expires_at", "<=", at)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};

/** Listings whose beginning has come, the earliest first. */
export const startingListingIds = async (db: Db, at: Date, limit: number): Promise<Id<"listing">[]> => {
  const rows = await db
    .selectFrom("marketplace.listing")
    .select("id")
    .where("status", "=", "active")
    .where("starts_at", "is not", null)
    .where("starts_at", "<=", at)
    .orderBy("starts_at")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
};

/** Puts a listing on the market: from now on it counts by age, too. The caller holds its lock. */
export const startListing = async (tx: Tx, id: Id<"listing">): Promise<void> => {
  await tx
    .updateTable("marketplace.listing")
    .set({ starts_at: null, created_at: tx.at })
    .where("id", "=", id)
    .execute();
};

export type Filter = {
  /** Prices of two currencies cannot be compared, so a search is of one. */
  currency: string;
  kind?: ListingType | undefined;
  minPrice_minor?: bigint | undefined;
  maxPrice_minor?: bigint | undefined;
  minCredits_g?: bigint | undefined;
  vintage_year?: number | undefined;
  country_code?: string | undefined;
  method_code?: string | undefined;
  quality_tier?: Tier | undefined;
  seller_id?: Id<"user"> | undefined;
  /** Already folded as `words` is; all must be found. */
  words?: readonly string[];
  /** Listed after the one moment and until the other. */
  listedAfter?: Date;
  listedUntil?: Date;
  sellerNot?: Id<"user">;
};

/** The sort keys of a page's last row: what `after` takes and cursors carry. */
export type SortKey = readonly [bigint | Date, Id<"listing">];

const order = {
  price: { column: "l.price_minor", direction: "asc", beyond: ">" },
  "-price": { column: "l.price_minor", direction: "desc", beyond: "<" },
  newest: { column: "l.created_at", direction: "desc", beyond: "<" },
  ending: { column: "l.ends_at", direction: "asc", beyond: ">" },
} as const satisfies Record<Sort, object>;

/** A `like` pattern that finds the text itself: its wildcards are escaped. */
const containing = (text: string) => `%${text.replace(/[\\%_]/g, (char) => `\\${char}`)}%`;

/** One page of what can be bought or bid on, read in index order from where the last page ended. */
export const searchRows = (
  db: Db,
  { filter, sort, after, limit }: { filter: Filter; sort: Sort; after: SortKey | null; limit: number },
): Promise<ListingRow[]> => {
  const { column, direction, beyond } = order[sort];
  const kind = sort === "ending" ? "auction" : filter.kind;
  let query = listingRowsOf(db)
    .where((eb) => eb.ref("l.open"))
    .where("l.currency", "=", filter.currency)
    .where(payableRest(filter.currency))
    .orderBy(column, direction)
    .orderBy("l.id", direction)
    .limit(limit);
  if (kind) query = query.where("l.kind", "=", kind);
  // Sorting by the end is a filter on auctions; together with "fixed" nothing is left.
  if (sort === "ending" && filter.kind === "fixed") query = query.where("l.kind", "=", "fixed");
  if (filter.minPrice_minor !== undefined) query = query.where("l.price_minor", ">=", filter.minPrice_minor);
  if (filter.maxPrice_minor !== undefined) query = query.where("l.price_minor", "<=", filter.maxPrice_minor);
  if (filter.minCredits_g !== undefined) query = query.where("l.remaining_g", ">=", filter.minCredits_g);
  if (filter.vintage_year !== undefined) query = query.where("l.vintage_year", "=", filter.vintage_year);
  if (filter.country_code !== undefined) query = query.where("l.country_code", "=", filter.country_code);
  if (filter.method_code !== undefined) query = query.where("l.method_code", "=", filter.method_code);
  if (filter.quality_tier !== undefined) query = query.where(ofTierAlone(filter.quality_tier));
  if (filter.seller_id !== undefined) query = query.where("l.seller_id", "=", filter.seller_id);
  if (filter.listedAfter) query = query.where("l.created_at", ">", filter.listedAfter);
  if (filter.listedUntil) query = query.where("l.created_at", "<=", filter.listedUntil);
  if (filter.sellerNot) query = query.where("l.seller_id", "!=", filter.sellerNot);
  for (const word of filter.words ?? []) query = query.where("l.words", "like", containing(word));
  if (after) {
    query = query.where((eb) => eb(eb.refTuple(column, "l.id"), beyond, eb.tuple(after[0], after[1])));
  }
  return query.execute();
};

/** A page of a seller's listings, newest first. */
export const sellerListingRows = (
  db: Db,
  input: {
    sellerId: Id<"user">;
    status: ListingRow["status"] | undefined;
    after: MomentKey<"listing"> | null;
    limit: number;
  },
): Promise<ListingRow[]> => {
  const { sellerId, status, after, limit } = input;
  let query = listingRowsOf(db)
    .where("l.seller_id", "=", sellerId)
    .orderBy("l.created_at", "desc")
    .orderBy("l.id", "desc")
    .limit(limit);
  if (status) query = query.where("l.status", "=", status);
  if (after) {
    query = query.where((eb) => eb(eb.refTuple("l.created_at", "l.id"), "<", eb.tuple(after.at, after.id)));
  }
  return query.execute();
};

/** What can be bought or bid on now. */
export const supplyRow = (db: Db) =>
  db
    .selectFrom("marketplace.listing as l")
    .where((eb) => eb.ref("l.open"))
    .select((eb) => [
      eb.fn.sum<string | null>("l.remaining_g").as("grams"),
      eb.fn.countAll<bigint>().as("listings"),
    ])
    .executeTakeFirstOrThrow();

/** Grams that a person has listed since a moment, but what came back to their wallet. */
export const listedSince = async (db: Db, sellerId: Id<"user">, since: Date): Promise<bigint> => {
  const row = await db
    .selectFrom("marketplace.listing")
    .select(({ fn }) => [
      fn.sum<string | null>("amount_g").as("listed"),
      fn.sum<string | null>("returned_g").as("returned"),
    ])
    .where("seller_id", "=", sellerId)
    .where("created_at", ">=", since)
    .executeTakeFirstOrThrow();
  return BigInt(row.listed ?? "0") - BigInt(row.returned ?? "0");
};

/** A seller's listings on the market, in the order of their ids. */
export const activeListingIds = async (
  db: Db,
  { sellerId, after, limit }: { sellerId: Id<"user">; after: Id<"listing"> | null; limit: number },
): Promise<Id<"listing">[]> => {
  let query = db
    .selectFrom("marketplace.listing")
    .select("id")
    .where("seller_id", "=", sellerId)
    .where("status", "=", "active")
    .orderBy("id")
    .limit(limit);
  if (after) query = query.where("id", ">", after);
  return (await query.execute()).map(({ id }) => id);
};

/** Shows the ends of auctions as the auctions have them now. */
export const showEnds = async (
  tx: Tx,
  ends: readonly { id: Id<"listing">; ends_at: Date }[],
): Promise<void> => {
  await sql`update marketplace.listing l set ends_at = e.ends_at
    from unnest(${ends.map(({ id }) => id)}::text[], ${ends.map(({ ends_at }) => ends_at)}::timestamptz[]) as e (id, ends_at)
    where l.id = e.id`.execute(tx);
};
