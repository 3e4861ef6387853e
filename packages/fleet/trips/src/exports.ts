import type { Db } from "@evx/db";
import { baselineOf, factorsAt } from "@evx/emissions";
import { csvFile, csvPages } from "@evx/files";
import { LocalDays, visibleVehicle } from "@evx/garage";
import type { Locale } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { co2Savings } from "./savings.ts";
import type * as S from "./schema.ts";
import { listTrips } from "./trips.ts";

/** The columns of the file of trips: the importer reads them back. */
const tripColumns = [
  "id",
  "start_time",
  "end_time",
  "distance_km",
  "energy_kwh",
  "co2_saved_kg",
  "status",
  "quality",
  "notes",
  "flags",
  "method",
  // Where the vehicle is; the times are moments in UTC.
  "local_day",
];

/** The method in a column of its own, with what it assumes: a spreadsheet travels without its page. */
const statedMethod = (method: string): string =>
  method === "flat-v1" ? "flat-v1 (assumed for each km and not measured)" : method;

/** A vehicle's savings by period, as a spreadsheet reads it. */
export const savingsCsv = async (
  db: Db,
  actor: Actor,
  input: v.InferOutput<typeof S.SavingsInput>,
  at: Date,
) => {
  const { series, period, method } = await co2Savings(db, actor, input, at);
  return csvFile(
    `co2-by-${period}.csv`,
    [period, "trips", "distance_km", "energy_kwh", "co2_saved_kg", "method"],
    series.map((row) => [
      row.period,
      row.trips,
      row.distanceKm,
      row.energyKwh,
      row.co2SavedKg,
      statedMethod(method),
    ]),
  );
};

/** All of a vehicle's trips that match, streamed; the same columns that the importer reads. */
export const tripsCsv = async (
  db: Db,
  actor: Actor,
  input: v.InferOutput<typeof S.ListTrips>,
  { locale, at }: { locale: Locale; at: Date },
) => {
  const vehicle = await visibleVehicle(db, actor, input.id);
  const { zone } = vehicle;
  const method = statedMethod(
    (await factorsAt(db, vehicle.country_code, at, baselineOf(vehicle.class))).method,
  );
  return csvPages(
    "trips.csv",
    tripColumns,
    (cursor) => listTrips(db, actor, { ...input, limit: 2_000, cursor }, locale),
    async (trips) => {
      const starts = trips.map(({ startTime }) => startTime.getTime());
      const local = starts.length > 0 ? await LocalDays.around(db, zone, starts) : null;
      return trips.map((trip) => [
        trip.id,
        trip.startTime.toISOString(),
        trip.endTime.toISOString(),
        trip.distanceKm,
        trip.energyKwh,
        trip.co2SavedKg,
        trip.status,
        trip.quality,
        trip.notes,
        trip.flags.map((flag) => flag.code).join(" "),
        method,
        local?.dayOf(trip.startTime.getTime()) ?? "",
      ]);
    },
  );
};
