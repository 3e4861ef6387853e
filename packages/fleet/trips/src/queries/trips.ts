import { copyIn, type Db, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import type { Recorded } from "../timeline.ts";
import { momentPrefix, monthOf, startOfTripId } from "../trip-ids.ts";

/** Makes the partitions of months. In a transaction of its own, so that nobody waits for an import to end. */
export const ensureMonths = (tx: Tx, kind: "trip" | "claim", months: readonly string[]) =>
  sql`select vehicles.ensure_months(${kind}, ${[...months]}::date[])`.execute(tx);

/** Those of the months that have no partition of trips yet. */
export const missingMonths = async (db: Db, months: readonly string[]): Promise<string[]> => {
  const { rows } = await sql<{ month: string }>`
    select month::text from unnest(${[...months]}::date[]) month
    where to_regclass('vehicles.trip_' || to_char(month, 'YYYY_MM')) is null`.execute(db);
  return rows.map((row) => row.month);
};

/** How many trips a car has in each month, all its owners together. */
export const tripCounts = (db: Db, carId: bigint, from: string, to: string) =>
  db
    .selectFrom("vehicles.month_total")
    .select(["month", sql<number>`sum(trips)::int`.as("trips")])
    .where("car_id", "=", carId)
    .where((eb) => eb.between("month", from, to))
    .groupBy("month")
    .orderBy("month")
    .execute();

/** A car's trips that start in [from, to), milliseconds, by start: what newcomers of that time are told apart from. */
export const recordedTrips = async (
  db: Db,
  { carId, importId }: { carId: bigint; importId: Id<"import"> | null },
  from: number,
  to: number,
): Promise<Recorded[]> => {
  const rows = await db
    .selectFrom("vehicles.trip")
    .select(["id", "precision", "distance_m", "source", "source_id", "odometer_end_m"])
    .select(sql<number>`(extract(epoch from ended_at) * 1000)::float8`.as("end"))
    .select(sql<boolean>`(precision = 'day' and import_id = ${importId}) is true`.as("of_file"))
    .where("car_id", "=", carId)
    .where((eb) => eb.between("month", monthOf(from), monthOf(to)))
    .where("id", ">=", `trp_${momentPrefix(from)}`)
    .where("id", "<", `trp_${momentPrefix(to)}`)
    .orderBy("month")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    start: startOfTripId(row.id),
    end: row.end,
    precision: row.precision,
    distance_m: row.distance_m,
    source: row.source,
    sourceId: row.source_id,
    odometerEnd_m: row.odometer_end_m,
    ofFile: row.of_file,
  }));
};

/** Those of a source's ids that a car's trips have, whenever they were. A day's record has no id of its own. */
export const recordedIds = async (db: Db, carId: bigint, ids: readonly string[]): Promise<string[]> => {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("vehicles.trip")
    .select("source_id")
    .where("car_id", "=", carId)
    .where("precision", "<>", "day")
    .where("source_id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
  return rows.flatMap(({ source_id }) => (source_id === null ? [] : [source_id]));
};

/** Columns in the order in which `record.ts` writes them. What is left out has its default. */
const copied =
  "month, id, car_id, vehicle_id, import_id, started_at, ended_at, distance_m, energy_wh, co2_g, factors_version, " +
  "precision, quality, source, source_id, start_lat_e6, start_lon_e6, end_lat_e6, end_lon_e6, odometer_start_m, " +
  "odometer_end_m, notes, flags, print, shape";

export const tripColumns = copied.split(", ").length;

export const copyTrips = (tx: Tx, rows: Uint8Array): Promise<number> =>
  copyIn(tx, `copy vehicles.trip (${copied}) from stdin (format binary)`, [rows]);

export const insertTracks = (
  tx: Tx,
  tracks: readonly { car_id: bigint; month: string; trip_id: Id<"trip">; points: string }[],
) =>
  tx
    .insertInto("vehicles.track")
    .values([...tracks])
    .execute();

export type Sums = { trips: number; distance_m: number; energy_wh: number; co2_g: number };

/** Adds to the running totals of days and months. Local months follow their days by themselves. */
export const addToTotals = async (
  tx: Tx,
  of: { carId: bigint; vehicleId: string },
  table: "local_day_total" | "day_total" | "month_total",
  sums: ReadonlyMap<string, Sums>,
) => {
  const entries = [...sums];
  const period = sql.ref(table === "month_total" ? "month" : "day");
  // As the text of an array: the driver looks at each element of one for what would have to be quoted.
  const list = (values: readonly (string | number)[]) => `{${values.join(",")}}`;
  const column = (key: keyof Sums) => list(entries.map(([, sum]) => sum[key]));
  await sql`
    insert into ${sql.table(`vehicles.${table}`)} as total (car_id, vehicle_id, ${period}, trips, distance_m, energy_wh, co2_g)
    select ${of.carId}, ${of.vehicleId}, period, trips, distance_m, energy_wh, co2_g
    from unnest(${list(entries.map(([key]) => key))}::date[], ${column("trips")}::int[], ${column("distance_m")}::int8[],
      ${column("energy_wh")}::int8[], ${column("co2_g")}::int8[]) as sums (period, trips, distance_m, energy_wh, co2_g)
    where trips > 0
    on conflict (car_id, vehicle_id, ${period}) do update set
      trips = total.trips + excluded.trips, distance_m = total.distance_m + excluded.distance_m,
      energy_wh = total.energy_wh + excluded.energy_wh, co2_g = total.co2_g + excluded.co2_g`.execute(tx);
};

/** Metres that a car drove on each local day that is named, as recorded so far. */
export const dayDistances = async (
  db: Db,
  carId: bigint,
  days: readonly string[],
): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom("vehicles.local_day_total")
    .select(["day", sql<number>`sum(distance_m)::float8`.as("distance_m")])
    .where("car_id", "=", carId)
    .where("day", "=", sql<string>`any(${[...days]}::date[])`)
    .groupBy("day")
    .execute();
  return new Map(rows.map((row) => [row.day, row.distance_m]));
};
