import type { Database, Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type BatchRow = Selectable<Database["credits.batch"]>;
export type RetirementRow = Omit<Selectable<Database["credits.retirement"]>, "words">;

export const insertBatch = (tx: Tx, row: Insertable<Database["credits.batch"]>): Promise<BatchRow> =>
  tx.insertInto("credits.batch").values(row).returningAll().executeTakeFirstOrThrow();

/** Makes two who take back grams of one batch take turns. */
export const lockRevoked = async (tx: Tx, batchId: Id<"batch">): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`credits.revoked_batch:${batchId}`}, 0))`.execute(
    tx,
  );
};

/** Makes two issuances of one request take turns, so the second finds what the first has written. */
export const lockRequest = async (tx: Tx, requestId: Id<"request">): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`credits.batch:${requestId}`}, 0))`.execute(tx);
};

export const batchOfRequestRow = (db: Db, requestId: Id<"request">): Promise<BatchRow | undefined> =>
  db.selectFrom("credits.batch").selectAll().where("request_id", "=", requestId).executeTakeFirst();

export const batchRows = (db: Db, ids: readonly Id<"batch">[]): Promise<BatchRow[]> =>
  db.selectFrom("credits.batch").selectAll().where("id", "in", ids).execute();

export const batchByNumber = (db: Db, number: bigint): Promise<BatchRow | undefined> =>
  db.selectFrom("credits.batch").selectAll().where("number", "=", number).executeTakeFirst();

export type BatchFilter = {
  number?: bigint | undefined;
  vintage?: number | undefined;
  country?: string | undefined;
  method?: string | undefined;
};

/** Batches, newest first, after the one that a cursor names. */
export const batchPage = (
  db: Db,
  filter: BatchFilter,
  limit: number,
  before: { at: Date; id: string } | null,
) => {
  let query = db
    .selectFrom("credits.batch")
    .selectAll()
    .orderBy("issued_at", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (filter.number !== undefined) query = query.where("number", "=", filter.number);
  if (filter.vintage !== undefined) query = query.where("vintage_year", "=", filter.vintage);
  if (filter.country) query = query.where("country_code", "=", filter.country);
  if (filter.method) query = query.where("method_code", "=", filter.method);
  if (before) query = query.where(sql<boolean>`(issued_at, id) < (${before.at}::timestamptz, ${before.id})`);
  return query.execute();
};

const retirementColumns = [
  "id",
  "transfer_id",
  "holder_id",
  "grams_g",
  "beneficiary_name",
  "beneficiary_country",
  "period_from",
  "period_to",
  "reason",
  "message",
  "retired_at",
] as const;

/** Answers false when a retirement under that id is there already. */
export const insertRetirement = async (
  tx: Tx,
  row: Insertable<Database["credits.retirement"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("credits.retirement")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const retirementRow = (db: Db, id: Id<"retirement">): Promise<RetirementRow | undefined> =>
  db.selectFrom("credits.retirement").select(retirementColumns).where("id", "=", id).executeTakeFirst();

export const retirementRows = (db: Db, ids: readonly Id<"retirement">[]): Promise<RetirementRow[]> =>
  db.selectFrom("credits.retirement").select(retirementColumns).where("id", "in", ids).execute();

export type RetirementFilter = { words?: string | undefined; holderId?: Id<"user"> | undefined };

/** Retirements, newest first, after the one that a cursor names. */
export const retirementPage = (
  db: Db,
  filter: RetirementFilter,
  limit: number,
  before: { at: Date; id: string } | null,
): Promise<RetirementRow[]> => {
  let query = db
    .selectFrom("credits.retirement")
    .select(retirementColumns)
    .orderBy("retired_at", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (filter.holderId) query = query.where("holder_id", "=", filter.holderId);
  for (const word of filter.words?.split(" ").filter(Boolean) ?? []) {
    query = query.where("words", "like", `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  }
  if (before) query = query.where(sql<boolean>`(retired_at, id) < (${before.at}::timestamptz, ${before.id})`);
  return query.execute();
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

export const counts = async (db: Db): Promise<{ batches: bigint; retirements: bigint }> => {
  const row = await db
    .selectNoFrom(({ selectFrom }) => [
      selectFrom("credits.batch")
        .select(({ fn }) => fn.countAll<bigint>().as("n"))
        .as("batches"),
      selectFrom("credits.retirement")
        .select(({ fn }) => fn.countAll<bigint>().as("n"))
        .as("retirements"),
    ])
    .executeTakeFirstOrThrow();
  return { batches: row.batches ?? 0n, retirements: row.retirements ?? 0n };
};

/** Batches by id, `limit` after the given one: for read models that are built again. */
export const issuedBatchRows = (db: Db, after: string, limit: number) =>
  db
    .selectFrom("credits.batch")
    .select(["id", "request_id", "owner_id", "grams_g", "issued_at"])
    .where(sql<boolean>`id > ${after}`)
    .orderBy("id")
    .limit(limit)
    .execute();
