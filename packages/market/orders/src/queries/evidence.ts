import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

/** A file without its content. */
export type EvidenceRow = Omit<Selectable<Database["marketplace.dispute_file"]>, "content">;

const columns = ["id", "dispute_id", "author_id", "side", "name", "content_type", "at"] as const;

export const insertEvidence = async (
  tx: Tx,
  row: Insertable<Database["marketplace.dispute_file"]>,
): Promise<void> => {
  await tx.insertInto("marketplace.dispute_file").values(row).execute();
};

export const countEvidence = async (
  tx: Tx,
  { disputeId, authorId }: { disputeId: Id<"dispute">; authorId: Id<"user"> },
): Promise<number> => {
  const { count } = await tx
    .selectFrom("marketplace.dispute_file")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("dispute_id", "=", disputeId)
    .where("author_id", "=", authorId)
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** The files of disputes, the oldest first. */
export const evidenceRows = (db: Db, ids: readonly Id<"dispute">[]): Promise<EvidenceRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("marketplace.dispute_file")
        .select(columns)
        .where("dispute_id", "in", ids)
        .orderBy("at")
        .orderBy("id")
        .execute();

export const evidenceContent = (db: Db, id: Id<"evidence">) =>
  db
    .selectFrom("marketplace.dispute_file")
    .select([...columns, "content"])
    .where("id", "=", id)
    .executeTakeFirst();
