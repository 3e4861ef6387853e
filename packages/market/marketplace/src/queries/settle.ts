import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import { refusing } from "@evx/ledger";
import { refuse } from "../errors.ts";

/** Settles a paid order by one call of `marketplace.settle`; false when it was not waiting to be settled. */
export const callSettle = async (
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
