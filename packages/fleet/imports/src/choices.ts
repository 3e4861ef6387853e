import type { Tx } from "@evx/db";
import type { ImportOptions } from "@evx/formats";
import { keepImportSettings, ownVehicle, type VehicleRow } from "@evx/garage";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import type * as S from "./schema.ts";

const settingsOf = (vehicle: VehicleRow): Record<string, Partial<ImportOptions>> =>
  typeof vehicle.import_settings === "object" && vehicle.import_settings !== null
    ? (vehicle.import_settings as Record<string, Partial<ImportOptions>>)
    : {};

/** By what choices are remembered: the header, in any order of columns. */
export const headerKey = (header: readonly string[]): string =>
  Bun.hash(
    [...header]
      .map((name) => name.trim())
      .sort()
      .join("\u001f"),
  ).toString(36);

type ImportChoices = {
  [Key in "zone" | "distanceUnit" | "decimal" | "dateOrder" | "mapping" | "vehicle" | "logBegan"]?:
    | ImportOptions[Key]
    | undefined;
};

/** Choices said now, over those remembered for such a file, over the vehicle's zone. */
export const choicesFor =
  (vehicle: VehicleRow, said: ImportChoices) =>
  (header: readonly string[]): ImportOptions => {
    const remembered = settingsOf(vehicle)[headerKey(header)] ?? {};
    return {
      zone: said.zone ?? remembered.zone ?? vehicle.zone,
      distanceUnit: said.distanceUnit ?? remembered.distanceUnit,
      decimal: said.decimal ?? remembered.decimal,
      dateOrder: said.dateOrder ?? remembered.dateOrder,
      mapping: said.mapping ?? remembered.mapping,
      vehicle: said.vehicle ?? remembered.vehicle,
      // Of this file alone: the next log with the same columns is another day's.
      logBegan: said.logBegan,
      vin: vehicle.vin ?? undefined,
      kind: vehicle.class === "motorcycle" ? "two-wheeler" : "car",
      battery_wh: vehicle.battery_wh,
    };
  };

/** Remembers how files with this header are read for a vehicle; the next one needs no questions. */
export const rememberChoices = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.RememberChoices>,
) => {
  const vehicle = await ownVehicle(tx, actor, input.id);
  const settings = settingsOf(vehicle);
  const { id: _, header, ...choices } = input;
  // Twenty layouts are more than a car's life brings; the oldest ones go.
  const kept = Object.entries(settings).slice(-19);
  const next = { ...Object.fromEntries(kept), [headerKey(header)]: choices };
  await keepImportSettings(tx, vehicle.id, next);
  return { ok: true as const };
};
