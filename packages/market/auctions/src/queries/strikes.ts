import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable } from "kysely";

/** False when the order has its strike already. */
export const insertStrike = async (
  tx: Tx,
  row: Insertable<Database["marketplace.strike"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.strike")
    .values(row)
    .onConflict((conflict) => conflict.column("order_id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const countStrikes = async (db: Db, userId: Id<"user">, since: Date): Promise<number> => {
  const { count } = await db
    .selectFrom("marketplace.strike")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("user_id", "=", userId)
    .where("at", ">", since)
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** Keeps somebody from bidding until a moment; a longer pause stays. */
export const pauseBidder = async (tx: Tx, userId: Id<"user">, until: Date): Promise<void> => {
  await tx
    .insertInto("marketplace.bid_pause")
    .values({ user_id: userId, until })
    .onConflict((conflict) =>
      conflict.column("user_id").doUpdateSet((eb) => ({
        until: eb.fn("greatest", ["marketplace.bid_pause.until", "excluded.until"]),
      })),
    )
    .execute();
};
