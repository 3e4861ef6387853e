import { type Db, inPortion, mostOf, type Portion, sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type OrderRow, type OrderWithFacts, orders } from "./orders.ts";

/** Completed orders by id: for read models. */
export const completedOrderRows = (db: Db, portion: Portion): Promise<OrderWithFacts[]> =>
  orders(db)
    .where("o.status", "=", "completed")
    .where(inPortion("o.id", portion))
    .orderBy("o.id")
    .limit(mostOf(portion))
    .execute();

/** Orders that their buyers disputed, by the dispute's id, with since when: for read models. */
export const objectionRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("marketplace.dispute")
    .select(["id", "opened_at"])
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();

/** What these orders sold: each that has completed, or the completed lines of one over many listings. */
export const completedOfSales = (db: Db, orderIds: readonly Id<"order">[]): Promise<OrderRow[]> => {
  const ids = sql<Id<"order">>`any(${[...orderIds]}::text[])`;
  return db
    .selectFrom("marketplace.order")
    .selectAll()
    .where("status", "=", "completed")
    .where((eb) => eb.or([eb("id", "=", ids), eb("sweep_id", "=", ids)]))
    .orderBy("id")
    .execute();
};

/** Whose completed orders are read, and of when: from the first moment to before the last one. */
export type Completed = {
  readonly buyerId?: Id<"user"> | undefined;
  readonly sellerId?: Id<"user"> | undefined;
  readonly from: Date;
  readonly to: Date;
};

/** Completed orders in the order in which they were placed, `limit` after a place: for lists of all of them. */
export const completedWithin = (
  db: Db,
  { buyerId, sellerId, from, to }: Completed,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<OrderWithFacts[]> =>
  orders(db)
    .where("o.status", "=", "completed")
    .where("o.ended_at", ">=", from)
    .where("o.ended_at", "<", to)
    .where((eb) => (buyerId === undefined ? eb.lit(true) : eb("o.buyer_id", "=", buyerId)))
    .where((eb) => (sellerId === undefined ? eb.lit(true) : eb("o.seller_id", "=", sellerId)))
    .$if(after !== null, (query) =>
      query.where(
        sql<boolean>`(o.created_at, o.id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? ""})`,
      ),
    )
    // Nobody's order is completed before it is placed: so the index of all of them need not be read from its beginning.
    .where("o.created_at", "<", to)
    .orderBy("o.created_at")
    .orderBy("o.id")
    .limit(limit)
    .execute();
