import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type OrderRow, type OrderWithFacts, orders } from "./orders.ts";

/** Completed orders by id, `limit` after the given one: for read models that are built again. */
export const completedOrderRows = (db: Db, after: string, limit: number): Promise<OrderWithFacts[]> =>
  orders(db)
    .where("o.status", "=", "completed")
    .where(sql<boolean>`o.id > ${after}`)
    .orderBy("o.id")
    .limit(limit)
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
