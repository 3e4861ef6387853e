import { type Db, sql } from "@evx/db";
import { type OrderWithFacts, orders } from "./orders.ts";

/** Completed orders by id, `limit` after the given one: for read models that are built again. */
export const completedOrderRows = (db: Db, after: string, limit: number): Promise<OrderWithFacts[]> =>
  orders(db)
    .where("o.status", "=", "completed")
    .where(sql<boolean>`o.id > ${after}`)
    .orderBy("o.id")
    .limit(limit)
    .execute();
