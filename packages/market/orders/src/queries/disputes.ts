import type { Database, Db, Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type DisputeRow = Selectable<Database["marketplace.dispute"]>;
export type MessageRow = Selectable<Database["marketplace.dispute_message"]>;

export const insertDispute = async (
  tx: Tx,
  row: Insertable<Database["marketplace.dispute"]>,
): Promise<void> => {
  await tx.insertInto("marketplace.dispute").values(row).execute();
};

export const disputeRow = (db: Db, id: Id<"dispute">): Promise<DisputeRow | undefined> =>
  db.selectFrom("marketplace.dispute").selectAll().where("id", "=", id).executeTakeFirst();

export const lockDispute = (tx: Tx, id: Id<"dispute">): Promise<DisputeRow | undefined> =>
  tx.selectFrom("marketplace.dispute").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

/** An order's disputes, the newest first: at most one is open. Found among its buyer's, of whom there is an index. */
export const disputesOfOrder = (
  db: Db,
  order: { id: Id<"order">; buyer_id: Id<"user"> },
): Promise<DisputeRow[]> =>
  db
    .selectFrom("marketplace.dispute")
    .selectAll()
    .where("buyer_id", "=", order.buyer_id)
    .where("order_id", "=", order.id)
    .orderBy("opened_at", "desc")
    .execute();

/** Disputes of a buyer, or everybody's for null, the newest first. */
export const disputeRows = (
  db: Db,
  input: { buyerId: Id<"user"> | null; after: MomentKey<"dispute"> | null; limit: number },
): Promise<DisputeRow[]> => {
  const { buyerId, after, limit } = input;
  let query = db
    .selectFrom("marketplace.dispute")
    .selectAll()
    .orderBy("opened_at", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (buyerId) query = query.where("buyer_id", "=", buyerId);
  if (after)
    query = query.where((eb) => eb(eb.refTuple("opened_at", "id"), "<", eb.tuple(after.at, after.id)));
  return query.execute();
};

/** What each order costs, a single one or one over many listings. */
export const totalRows = (
  db: Db,
  ids: readonly Id<"order">[],
): Promise<{ id: Id<"order">; total_minor: bigint }[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("marketplace.order")
        .select(["id", "total_minor"])
        .where("id", "in", ids)
        .unionAll(db.selectFrom("marketplace.sweep").select(["id", "total_minor"]).where("id", "in", ids))
        .execute();

export const endDispute = async (
  tx: Tx,
  id: Id<"dispute">,
  change: { outcome: DisputeRow["outcome"]; amount_minor: bigint | null; resolved_by: Id<"user"> },
): Promise<void> => {
  await tx
    .updateTable("marketplace.dispute")
    .set({ ...change, status: "resolved", resolved_at: tx.at })
    .where("id", "=", id)
    .execute();
};

/** The next message of a dispute whose lock the caller holds. */
export const insertMessage = async (
  tx: Tx,
  row: Omit<Insertable<Database["marketplace.dispute_message"]>, "seq">,
): Promise<void> => {
  const { count } = await tx
    .selectFrom("marketplace.dispute_message")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("dispute_id", "=", row.dispute_id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("marketplace.dispute_message")
    .values({ ...row, seq: Number(count) + 1 })
    .execute();
};

export const messageRows = (db: Db, ids: readonly Id<"dispute">[]): Promise<MessageRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("marketplace.dispute_message")
        .selectAll()
        .where("dispute_id", "in", ids)
        .orderBy("dispute_id")
        .orderBy("seq")
        .execute();
