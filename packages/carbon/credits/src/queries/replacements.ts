import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Selectable } from "kysely";

export type ReplacementRow = Selectable<Database["credits.replacement"]>;

export const insertReplacement = async (tx: Tx, row: ReplacementRow): Promise<void> => {
  await tx.insertInto("credits.replacement").values(row).execute();
};

export const replacementRow = (db: Db, id: Id<"transfer">): Promise<ReplacementRow | undefined> =>
  db.selectFrom("credits.replacement").selectAll().where("transfer_id", "=", id).executeTakeFirst();

/** How many grams operators put into the buffer for each of these batches. */
export const replacedByBatch = async (
  db: Db,
  batchIds: readonly Id<"batch">[],
): Promise<Map<Id<"batch">, bigint>> => {
  if (batchIds.length === 0) return new Map();
  const { rows } = await sql<{ batch_id: Id<"batch">; grams: string }>`
    select batch_id, sum(grams_g) as grams from credits.replacement
    where batch_id = any (${[...batchIds]}::text[]) group by batch_id`.execute(db);
  return new Map(rows.map(({ batch_id, grams }) => [batch_id, BigInt(grams)]));
};

/** Revoked batches of which more is owed than was cancelled, those that wait longest first. */
export const openShortfallRows = async (
  db: Db,
  { after, limit }: { after: MomentKey<"batch"> | null; limit: number },
): Promise<{ batch_id: Id<"batch">; revoked_at: Date }[]> => {
  const { rows } = await sql<{ batch_id: Id<"batch">; revoked_at: Date }>`
    select r.batch_id, r.revoked_at from credits.revoked_batch r
    where r.owed_g > (select coalesce(sum(c.grams_g), 0) from credits.cancellation c where c.batch_id = r.batch_id)
      and (${after?.at ?? null}::timestamptz is null or (r.revoked_at, r.batch_id) > (${after?.at ?? null}, ${after?.id ?? ""}))
    order by r.revoked_at, r.batch_id limit ${limit}`.execute(db);
  return rows;
};
