import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type Insertable, type Selectable, sql } from "kysely";
import type { People } from "../persons.ts";

export type OddTradeRow = Selectable<Database["verification.odd_trade"]>;

/** Keeps a sale far from the market's price; told twice, it is kept once. Answers whether it is new. */
export const insertOddTrade = async (tx: Tx, row: OddTradeRow): Promise<boolean> =>
  (await tx
    .insertInto("verification.odd_trade")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning("order_id")
    .executeTakeFirst()) !== undefined;

/** Odd sales since a moment between two people: the reviewer bought what the owner sold or was first issued, or the other way round. */
export const oddTradesBetween = async (
  db: Db,
  { owners, reviewers, since }: People & { since: Date },
): Promise<OddTradeRow[]> => {
  const [theirs, ours] = [sql`${[...owners]}::text[]`, sql`${[...reviewers]}::text[]`];
  const { rows } = await sql<OddTradeRow>`
    select * from verification.odd_trade
    where sold_at >= ${since}
      and ((buyer_id = any(${ours}) and (seller_id = any(${theirs}) or origin_ids && ${theirs}))
        or (seller_id = any(${ours}) and buyer_id = any(${theirs})))
    order by sold_at desc limit 100`.execute(db);
  return rows;
};

/** Odd sales since a moment, after the one with an id, in the order of time. */
export const oddTradesSince = (
  db: Db,
  { since, after, limit }: { since: Date; after: OddTradeRow | null; limit: number },
): Promise<OddTradeRow[]> => {
  let query = db
    .selectFrom("verification.odd_trade")
    .selectAll()
    .where("sold_at", ">=", since)
    .orderBy("sold_at")
    .orderBy("order_id")
    .limit(limit);
  if (after)
    query = query.where((eb) =>
      eb(eb.refTuple("sold_at", "order_id"), ">", eb.tuple(after.sold_at, after.order_id)),
    );
  return query.execute();
};

/** Notes a sign; answers whether it is new. */
export const insertTradeAlert = async (
  tx: Tx,
  row: Insertable<Database["verification.trade_alert"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("verification.trade_alert")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
};

const tradeAlerts = (db: Db) =>
  db
    .selectFrom("verification.trade_alert as a")
    .innerJoin("verification.odd_trade as t", "t.order_id", "a.order_id")
    .selectAll("a")
    .select(["t.grams", "t.price_minor", "t.market_minor", "t.currency"])
    .orderBy("a.raised_at", "desc");

export type TradeAlertRow = Awaited<ReturnType<typeof latestTradeAlerts>>[number];

/** Signs by sales about a request or, of a request that was decided, about its owner and who decided it. Newest first. */
export const tradeAlertsAbout = (
  db: Db,
  of: { id: Id<"request">; owner_id: Id<"user">; decided_by: Id<"user"> | null },
) =>
  tradeAlerts(db)
    .where((eb) =>
      eb.or([
        eb("a.request_id", "=", of.id),
        eb.and([
          eb("a.owner_id", "=", of.owner_id),
          of.decided_by === null ? eb.lit(false) : eb("a.reviewer_id", "=", of.decided_by),
        ]),
      ]),
    )
    .limit(50)
    .execute();

/** The newest of all. */
export const latestTradeAlerts = (db: Db, limit: number) => tradeAlerts(db).limit(limit).execute();
