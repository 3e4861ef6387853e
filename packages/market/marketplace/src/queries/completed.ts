import type { Db } from "@evx/db";
import { type OrderWithLot, orders } from "./orders.ts";

/** Completed orders by id, `limit` after the given one: for read models that are built again. */
export const completedOrderRows = (db: Db, after: string, limit: number): Promise<OrderWithLot[]> =>
  orders(db)
    .where("o.status", "=", "completed")
    .where("o.id", ">", after)
    .orderBy("o.id")
    .limit(limit)
    .execute();
