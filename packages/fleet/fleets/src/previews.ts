import type { Db } from "@evx/db";
import { previewTrips } from "@evx/imports";
import type { Locale } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import type { Part } from "./parts.ts";
import { fleetLimits } from "./policy.ts";
import type * as S from "./schema.ts";
import { bodyOf, type WholeFile, wholeFile } from "./whole-file.ts";

type Preview = v.InferInput<typeof S.FleetPreview>;

/** How a car's part would be read, its rows numbered as in the whole file. */
const tripsOf = async (
  db: Db,
  actor: Pick<Actor, "id">,
  { file, part, contentType, locale }: { file: WholeFile; part: Part; contentType: string; locale: Locale },
): Promise<NonNullable<Preview["trips"]>> => {
  const { vehicleColumn: _, ...choices } = file.choices;
  const body = { content: bodyOf(file, part), contentType, fileName: "", name: "" };
  const seen = await previewTrips(db, actor, { id: part.vehicleId, ...body, ...choices }, locale, file.whole);
  const inFile = <Row extends { row: number }>(row: Row): Row => ({
    ...row,
    row: part.rows[row.row - file.firstRow] ?? row.row,
  });
  return { ...seen, rows: seen.rows.map(inFile), rejected: seen.rejected.map(inFile) };
};

/**
 * Shows how a file of many cars would be taken apart and read, and records nothing: which columns name the car, which of
 * the fleet's cars it names, what names none, and the trips of the car with the most rows.
 */
export const previewFleetTrips = async (
  db: Db,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.FleetFile>,
  locale: Locale,
): Promise<Preview> => {
  const file = await wholeFile(db, actor, input);
  const cars = file.cars.toSorted((a, b) => b.rows.length - a.rows.length);
  const [most] = cars;
  return {
    header: [...file.header],
    vehicleColumns: file.carColumns,
    rows: file.rows,
    cars: cars.map(({ vehicleId, rows }) => ({ vehicleId, name: file.nameOf(vehicleId), rows: rows.length })),
    unmatched: file.unmatched.slice(0, fleetLimits.unmatched),
    trips: most
      ? await tripsOf(db, actor, { file, part: most, contentType: input.contentType, locale })
      : null,
  };
};
