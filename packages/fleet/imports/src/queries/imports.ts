import type { Database, Db, Tx } from "@evx/db";
import type { Rejection } from "@evx/formats";
import type { Id } from "@evx/kernel";
import { type Insertable, sql, type Updateable } from "kysely";

export type ImportRow = NonNullable<Awaited<ReturnType<typeof importRow>>>;

export const importRow = (db: Db, id: Id<"import">) =>
  db.selectFrom("vehicles.import").selectAll().where("id", "=", id).executeTakeFirst();

export const lockImport = (tx: Tx, id: Id<"import">) =>
  tx.selectFrom("vehicles.import").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

export const insertImport = (tx: Tx, row: Insertable<Database["vehicles.import"]>) =>
  tx.insertInto("vehicles.import").values(row).execute();

export const updateImport = (tx: Tx, id: Id<"import">, row: Updateable<Database["vehicles.import"]>) =>
  tx.updateTable("vehicles.import").set(row).where("id", "=", id).execute();

/** An import as it is begun: where it came from, into which vehicle, and how its file is read. */
export type ImportEntry = Omit<Insertable<Database["vehicles.import"]>, "id" | "status" | "created_at"> & {
  id: Id<"import">;
};

/** What one stretch of a file added. */
export type Progress = {
  rowsRead: number;
  trips: number;
  rejections: number;
  imported: number;
  duplicates: number;
  flagged: number;
  rejected: number;
  co2_g: number;
};

export const advanceImport = (tx: Tx, id: Id<"import">, progress: Progress) =>
  tx
    .updateTable("vehicles.import")
    .set((row) => ({
      rows_read: BigInt(progress.rowsRead),
      trips_done: row("trips_done", "+", BigInt(progress.trips)),
      rejections_done: row("rejections_done", "+", BigInt(progress.rejections)),
      imported: row("imported", "+", progress.imported),
      duplicates: row("duplicates", "+", progress.duplicates),
      flagged: row("flagged", "+", progress.flagged),
      rejected: row("rejected", "+", progress.rejected),
      co2_g: row("co2_g", "+", BigInt(progress.co2_g)),
    }))
    .where("id", "=", id)
    .execute();

/** Whether a car's trips were read from these very bytes at other times: in another zone, or from another day on that was told. */
export const readAtOtherTimes = async (
  db: Db,
  file: { carId: bigint; sha256: string; zone: string; logBegan: string },
): Promise<boolean> => {
  const row = await db
    .selectFrom("vehicles.import")
    .select("id")
    .where("car_id", "=", file.carId)
    .where("sha256", "=", file.sha256)
    .where("status", "=", "done")
    .where("imported", ">", 0)
    .where(
      sql<boolean>`(options ->> 'zone' <> ${file.zone} or coalesce(options ->> 'logBegan', '') <> ${file.logBegan})`,
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};

export const insertChunk = (tx: Tx, id: Id<"import">, seq: number, content: Uint8Array) =>
  tx
    .insertInto("vehicles.import_chunk")
    .values({
      import_id: id,
      seq,
      content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    })
    .execute();

export const chunkOf = async (db: Db, id: Id<"import">, seq: number): Promise<Uint8Array | null> => {
  const row = await db
    .selectFrom("vehicles.import_chunk")
    .select("content")
    .where("import_id", "=", id)
    .where("seq", "=", seq)
    .executeTakeFirst();
  return row?.content ?? null;
};

export const dropChunks = (tx: Tx, id: Id<"import">) =>
  tx.deleteFrom("vehicles.import_chunk").where("import_id", "=", id).execute();

/** Adds broken rows to an import's quarantine report, numbered on from `after`. */
export const insertRejections = async (
  tx: Tx,
  id: Id<"import">,
  after: number,
  rejections: readonly Rejection[],
) => {
  if (rejections.length === 0) return;
  await sql`
    insert into vehicles.import_rejection (import_id, seq, row_number, field, code, "values")
    select ${id}, ${after} + place, row_number, field, code, nullif("values", '{}')::jsonb
    from unnest(${rejections.map((rejection) => rejection.row)}::int8[], ${rejections.map((rejection) => rejection.field)}::text[],
      ${rejections.map((rejection) => rejection.code)}::text[], ${rejections.map((rejection) => JSON.stringify(rejection.values).replaceAll("\\u0000", ""))}::text[])
      with ordinality as broken (row_number, field, code, "values", place)`.execute(tx);
};

export const rejectionRows = async (
  db: Db,
  id: Id<"import">,
  limit: number,
  after: number,
): Promise<(Rejection & { seq: number })[]> => {
  const rows = await db
    .selectFrom("vehicles.import_rejection")
    .select(["row_number", "field", "code", "values", "seq"])
    .where("import_id", "=", id)
    .where("seq", ">", BigInt(after))
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    seq: Number(row.seq),
    row: Number(row.row_number),
    field: row.field,
    code: row.code,
    values: (row.values ?? {}) as Rejection["values"],
  }));
};

export const importPage = (db: Db, vehicleId: Id<"vehicle">, limit: number, after: Id<"import"> | null) =>
  db
    .selectFrom("vehicles.import")
    .selectAll()
    .where("vehicle_id", "=", vehicleId)
    .where((eb) => (after === null ? eb.lit(true) : eb("id", "<", after)))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

/** How many of a person's files, each of one car, are being received or wait to be read, up to `most` and one more. */
export const waitingOf = async (db: Db, ownerId: Id<"user">, most: number): Promise<number> => {
  const rows = await db
    .selectFrom("vehicles.import")
    .select("id")
    .where("owner_id", "=", ownerId)
    .where("fleet_import_id", "is", null)
    .where("status", "in", ["receiving", "queued", "running"])
    .limit(most + 1)
    .execute();
  return rows.length;
};

/** Imports that were begun before a moment and have not ended: waiting for their job, or in the midst of it. */
export const unendedImports = async (db: Db, before: Date): Promise<Id<"import">[]> => {
  const rows = await db
    .selectFrom("vehicles.import")
    .select("id")
    .where("status", "in", ["queued", "running"])
    .where("created_at", "<", before)
    .orderBy("id")
    .limit(1_000)
    .execute();
  return rows.map(({ id }) => id);
};

/** Uploads that stopped half-way: their server died or their sender went away. */
export const abandonedImports = (db: Db, before: Date) =>
  db
    .selectFrom("vehicles.import")
    .select("id")
    .where("status", "=", "receiving")
    .where("created_at", "<", before)
    .limit(100)
    .execute();

/** The parts of a fleet's file, by car. */
export const importsOfFleet = (db: Db, id: Id<"fleetImport">) =>
  db
    .selectFrom("vehicles.import")
    .selectAll()
    .where("fleet_import_id", "=", id)
    .orderBy("vehicle_id")
    .execute();
