import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type SelfDealingRow = Selectable<Database["marketplace.self_dealing"]>;

/** Answers whether the sale was not noted before. */
export const insertSelfDealing = async (
  tx: Tx,
  row: Pick<
    Insertable<Database["marketplace.self_dealing"]>,
    "order_id" | "buyer_id" | "seller_id" | "marks" | "found_at"
  >,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.self_dealing")
    .values(row)
    .onConflict((conflict) => conflict.column("order_id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const selfDealingRow = (db: Db, orderId: Id<"order">): Promise<SelfDealingRow | undefined> =>
  db.selectFrom("marketplace.self_dealing").selectAll().where("order_id", "=", orderId).executeTakeFirst();

/** Which of these sales are of one person to themselves, as far as nobody has said otherwise. */
export const selfDealtIds = async (
  db: Db,
  orderIds: readonly Id<"order">[],
): Promise<ReadonlySet<Id<"order">>> => {
  const rows = await db
    .selectFrom("marketplace.self_dealing")
    .select("order_id")
    .where(sql<boolean>`order_id = any(${[...orderIds]}::text[])`)
    .where("cleared_at", "is", null)
    .execute();
  return new Set(rows.map(({ order_id }) => order_id));
};

/** Clears one that stands; answers whether it stood. */
export const clearRow = async (
  tx: Tx,
  orderId: Id<"order">,
  { by, note }: { by: Id<"user">; note: string },
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("marketplace.self_dealing")
    .set({ cleared_at: tx.at, cleared_by: by, note })
    .where("order_id", "=", orderId)
    .where("cleared_at", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
};

/** The newest first, with what was sold. */
export const selfDealingRows = (
  db: Db,
  { after, limit }: { after: MomentKey<"order"> | null; limit: number },
) => {
  let query = db
    .selectFrom("marketplace.self_dealing as d")
    .innerJoin("marketplace.order as o", "o.id", "d.order_id")
    .selectAll("d")
    .select(["o.amount_g", "o.price_minor", "o.total_minor", "o.currency"])
    .orderBy("d.found_at", "desc")
    .orderBy("d.order_id", "desc")
    .limit(limit);
  if (after)
    query = query.where((eb) =>
      eb(eb.refTuple("d.found_at", "d.order_id"), "<", eb.tuple(after.at, after.id)),
    );
  return query.execute();
};
