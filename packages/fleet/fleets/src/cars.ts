import type { Tx } from "@evx/db";
import {
  changeVehicle,
  findModel,
  type RegisterInput,
  registerVehicle,
  vehiclesOf,
  vinOf,
  vinReport,
} from "@evx/garage";
import { refuse as refuseVehicle } from "@evx/garage/errors";
import { RegisterVehicle } from "@evx/garage/schema";
import { type Id, type Locale, namedId, Refusal } from "@evx/kernel";
import { type Actor, issueSentence } from "@evx/rpc";
import * as v from "valibot";
import type { CarField, CarRow } from "./cars-file.ts";
import { refuse } from "./errors.ts";
import type * as S from "./schema.ts";

type Problem = v.InferInput<typeof S.RowProblem>;

/** The columns that refusals of a registration speak of. */
const fieldOf: Readonly<Record<string, string>> = {
  vehicle_vin_malformed: "vin",
  vehicle_vin_check_digit: "vin",
  vehicle_registered: "vin",
  vehicle_of_another: "vin",
  vehicle_year_impossible: "year",
};

/** A problem of a row, under the header that its column has in the file. */
const problemOf = (
  { row, headers }: CarRow,
  field: string,
  { code, reason }: { code: string; reason: string },
): Problem => ({
  row,
  field,
  column: headers[field as CarField] ?? null,
  code,
  reason,
});

const told = (refusal: Refusal, locale: Locale) => ({
  code: refusal.code,
  reason: refusal.sentence(locale),
});

/** What is wrong with a row's VIN and year by themselves, so that one look at the file names everything. */
const factProblems = (row: CarRow, at: Date, locale: Locale): Problem[] => {
  const { cells } = row;
  const problems: Problem[] = [];
  const report = cells.vin === undefined ? null : vinReport(cells.vin, locale);
  if (report && !report.acceptable && report.finding) {
    const { code, message } = report.finding;
    problems.push(problemOf(row, "vin", { code, reason: message }));
  }
  const year = /^\d+$/.test(cells.year ?? "") ? Number(cells.year) : null;
  if (year !== null && (year < 1990 || year > at.getUTCFullYear() + 1)) {
    const code = "vehicle_year_impossible";
    problems.push(problemOf(row, "year", { code, reason: refuseVehicle(code).sentence(locale) }));
  }
  return problems;
};

/** A row as a registration, or all that is wrong with it. What the catalogue knows of a model needs no cell. */
const registrationOf = (row: CarRow, at: Date, locale: Locale): RegisterInput | Problem[] => {
  const { cells } = row;
  if (row.broken) return [problemOf(row, "row", told(refuse("fleet_row_broken"), locale))];
  const known = findModel(cells.make ?? "", cells.model ?? "");
  const parsed = v.safeParse(RegisterVehicle, {
    make: cells.make,
    model: cells.model,
    year: cells.year,
    vin: cells.vin,
    countryCode: (cells.countryCode ?? "VN").toUpperCase(),
    batteryKwh: cells.batteryKwh?.replace(",", ".") ?? known?.batteryKwh,
    class: cells.class?.toLowerCase(),
    plate: cells.plate,
    label: cells.label,
  });
  const issues = (parsed.issues ?? []).map((issue) =>
    problemOf(row, v.getDotPath(issue) ?? "row", {
      code: "input_invalid",
      reason: issueSentence(issue.message, locale),
    }),
  );
  const problems = [...issues, ...factProblems(row, at, locale)];
  return parsed.success && problems.length === 0 ? parsed.output : problems;
};

/**
 * Registers the cars of a file, all in one transaction: rows that cannot be are named, every problem of each, and the
 * others are saved. A car that is the owner's already is no problem: its plate and name are taken over from the row.
 */
export const addCars = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  { rows, id, locale }: { rows: readonly CarRow[]; id: Id<"vehicle">; locale: Locale },
): Promise<v.InferInput<typeof S.CarsAnswer>> => {
  const rejected: Problem[] = [];
  const vehicles: v.InferInput<typeof S.CarsAnswer>["vehicles"] = [];
  const own = new Map((await vehiclesOf(tx, actor.id)).map((vehicle) => [vehicle.vin, vehicle]));
  const seen = new Map<string, number>();
  let known = 0;
  for (const row of rows) {
    const input = registrationOf(row, tx.at, locale);
    if (Array.isArray(input)) {
      rejected.push(...input);
      continue;
    }
    const vin = vinOf(input.vin);
    const first = seen.get(vin);
    if (first !== undefined) {
      rejected.push(problemOf(row, "vin", told(refuse("fleet_vin_twice", { row: first }), locale)));
      continue;
    }
    seen.set(vin, row.row);
    const present = own.get(vin);
    if (present && present.ownedTo === null) {
      known++;
      const { plate, label } = input;
      if (plate || label)
        await changeVehicle(tx, actor, {
          id: present.id,
          ...(plate ? { plate } : {}),
          ...(label ? { label } : {}),
        });
      continue;
    }
    try {
      const named = await namedId("vehicle", `${id}\n${vin}`);
      vehicles.push((await registerVehicle(tx, actor, input, { id: named, locale })).vehicle);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code } = error;
      rejected.push(problemOf(row, fieldOf[code] ?? "row", { code, reason: error.sentence(locale) }));
    }
  }
  return { created: vehicles.length, known, vehicles, rejected };
};
