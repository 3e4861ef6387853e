import type { Db } from "@evx/db";
import { carName, vehiclesOf } from "@evx/garage";
import { importsOfFleetFile, importTrips, rowMapOf } from "@evx/imports";
import { type Id, idOf, type Locale, namedId, Refusal } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { RequestContext } from "@evx/trips";
import * as v from "valibot";
import { refuse } from "./errors.ts";
import type { Part } from "./parts.ts";
import { fleetLimits } from "./policy.ts";
import { fleetImportRow, insertFleetImport, noteRefused } from "./queries/files.ts";
import type * as S from "./schema.ts";
import { bodyOf, type WholeFile, wholeFile } from "./whole-file.ts";

type FleetFile = v.InferOutput<typeof S.FleetFile>;

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
    file,
    part,
    input,
    ...as
  }: { file: WholeFile; part: Part; input: FleetFile } & {
    id: Id<"fleetImport">;
    later: boolean;
    locale: Locale;
  },
): Promise<Refused | null> => {
  const { vehicleColumn: _, ...choices } = file.choices;
  const { contentType, fileName, repeat } = input;
  const { vehicleId, name } = part;
  try {
    await importTrips(
      ctx,
      actor,
      {
        ...choices,
        repeat,
        id: vehicleId,
        content: bodyOf(file, part),
        contentType,
        fileName: fileName || input.name,
        name: "",
      },
      {
        importId: await namedId("import", `${as.id}\n${vehicleId}`),
        locale: as.locale,
        part: {
          of: as.id,
          whole: file.whole,
          rows: rowMapOf(part.rows, file.firstRow),
          later: as.later,
        },
      },
    );
    return null;
  } catch (error) {
    if (!(error instanceof Refusal) || ofWholeFile.has(error.code)) throw error;
    return { vehicleId, name, code: error.code, en: error.sentence("en"), vi: error.sentence("vi") };
  }
};

/**
 * Takes one file of the trips of many cars apart by its vehicle column and imports each car's part: at once where the
 * file is small, else by a job for each car. What names no car of the fleet is counted by name; a car whose part is
 * refused (`import_repeats` and others) is named with the reason, and the others go on. A retry under the same id finds
 * the same imports. Choices that were said are remembered for files with the same header.
 */
export const importFleetTrips = async (
  ctx: RequestContext,
  actor: Pick<Actor, "id">,
  input: FleetFile,
  { id, locale }: { id: Id<"fleetImport">; locale: Locale },
): Promise<v.InferInput<typeof S.FleetImportView>> => {
  const known = await fleetImportRow(ctx.db, id);
  if (known) return showFleetImport(ctx.db, actor, id, locale);
  const file = await wholeFile(ctx.db, actor, input);
  if (file.carColumns.length === 0)
    throw refuse("fleet_names_no_vehicle", { columns: file.header.slice(0, 12).join(", ").slice(0, 200) });
  const later = file.rows > fleetLimits.rowsAtOnce || file.cars.length > fleetLimits.carsAtOnce;
  const refused: Refused[] = [];
  for (const part of file.cars) {
    const problem = await importPart(ctx, actor, { file, part, input, id, later, locale });
    if (problem) refused.push(problem);
  }
  await ctx.transact(async (tx) => {
    await insertFleetImport(tx, {
      id,
      ownerId: actor.id,
      fileName: (input.fileName || input.name).slice(0, 200) || null,
      rows: file.rows,
      unmatched: file.unmatched.slice(0, fleetLimits.unmatched),
      headerKey: file.headerKey,
      choices: file.choices,
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
    return car ? carName(car) : vehicleId;
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
