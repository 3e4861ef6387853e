import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import { monthOf, startOfTripId } from "../trip-ids.ts";

const tripColumns = [
  "id",
  "month",
  "vehicle_id",
  "started_at",
  "ended_at",
  "distance_m",
  "energy_wh",
  "co2_g",
  "factors_version",
  "precision",
  "quality",
  "source",
  "start_lat_e6",
  "start_lon_e6",
  "end_lat_e6",
  "end_lon_e6",
  "odometer_start_m",
  "odometer_end_m",
  "notes",
  "flags",
  "status",
  "request_id",
  "release_reason",
] as const;

export const tripsOfCar = (db: Db, carId: bigint) =>
  db
    .selectFrom("vehicles.trip")
    .select([...tripColumns])
    .where("car_id", "=", carId);

export type TripRow = NonNullable<Awaited<ReturnType<typeof tripRow>>>;

export const tripRow = (db: Db, carId: bigint, id: Id<"trip">) =>
  tripsOfCar(db, carId)
    .where("month", "=", monthOf(startOfTripId(id)))
    .where("id", "=", id)
    .executeTakeFirst();

export type TripFilter = {
  carId: bigint;
  vehicleId: Id<"vehicle">;
  from: Date | null;
  to: Date | null;
  status: "recorded" | "claimed" | "verified" | "released" | null;
  flagged: boolean | null;
  importId: Id<"import"> | null;
  oldestFirst: boolean;
};

/**
 * The months that can hold a page, first and last, by the running totals: planning over every month of every car costs
 * far more than reading a hundred trips. Null where the vehicle has none.
 */
const monthsOfPage = async (
  db: Db,
  filter: TripFilter,
  limit: number,
  after: Id<"trip"> | null,
): Promise<[string, string] | null> => {
  const back = !filter.oldestFirst;
  const begin = after === null ? null : monthOf(startOfTripId(after));
  const months = await db
    .selectFrom("vehicles.month_total")
    .select(["trips", sql<string>`month::text`.as("month")])
    .where("car_id", "=", filter.carId)
    .where("vehicle_id", "=", filter.vehicleId)
    .where("trips", ">", 0)
    .$if(filter.from !== null, (query) =>
      query.where("month", ">=", monthOf((filter.from as Date).getTime())),
    )
    .$if(filter.to !== null, (query) => query.where("month", "<=", monthOf((filter.to as Date).getTime())))
    .$if(begin !== null, (query) => query.where("month", back ? "<=" : ">=", begin as string))
    .orderBy("vehicles.month_total.month", back ? "desc" : "asc")
    .execute();
  // Of its first month a page may find any part; of a filtered page nobody knows how far it reaches.
  const whole =
    filter.status === null && filter.flagged === null && filter.importId === null && filter.to === null;
  let sure = 0;
  const last = months.findIndex(({ trips }, place) => {
    if (place > 0) sure += trips;
    return whole && sure >= limit;
  });
  // Where nothing is sure, -1 is the last of all months.
  const [first, end] = [months[0], months.at(last)];
  if (!first || !end) return null;
  return back ? [end.month, first.month] : [first.month, end.month];
};

/** A page of a vehicle's trips by start. */
export const tripPage = async (db: Db, filter: TripFilter, limit: number, after: Id<"trip"> | null) => {
  const months = await monthsOfPage(db, filter, limit, after);
  if (!months) return [];
  const direction = filter.oldestFirst ? "asc" : "desc";
  return tripsOfCar(db, filter.carId)
    .where("vehicle_id", "=", filter.vehicleId)
    .where("month", ">=", months[0])
    .where("month", "<=", months[1])
    .$if(filter.from !== null, (query) => query.where("started_at", ">=", filter.from as Date))
    .$if(filter.to !== null, (query) => query.where("started_at", "<", filter.to as Date))
    .$if(filter.status !== null, (query) => query.where("status", "=", filter.status as "recorded"))
    .$if(filter.flagged === true, (query) => query.where("flags", "is not", null))
    .$if(filter.flagged === false, (query) => query.where("flags", "is", null))
    .where((eb) => (filter.importId === null ? eb.lit(true) : eb("import_id", "=", filter.importId)))
    .where((eb) => (after === null ? eb.lit(true) : eb("id", filter.oldestFirst ? ">" : "<", after)))
    .orderBy("month", direction)
    .orderBy("id", direction)
    .limit(limit)
    .execute();
};

export const trackPoints = async (db: Db, carId: bigint, id: Id<"trip">): Promise<(number | null)[]> => {
  const row = await db
    .selectFrom("vehicles.track")
    .select("points")
    .where("car_id", "=", carId)
    .where("month", "=", monthOf(startOfTripId(id)))
    .where("trip_id", "=", id)
    .executeTakeFirst();
  return (row?.points as (number | null)[] | undefined) ?? [];
};

/** Trips that tell the odometer, in order of time, for reconciliation: only the readings and what was driven. */
export const odometersOfTrips = (db: Db, carId: bigint) =>
  db
    .selectFrom("vehicles.trip")
    .select(["started_at", "ended_at", "distance_m", "odometer_start_m", "odometer_end_m"])
    .where("car_id", "=", carId)
    .where((where) =>
      where.or([where("odometer_end_m", "is not", null), where("odometer_start_m", "is not", null)]),
    )
    .orderBy("month")
    .orderBy("id")
    .execute();

/** Metres of trips that started in a stretch of time, all owners together. */
export const distanceBetween = async (db: Db, carId: bigint, from: Date, to: Date): Promise<number> => {
  const row = await db
    .selectFrom("vehicles.trip")
    .select(sql<number>`coalesce(sum(distance_m), 0)::float8`.as("distance_m"))
    .where("car_id", "=", carId)
    .where("month", ">=", monthOf(from.getTime()))
    .where("month", "<=", monthOf(to.getTime()))
    .where("started_at", ">=", from)
    .where("started_at", "<", to)
    .executeTakeFirstOrThrow();
  return row.distance_m;
};

/** Sums of a vehicle's trips that started since a moment. */
export const sumsSince = async (
  db: Db,
  of: { carId: bigint; vehicleId: Id<"vehicle">; from: Date },
): Promise<{ trips: number; distance_m: number; co2_g: bigint }> =>
  db
    .selectFrom("vehicles.trip")
    .select([
      sql<number>`count(*)::int`.as("trips"),
      sql<number>`coalesce(sum(distance_m), 0)::float8`.as("distance_m"),
      sql<bigint>`coalesce(sum(co2_g), 0)::int8`.as("co2_g"),
    ])
    .where("car_id", "=", of.carId)
    .where("vehicle_id", "=", of.vehicleId)
    .where("month", ">=", monthOf(of.from.getTime()))
    .where("started_at", ">=", of.from)
    .executeTakeFirstOrThrow();
