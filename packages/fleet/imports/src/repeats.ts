import type { Tx } from "@evx/db";
import { type Candidate, refuseFile } from "@evx/formats";
import { allVehiclesOfOwner, type VehicleRow, vinHashOf } from "@evx/garage";
import { shiftOfTrips, tripSuffix } from "@evx/trips";
import { refuse } from "./errors.ts";
import { type ImportRow, readAtOtherTimes } from "./queries/imports.ts";

const isConfirmed = ({ plan }: ImportRow): boolean =>
  typeof plan === "object" && plan !== null && "repeat" in plan && plan.repeat === true;

const optionOf = ({ options }: ImportRow, name: "zone" | "logBegan"): string =>
  typeof options === "object" && options !== null && name in options
    ? String((options as Record<string, unknown>)[name] ?? "")
    : "";

/**
 * Refuses `import_repeats` for the drives of a car that are recorded already at another time: the same bytes read in
 * another zone or from another day on, or all trips moved by one offset, as an export in UTC is from a local one. Asked before the first stretch,
 * under the car's lock. An owner who was asked says `repeat`; what a device sends is known by its ids instead.
 */
export const refuseRepeats = async (tx: Tx, row: ImportRow, trips: readonly Candidate[]): Promise<void> => {
  const [zone, logBegan] = [optionOf(row, "zone"), optionOf(row, "logBegan")];
  // One log was driven on one day, whatever its owner says.
  if (row.via !== "upload" || (isConfirmed(row) && logBegan === "")) return;
  const again =
    row.sha256 !== null &&
    (await readAtOtherTimes(tx, { carId: row.car_id, sha256: row.sha256, zone, logBegan })) &&
    trips.length > 0 &&
    trips.some(({ precision }) => precision !== "day");
  if (again || (!isConfirmed(row) && (await shiftOfTrips(tx, row.car_id, trips)) !== null))
    throw refuse("import_repeats");
};

const ownTripId = /^trp_[0-9a-hjkmnp-tv-z]{10}([0-9a-hjkmnp-tv-z]{16})$/;

/**
 * Refuses `import_other_vehicle` for our own export of another car's trips: an id of ours ends with its car, so the file
 * names that car although no column does. Of the owner's own cars the refusal says which.
 */
export const refuseOthersTrips = async (
  tx: Tx,
  vehicle: Pick<VehicleRow, "owner_id" | "vin"> & { vin_hash: string },
  trips: readonly Candidate[],
): Promise<void> => {
  const own = tripSuffix(vehicle.vin_hash);
  const other = trips
    .map(({ sourceId }) => (sourceId === null ? undefined : ownTripId.exec(sourceId)?.[1]))
    .find((suffix) => suffix !== undefined && suffix !== own);
  if (other === undefined) return;
  const garage = await allVehiclesOfOwner(tx, vehicle.owner_id);
  const hashes = await Promise.all(garage.map(({ vin }) => vinHashOf(vin)));
  const named = garage.find((_, place) => tripSuffix(hashes[place] as string) === other)?.vin ?? "…";
  throw refuseFile(
    "import_other_vehicle",
    { vin: named, own: vehicle.vin },
    { facts: { vehicles: [named] } },
  );
};
