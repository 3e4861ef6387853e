import type { Tx } from "@evx/db";
import type { Candidate } from "@evx/formats";
import { shiftOfTrips } from "@evx/trips";
import { refuse } from "./errors.ts";
import { type ImportRow, readInOtherZone } from "./queries/imports.ts";

const isConfirmed = ({ plan }: ImportRow): boolean =>
  typeof plan === "object" && plan !== null && "repeat" in plan && plan.repeat === true;

const zoneOf = ({ options }: ImportRow): string =>
  typeof options === "object" && options !== null && "zone" in options ? String(options.zone) : "";

/**
 * Refuses `import_repeats` for the drives of a car that are recorded already at another time: the same bytes read in
 * another zone, or all trips moved by one offset, as an export in UTC is from a local one. Asked before the first stretch,
 * under the car's lock. An owner who was asked says `repeat`; what a device sends is known by its ids instead.
 */
export const refuseRepeats = async (tx: Tx, row: ImportRow, trips: readonly Candidate[]): Promise<void> => {
  if (row.via !== "upload" || isConfirmed(row)) return;
  const again =
    row.sha256 !== null &&
    (await readInOtherZone(tx, { carId: row.car_id, sha256: row.sha256, zone: zoneOf(row) })) &&
    trips.length > 0 &&
    trips.some(({ precision }) => precision !== "day");
  if (again || (await shiftOfTrips(tx, row.car_id, trips)) !== null) throw refuse("import_repeats");
};
