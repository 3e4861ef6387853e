import type { Database, Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable } from "kysely";

/** Makes two who take back grams of one batch take turns. */
export const lockRevoked = async (tx: Tx, batchId: Id<"batch">): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`credits.revoked_batch:${batchId}`}, 0))`.execute(
    tx,
  );
};

/** Keeps a batch's revocation out until the transaction ends; others who do the same need not wait. */
export const shareRevoked = async (tx: Tx, batchId: Id<"batch">): Promise<void> => {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${`credits.revoked_batch:${batchId}`}, 0))`.execute(
    tx,
  );
};

export const insertCancellation = async (
  tx: Tx,
  row: Insertable<Database["credits.cancellation"]>,
): Promise<void> => {
  await tx.insertInto("credits.cancellation").values(row).execute();
};

/** How many cancellations there are on account of a batch, and of how many grams. */
export const cancelledFor = async (
  db: Db,
  batchId: Id<"batch">,
): Promise<{ times: bigint; grams: bigint }> => {
  const row = await db
    .selectFrom("credits.cancellation")
    .select(({ fn }) => [fn.countAll<bigint>().as("times"), fn.sum<string | null>("grams_g").as("grams")])
    .where("batch_id", "=", batchId)
    .executeTakeFirstOrThrow();
  return { times: row.times, grams: BigInt(row.grams ?? 0) };
};

/** How many grams were cancelled on account of each of these batches, from their owners and from the buffer. */
export const cancelledByBatch = async (
  db: Db,
  batchIds: readonly Id<"batch">[],
): Promise<Map<Id<"batch">, { owner: bigint; buffer: bigint }>> => {
  if (batchIds.length === 0) return new Map();
  const { rows } = await sql<{ batch_id: Id<"batch">; owner: string; buffer: string }>`
    select batch_id, coalesce(sum(grams_g) filter (where holder_id is not null), 0) as owner,
      coalesce(sum(grams_g) filter (where holder_id is null), 0) as buffer
    from credits.cancellation where batch_id = any (${[...batchIds]}::text[]) group by batch_id`.execute(db);
  return new Map(
    rows.map(({ batch_id, owner, buffer }) => [batch_id, { owner: BigInt(owner), buffer: BigInt(buffer) }]),
  );
};

/** How many batches were revoked, and how many grams are owed for them in all. */
export const shortfallOfAll = async (db: Db): Promise<{ batches: bigint; grams: bigint }> => {
  const { rows } = await sql<{ batches: bigint; grams: string }>`
    select count(*) as batches, coalesce(sum(greatest(r.owed_g - coalesce(c.grams, 0), 0)), 0) as grams
    from credits.revoked_batch r left join (
      select batch_id, sum(grams_g) as grams from credits.cancellation group by batch_id) c using (batch_id)`.execute(
    db,
  );
  return { batches: rows[0]?.batches ?? 0n, grams: BigInt(rows[0]?.grams ?? 0) };
};

/** Answers false when the batch is revoked already. */
export const insertRevoked = async (
  tx: Tx,
  row: Insertable<Database["credits.revoked_batch"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("credits.revoked_batch")
    .values(row)
    .onConflict((conflict) => conflict.column("batch_id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const revokedRows = (db: Db, batchIds: readonly Id<"batch">[]) =>
  db.selectFrom("credits.revoked_batch").selectAll().where("batch_id", "in", batchIds).execute();

/** Some revoked batches of which more is owed than was taken back; at random, so that those with nothing to give hold none up. */
export const openRevocations = (db: Db, limit: number) =>
  db
    .selectFrom("credits.revoked_batch as r")
    .select("r.batch_id")
    .where(
      "r.owed_g",
      ">",
      sql<bigint>`(select coalesce(sum(grams_g), 0) from credits.cancellation where batch_id = r.batch_id)`,
    )
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();

/** Revoked batches by id, `limit` after the given one. */
export const revokedIds = async (db: Db, after: string, limit: number): Promise<Id<"batch">[]> =>
  (
    await db
      .selectFrom("credits.revoked_batch")
      .select("batch_id")
      .where(sql<boolean>`batch_id > ${after}`)
      .orderBy("batch_id")
      .limit(limit)
      .execute()
  ).map(({ batch_id }) => batch_id);
