import type { Db } from "@evx/db";
import type { Locale } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { csvLine } from "./csv.ts";
import { co2Savings } from "./savings.ts";
import type * as S from "./schema.ts";
import { listTrips } from "./trips.ts";

const encoder = new TextEncoder();

/** A vehicle's savings by period, as a spreadsheet reads it. */
export const savingsCsv = async (
  db: Db,
  actor: Actor,
  input: v.InferOutput<typeof S.SavingsInput>,
  at: Date,
) => {
  const { series, period } = await co2Savings(db, actor, input, at);
  const lines = series.map((row) =>
    csvLine([row.period, row.trips, row.distanceKm, row.energyKwh, row.co2SavedKg]),
  );
  const text = `\uFEFF${csvLine([period, "trips", "distance_km", "energy_kwh", "co2_saved_kg"])}${lines.join("")}`;
  return {
    contentType: "text/csv; charset=utf-8",
    fileName: `co2-by-${period}.csv`,
    content: new Blob([encoder.encode(text)]).stream(),
  };
};

/** All of a vehicle's trips that match, streamed; the same columns that the importer reads. */
export const tripsCsv = async (
  db: Db,
  actor: Actor,
  input: v.InferOutput<typeof S.ListTrips>,
  locale: Locale,
) => {
  let cursor: string | undefined;
  // Read before the stream starts, so that a refusal is an answer and not a broken file.
  let page: Awaited<ReturnType<typeof listTrips>> | null = await listTrips(
    db,
    actor,
    { ...input, limit: 100 },
    locale,
  );
  const content = new ReadableStream<Uint8Array>({
    start: (controller) =>
      controller.enqueue(
        encoder.encode(
          `\uFEFF${csvLine(["id", "start_time", "end_time", "distance_km", "energy_kwh", "co2_saved_kg", "status", "quality", "notes", "flags"])}`,
        ),
      ),
    pull: async (controller) => {
      page ??= await listTrips(db, actor, { ...input, limit: 2_000, cursor }, locale);
      const lines = page.items.map((trip) =>
        csvLine([
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
        ]),
      );
      controller.enqueue(encoder.encode(lines.join("")));
      cursor = page.nextCursor ?? undefined;
      page = null;
      if (cursor === undefined) controller.close();
    },
  });
  return { contentType: "text/csv; charset=utf-8", fileName: "trips.csv", content };
};
