import type { Db } from "@evx/db";
import { knownHeaders } from "@evx/formats";
import { vehiclesOf } from "@evx/garage";
import { importsOfFleetFile, importTrips, rowMapOf } from "@evx/imports";
import { type Id, idOf, type Locale, namedId, Refusal } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { RequestContext } from "@evx/trips";
import * as v from "valibot";
import { textOfFile } from "./cars-file.ts";
import { refuse } from "./errors.ts";
import { CarMatcher } from "./matching.ts";
import { type Part, partsOf } from "./parts.ts";
import { fleetLimits } from "./policy.ts";
import { fleetImportRow, insertFleetImport, noteRefused } from "./queries/files.ts";
import type * as S from "./schema.ts";

type FleetFile = v.InferOutput<typeof S.FleetFile>;

const streamOf = (text: string) => new Blob([text]).stream() as ReadableStream<Uint8Array>;

type Refused = { vehicleId: Id<"vehicle">; name: string; code: string; en: string; vi: string };

/** What a refusal of a whole file is, not of one car's part: all parts have the same columns. */
const ofWholeFile: ReadonlySet<string> = new Set([
  "import_format_unknown",
  "import_zone_unknown",
  "import_of_charges",
]);

/** Imports one car's part; answers why not, where its part is refused as a whole. */
const importPart = async (
  ctx: RequestContext,
  actor: Pick<Actor, "id">,
  {
    part,
    text,
    input,
    id,
    later,
    locale,
  }: {
    part: Part;
    text: string;
    input: FleetFile;
    id: Id<"fleetImport">;
    later: boolean;
    locale: Locale;
  },
): Promise<Refused | null> => {
  const { content: _, vehicleColumn: __, contentType, ...choices } = input;
  const importId = await namedId("import", `${id}\n${part.vehicleId}`);
  const rows = rowMapOf(part.rows, text.startsWith("[") ? 1 : 2);
  try {
    await importTrips(
      ctx,
      actor,
      { ...choices, id: part.vehicleId, content: streamOf(text), contentType, name: "", vehicle: undefined },
      { importId, locale, part: { of: id, rows, later } },
    );
    return null;
  } catch (error) {
    if (!(error instanceof Refusal) || ofWholeFile.has(error.code)) throw error;
    const { code } = error;
    return {
      vehicleId: part.vehicleId,
      name: part.name,
      code,
      en: error.sentence("en"),
      vi: error.sentence("vi"),
    };
  }
};

/**
 * Takes one file of the trips of many cars apart by its vehicle column and imports each car's part: at once where the
 * file is small, else by a job for each car. What names no car of the fleet is counted by name; a car whose part is
 * refused (`import_repeats` and others) is named with the reason, and the others go on. A retry under the same id finds
 * the same imports.
 */
export const importFleetTrips = async (
  ctx: RequestContext,
  actor: Pick<Actor, "id">,
  input: FleetFile,
  { id, locale }: { id: Id<"fleetImport">; locale: Locale },
): Promise<v.InferInput<typeof S.FleetImportView>> => {
  const known = await fleetImportRow(ctx.db, id);
  if (known) return showFleetImport(ctx.db, actor, id, locale);
  const cars = (await vehiclesOf(ctx.db, actor.id)).filter(({ ownedTo }) => ownedTo === null);
  const vins = new Map(cars.map((car) => [car.id, car.vin]));
  const text = await textOfFile(input.content, fleetLimits.tripsFile, knownHeaders);
  const parts = partsOf(text, {
    matcher: new CarMatcher(cars),
    vinOf: (vehicleId) => vins.get(vehicleId) ?? "",
    vehicleColumn: input.vehicleColumn,
  });
  if (parts.rows === 0) throw refuse("fleet_file_empty");
  const later = parts.rows > fleetLimits.rowsAtOnce || parts.cars.length > fleetLimits.carsAtOnce;
  const refused: Refused[] = [];
  for (const part of parts.cars) {
    const problem = await importPart(ctx, actor, {
      part,
      text: parts.fileOf(part),
      input,
      id,
      later,
      locale,
    });
    if (problem) refused.push(problem);
  }
  await ctx.transact(async (tx) => {
    await insertFleetImport(tx, {
      id,
      ownerId: actor.id,
      fileName: (input.fileName || (input.name ?? "")).slice(0, 200) || null,
      rows: parts.rows,
      unmatched: parts.unmatched.slice(0, fleetLimits.unmatched),
    });
    if (refused.length > 0) await noteRefused(tx, id, refused);
  });
  return showFleetImport(ctx.db, actor, id, locale);
};

const unmatchedIn = v.array(v.object({ name: v.string(), rows: v.number(), firstRow: v.number() }));
const refusedIn = v.array(
  v.object({
    vehicleId: idOf("vehicle"),
    name: v.string(),
    code: v.string(),
    en: v.string(),
    vi: v.string(),
  }),
);

/** How a fleet's file stands: its cars with their imports, cars refused, names of no car. */
export const showFleetImport = async (
  db: Db,
  actor: Pick<Actor, "id">,
  id: Id<"fleetImport">,
  locale: Locale,
): Promise<v.InferInput<typeof S.FleetImportView>> => {
  const row = await fleetImportRow(db, id);
  if (row?.owner_id !== actor.id) throw refuse("fleet_file_unknown");
  const imports = await importsOfFleetFile(db, actor, id, locale);
  const cars = new Map((await vehiclesOf(db, actor.id)).map((car) => [car.id, car]));
  const nameOf = (vehicleId: Id<"vehicle">) => {
    const car = cars.get(vehicleId);
    return car ? (car.plate ?? car.label ?? `${car.make} ${car.model}`) : vehicleId;
  };
  const parsed = v.safeParse(refusedIn, row.refused);
  const refused = parsed.success ? parsed.output : [];
  const sum = (of: "imported" | "duplicates" | "rejectedCount") =>
    imports.reduce((total, each) => total + each[of], 0);
  return {
    id,
    status: imports.some(({ status }) => ["receiving", "queued", "running"].includes(status))
      ? "running"
      : "done",
    fileName: row.file_name,
    rowsRead: Number(row.rows_read),
    imported: sum("imported"),
    duplicates: sum("duplicates"),
    rejectedCount: sum("rejectedCount"),
    cars: [
      ...imports.map((each) => ({
        vehicleId: each.vehicleId,
        name: nameOf(each.vehicleId),
        import: each,
        refusal: null,
      })),
      ...refused.map((each) => ({
        vehicleId: each.vehicleId,
        name: nameOf(each.vehicleId),
        import: null,
        refusal: { code: each.code, message: each[locale] },
      })),
    ],
    unmatched: v.is(unmatchedIn, row.unmatched) ? row.unmatched : [],
    createdAt: row.created_at,
  };
};
