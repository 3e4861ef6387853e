import type * as v from "valibot";
import type { VehicleRow } from "./queries/vehicles.ts";
import type * as S from "./schema.ts";

export const vehicleView = (row: VehicleRow): v.InferInput<typeof S.VehicleView> => ({
  id: row.id,
  ownerId: row.owner_id,
  make: row.make,
  model: row.model,
  year: row.model_year,
  vin: row.vin,
  class: row.class,
  countryCode: row.country_code,
  batteryKwh: row.battery_wh === null ? null : row.battery_wh / 1000,
  zone: row.zone,
  plate: row.plate,
  label: row.label,
  ownedFrom: row.owned_from,
  ownedTo: row.owned_to,
  createdAt: row.created_at,
});

/** What a letter calls a car: by its plate, else as its owner named it. */
export const carName = ({
  plate,
  label,
  make,
  model,
}: Pick<VehicleRow, "plate" | "label" | "make" | "model">): string => plate ?? label ?? `${make} ${model}`;
