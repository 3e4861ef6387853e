import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type Insertable, type RawBuilder, sql, type Updateable } from "kysely";
import type { Rejection } from "../import/candidate.ts";
import { monthOf } from "../trip-ids.ts";

export type ImportRow = NonNullable<Awaited<ReturnType<typeof importRow>>>;

export const importRow = (db: Db, id: Id<"import">) =>
  db.selectFrom("vehicles.import").selectAll().where("id", "=", id).executeTakeFirst();

export const lockImport = (tx: Tx, id: Id<"import">) =>
  tx.selectFrom("vehicles.import").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

export const insertImport = (tx: Tx, row: Insertable<Database["vehicles.import"]>) =>
  tx.insertInto("vehicles.import").values(row).execute();

export const updateImport = (tx: Tx, id: Id<"import">, row: Updateable<Database["vehicles.import"]>) =>
  tx.updateTable("vehicles.import").set(row).where("id", "=", id).execute();

/** What one stretch of a file added. */
export type Progress = {
  rowsRead: number;
  trips: number;
  brokenRows: number;
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
      rejections_done: row("rejections_done", "+", BigInt(progress.brokenRows)),
      imported: row("imported", "+", progress.imported),
      duplicates: row("duplicates", "+", progress.duplicates),
      flagged: row("flagged", "+", progress.flagged),
      rejected: row("rejected", "+", progress.rejected),
      co2_g: row("co2_g", "+", BigInt(progress.co2_g)),
    }))
    .where("id", "=", id)
    .execute();

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
    .$if(after !== null, (query) => query.where("id", "<", after as Id<"import">))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

/** Uploads that stopped half-way: their server died or their sender went away. */
export const abandonedImports = (db: Db, before: Date) =>
  db
    .selectFrom("vehicles.import")
    .select("id")
    .where("status", "=", "receiving")
    .where("created_at", "<", before)
    .limit(100)
    .execute();

/** How many of an import's trips a request holds. */
export const claimedOfImport = async (db: Db, carId: bigint, id: Id<"import">): Promise<number> => {
  const row = await db
    .selectFrom("vehicles.trip")
    .select(sql<number>`count(*)::int`.as("trips"))
    .where("car_id", "=", carId)
    .where("import_id", "=", id)
    .where("request_id", "is not", null)
    .executeTakeFirstOrThrow();
  return row.trips;
};

/** Takes an import's trips back, with their tracks and what they added to the running totals. */
export const deleteTripsOfImport = (
  tx: Tx,
  of: { carId: bigint; vehicleId: Id<"vehicle">; importId: Id<"import"> },
): Promise<number> => deleteTrips(tx, of, sql`import_id = ${of.importId}`);

/** Takes back a vehicle's trips that end after a moment, as those after a hand-over. None of them may be claimed. */
export const deleteTripsAfter = (
  tx: Tx,
  of: { carId: bigint; vehicleId: Id<"vehicle">; at: Date },
): Promise<number> =>
  deleteTrips(
    tx,
    of,
    sql`ended_at > ${of.at} and month >= ${monthOf(of.at.getTime())}::date - interval '1 month'`,
  );

const deleteTrips = async (
  tx: Tx,
  of: { carId: bigint; vehicleId: Id<"vehicle"> },
  which: RawBuilder<unknown>,
): Promise<number> => {
  const { rows } = await sql<{ trips: number }>`
    with gone as (
      delete from vehicles.trip where car_id = ${of.carId} and vehicle_id = ${of.vehicleId} and ${which}
      returning month, id, (started_at at time zone 'UTC')::date as day, distance_m, energy_wh, co2_g),
    tracks as (
      delete from vehicles.track t using gone where t.car_id = ${of.carId} and t.month = gone.month and t.trip_id = gone.id),
    days as (
      update vehicles.day_total d set trips = d.trips - s.trips, distance_m = d.distance_m - s.distance_m,
        energy_wh = d.energy_wh - s.energy_wh, co2_g = d.co2_g - s.co2_g
      from (select day, count(*)::int as trips, sum(distance_m)::int8 as distance_m,
        coalesce(sum(energy_wh), 0)::int8 as energy_wh, sum(co2_g)::int8 as co2_g from gone group by day) s
      where d.car_id = ${of.carId} and d.vehicle_id = ${of.vehicleId} and d.day = s.day),
    months as (
      update vehicles.month_total m set trips = m.trips - s.trips, distance_m = m.distance_m - s.distance_m,
        energy_wh = m.energy_wh - s.energy_wh, co2_g = m.co2_g - s.co2_g
      from (select month, count(*)::int as trips, sum(distance_m)::int8 as distance_m,
        coalesce(sum(energy_wh), 0)::int8 as energy_wh, sum(co2_g)::int8 as co2_g from gone group by month) s
      where m.car_id = ${of.carId} and m.vehicle_id = ${of.vehicleId} and m.month = s.month)
    select count(*)::int as trips from gone`.execute(tx);
  return rows[0]?.trips ?? 0;
};
