import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Selectable } from "kysely";

export type TradeRow = Selectable<Database["pricing.trade"]>;

/** Notes sales; a sale is one row however often it is told. Answers which were new. */
export const insertTrades = async (tx: Tx, trades: readonly TradeRow[]): Promise<Set<Id<"order">>> => {
  if (trades.length === 0) return new Set();
  const rows = await tx
    .insertInto("pricing.trade")
    .values(trades)
    .onConflict((conflict) => conflict.column("order_id").doNothing())
    .returning("order_id")
    .execute();
  return new Set(rows.map(({ order_id }) => order_id));
};

/** Forgets sales that say nothing about prices. */
export const dropTrades = async (tx: Tx, orderIds: readonly Id<"order">[]): Promise<void> => {
  await tx
    .deleteFrom("pricing.trade")
    .where(sql<boolean>`order_id = any(${[...orderIds]}::text[])`)
    .execute();
};

/** Forgets all sales; whoever does that writes them anew in the same transaction. */
export const deleteTrades = async (tx: Tx): Promise<void> => {
  await tx.deleteFrom("pricing.trade").execute();
};

/** The newest sales in a currency before a moment, oldest first. */
export const tradeRows = async (
  db: Db,
  { currency, before, limit }: { currency: string; before: Date; limit: number },
): Promise<TradeRow[]> => {
  const rows = await db
    .selectFrom("pricing.trade")
    .selectAll()
    .where("currency", "=", currency)
    .where("at", "<", before)
    .orderBy("at", "desc")
    .orderBy("order_id", "desc")
    .limit(limit)
    .execute();
  return rows.reverse();
};

type Known = { trades: number; newest: TradeRow["order_id"] | null };

/** How many sales there are in a currency, and the newest. */
export const countTrades = async (db: Db, currency: string): Promise<Known> => {
  const { rows } = await sql<Known>`
    select (select count(*)::int from pricing.trade where currency = ${currency}) as trades,
      (select order_id from pricing.trade where currency = ${currency}
        order by at desc, order_id desc limit 1) as newest`.execute(db);
  return rows[0] ?? { trades: 0, newest: null };
};

/** The currencies in which there were sales. */
export const tradeCurrencies = async (db: Db): Promise<string[]> =>
  (await db.selectFrom("pricing.trade").select("currency").distinct().orderBy("currency").execute()).map(
    ({ currency }) => currency,
  );

export type DayRow = {
  date: string;
  paid: string;
  grams: bigint;
  last_minor: bigint;
  lowest_minor: bigint;
  highest_minor: bigint;
  trades: number;
};

/** Sales by day (UTC), oldest first. `paid` is the sum of price times grams, for a weighted average, as text: one sale's
 * may already be more than int8 holds. */
export const dayRows = async (db: Db, currency: string, from: Date): Promise<DayRow[]> => {
  const { rows } = await sql<DayRow>`
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as date,
      sum(price_minor::numeric * grams)::text as paid,
      sum(grams)::int8 as grams,
      (array_agg(price_minor order by at desc, order_id desc))[1] as last_minor,
      min(price_minor) as lowest_minor,
      max(price_minor) as highest_minor,
      count(*)::int as trades
    from pricing.trade
    where currency = ${currency} and at >= ${from}
    group by 1 order by 1`.execute(db);
  return rows;
};

/** The newest sales in a currency, the newest first. */
export const latestTrades = (
  db: Db,
  { currency, limit }: { currency: string; limit: number },
): Promise<Pick<TradeRow, "price_minor" | "grams" | "at">[]> =>
  db
    .selectFrom("pricing.trade")
    .select(["price_minor", "grams", "at"])
    .where("currency", "=", currency)
    .orderBy("at", "desc")
    .orderBy("order_id", "desc")
    .limit(limit)
    .execute();

/** Grams and number of all sales since a moment. */
export const volumeSince = (db: Db, currency: string, from: Date) =>
  db
    .selectFrom("pricing.trade")
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<string>("grams"), sql<string>`'0'`).as("grams"),
      eb.fn.countAll<bigint>().as("trades"),
    ])
    .where("currency", "=", currency)
    .where("at", ">=", from)
    .executeTakeFirstOrThrow();

/** The last sale before a moment. */
export const lastTrade = (db: Db, currency: string, before: Date) =>
  db
    .selectFrom("pricing.trade")
    .select(["price_minor", "at"])
    .where("currency", "=", currency)
    .where("at", "<", before)
    .orderBy("at", "desc")
    .orderBy("order_id", "desc")
    .limit(1)
    .executeTakeFirst();
