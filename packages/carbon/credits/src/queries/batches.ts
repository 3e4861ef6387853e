import type { Database, Db, Portion, Tx } from "@evx/db";
import { inPortion, mostOf, sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type BatchRow = Selectable<Database["credits.batch"]>;

export const insertBatch = (tx: Tx, row: Insertable<Database["credits.batch"]>): Promise<BatchRow> =>
  tx.insertInto("credits.batch").values(row).returningAll().executeTakeFirstOrThrow();

/** Makes two issuances of one request take turns, so the second finds what the first has written. */
export const lockRequest = async (tx: Tx, requestId: Id<"request">): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`credits.batch:${requestId}`}, 0))`.execute(tx);
};

/** The batches that a request became, the oldest vintage first. */
export const batchesOfRequestRows = (db: Db, requestId: Id<"request">): Promise<BatchRow[]> =>
  db
    .selectFrom("credits.batch")
    .selectAll()
    .where("request_id", "=", requestId)
    .orderBy("vintage_year")
    .execute();

export const batchRows = (db: Db, ids: readonly Id<"batch">[]): Promise<BatchRow[]> =>
  db.selectFrom("credits.batch").selectAll().where("id", "in", ids).execute();

export const batchByNumber = (db: Db, number: bigint): Promise<BatchRow | undefined> =>
  db.selectFrom("credits.batch").selectAll().where("number", "=", number).executeTakeFirst();

export type BatchFilter = {
  numbers?: readonly bigint[] | undefined;
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
  if (filter.numbers) query = query.where("number", "=", sql<bigint>`any(${[...filter.numbers]}::bigint[])`);
  if (filter.vintage !== undefined) query = query.where("vintage_year", "=", filter.vintage);
  if (filter.country) query = query.where("country_code", "=", filter.country);
  if (filter.method) query = query.where("method_code", "=", filter.method);
  if (before) query = query.where(sql<boolean>`(issued_at, id) < (${before.at}::timestamptz, ${before.id})`);
  return query.execute();
};

/**
 * Grams at equal distances through all that was ever issued, in the order of the serial numbers: the middle of each of
 * `places` equal parts. Fewer where less than one gram falls on a part.
 */
export const placesInRegistry = async (
  db: Db,
  places: number,
): Promise<{ batch_id: Id<"batch">; owner_id: Id<"user">; gram: bigint }[]> => {
  const { rows } = await sql<{ batch_id: Id<"batch">; owner_id: Id<"user">; gram: bigint }>`
    with span as materialized (
      select id, owner_id, number, grams_g,
        sum(grams_g) over (order by number) - grams_g as before, sum(grams_g) over () as total
      from credits.batch
    ), place as (
      select span.*, floor((part * 2 + 1) * total / (${places}::numeric * 2)) as at
      from span, lateral generate_series(
        greatest(0, floor(before * ${places} / total) - 1), floor((before + grams_g) * ${places} / total)
      ) as part
      where part < ${places}
    )
    select distinct id as batch_id, owner_id, number, (at - before)::int8 + 1 as gram
    from place where at >= before and at < before + grams_g
    order by number, gram`.execute(db);
  return rows;
};

/** When the first credits of a country's vehicles of a class were issued. */
export const firstIssuedAt = async (
  db: Db,
  of: { country: string; vehicleClass: string },
): Promise<Date | undefined> =>
  (
    await db
      .selectFrom("credits.batch")
      .select("issued_at")
      .where("country_code", "=", of.country)
      .where("vehicle_class", "=", of.vehicleClass)
      .orderBy("issued_at")
      .limit(1)
      .executeTakeFirst()
  )?.issued_at;

/** How many batches and retirements there are. */
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

/** Batches by their public numbers, and whether they were revoked. */
export const numberedBatches = (
  db: Db,
  numbers: readonly bigint[],
): Promise<{ id: Id<"batch">; number: bigint; revoked: boolean }[]> =>
  db
    .selectFrom("credits.batch as b")
    .leftJoin("credits.revoked_batch as r", "r.batch_id", "b.id")
    .select(["b.id", "b.number", sql<boolean>`r.batch_id is not null`.as("revoked")])
    .where("b.number", "=", sql<bigint>`any(${[...numbers]}::bigint[])`)
    .execute();

/** Batches by id: for read models. */
export const issuedBatchRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("credits.batch")
    .select(["id", "request_id", "owner_id", "grams_g", "issued_at"])
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();
