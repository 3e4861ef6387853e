import type { ImportOptions } from "./candidate.ts";
import { refuse } from "./errors.ts";
import { plainHeader } from "./headers.ts";
import { type Survey, vehicleKey } from "./survey.ts";
import { vehicleHeaders } from "./synonyms.ts";

/** The columns of a header that name the car. */
export const vehicleColumnsOf = (header: readonly string[]): number[] =>
  header.flatMap((name, column) => (vehicleHeaders.has(plainHeader(name)) ? [column] : []));

/**
 * Seventeen characters that can be a VIN. In North America (1 to 5 in front) the ninth is a check digit, 0 to 9 or X:
 * loggers mask VINs by letters there, and a masked one names no other car.
 */
export const isVin = (name: string): boolean =>
  /^[A-HJ-NPR-Z0-9]{17}$/.test(name) && (!/^[1-5]/.test(name) || /^.{8}[0-9X]/.test(name));

/**
 * Refuses a file of several cars (`import_several_vehicles`, naming them) unless one is chosen, and a file or choice
 * with a VIN that is not this vehicle's (`import_other_vehicle`).
 */
export const requireOneVehicle = (
  survey: Survey,
  { vehicle, vin }: Pick<ImportOptions, "vehicle" | "vin">,
): void => {
  const several = survey.vehicles.find((names) => names.length > 1);
  const own = vin === undefined ? null : vehicleKey(vin);
  if (several && vehicle === undefined) {
    const vins = survey.vehicles.find(
      (names) => names.length > 1 && names.every((name) => isVin(vehicleKey(name))),
    );
    const vehicles = vins ?? several;
    throw refuse(
      "import_several_vehicles",
      { count: vehicles.length, vehicles: vehicles.slice(0, 10).join(", ") },
      { facts: { vehicles } },
    );
  }
  if (own === null) return;
  const named = vehicle === undefined ? survey.vehicles.flat() : [vehicle];
  const other = named.map(vehicleKey).find((name) => isVin(name) && name !== own);
  if (other !== undefined)
    throw refuse("import_other_vehicle", { vin: other, own }, { facts: { vehicles: [other] } });
};
