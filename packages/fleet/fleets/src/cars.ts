import type { Tx } from "@evx/db";
import {
  changeVehicle,
  findModel,
  type RegisterInput,
  registerVehicle,
  vehiclesOf,
  vinOf,
} from "@evx/garage";
import { RegisterVehicle } from "@evx/garage/schema";
import { type Id, type Locale, namedId, Refusal } from "@evx/kernel";
import { type Actor, issueSentence } from "@evx/rpc";
import * as v from "valibot";
import type { CarRow } from "./cars-file.ts";
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

/** A row as a registration, or all that is wrong with it. What the catalogue knows of a model needs no cell. */
const registrationOf = ({ row, cells }: CarRow, locale: Locale): RegisterInput | Problem[] => {
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
  if (parsed.success) return parsed.output;
  return parsed.issues.map((issue) => ({
    row,
    field: v.getDotPath(issue) ?? "row",
    code: "input_invalid",
    reason: issueSentence(issue.message, locale),
  }));
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
  const seen = new Set<string>();
  let known = 0;
  for (const row of rows) {
    const input = registrationOf(row, locale);
    if (Array.isArray(input)) {
      rejected.push(...input);
      continue;
    }
    const vin = vinOf(input.vin);
    if (seen.has(vin)) continue;
    seen.add(vin);
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
      rejected.push({ row: row.row, field: fieldOf[code] ?? "row", code, reason: error.sentence(locale) });
    }
  }
  return { created: vehicles.length, known, vehicles, rejected };
};
