import type { Db, Tx } from "@evx/db";
import type { Candidate, QualityTier } from "@evx/formats";
import { lockCar, vehicleWithCar } from "@evx/garage";
import type { Id } from "@evx/kernel";
import { totalsAgainstRecount } from "./queries/totals.ts";
import { prepareMonths, type RecordedCount, recordingFor, recordTrips } from "./recording.ts";

/** What builders need of a test's database. */
type World = { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

export type TripsInput = {
  count?: number;
  /** Start of the first trip; the next ones follow `everyMinutes` later. 2026-01-05, at a minute after 08:00 UTC that no other call has, unless given. */
  from?: Date | string;
  distanceKm?: number;
  minutes?: number;
  everyMinutes?: number;
  /** Null: the car did not tell. 16 kWh/100 km unless given. */
  energyKwh?: number | null;
  quality?: QualityTier;
  notes?: string;
};

export const candidateOf = (start: number, input: TripsInput = {}): Candidate => {
  const distance_m = Math.round((input.distanceKm ?? 20) * 1000);
  return {
    row: 1,
    start,
    end: start + (input.minutes ?? 30) * 60_000,
    precision: "exact",
    distance_m,
    energy_wh:
      input.energyKwh === null
        ? null
        : Math.round(input.energyKwh === undefined ? distance_m * 0.16 : input.energyKwh * 1000),
    energyEstimated: false,
    quality: input.quality ?? "export",
    from: null,
    to: null,
    odometerStart_m: null,
    odometerEnd_m: null,
    notes: input.notes ?? null,
    sourceId: null,
    fingerprint: null,
    flags: [],
    track: null,
  };
};

/** Records candidates for a vehicle as an import would. */
export const recordCandidates = async (
  world: World,
  vehicle: { id: Id<"vehicle"> },
  candidates: readonly Candidate[],
): Promise<RecordedCount> => {
  await prepareMonths(world, candidates);
  return world.transact(async (tx) => {
    const row = await vehicleWithCar(tx, vehicle.id);
    if (!row) throw new Error(`No vehicle ${vehicle.id}`);
    await lockCar(tx, row.car_id);
    return recordTrips(
      tx,
      await recordingFor(tx, row, tx.at, { importId: null, source: "test" }),
      candidates,
    );
  });
};

/** Every car of a test drives at minutes of its own, unless told when: cars with the same trips would be twins. */
let cars = 0;

/** Trips recorded for a vehicle, one a day unless given. Answers how many were new. */
export const someTrips = async (
  world: World,
  vehicle: { id: Id<"vehicle"> },
  input: TripsInput = {},
): Promise<{ imported: number; co2_g: bigint }> => {
  const first = input.from
    ? new Date(input.from).getTime()
    : Date.UTC(2026, 0, 5, 8) + (cars++ % 900) * 60_000;
  const candidates = Array.from({ length: input.count ?? 1 }, (_, n) =>
    candidateOf(first + n * (input.everyMinutes ?? 1_440) * 60_000, input),
  );
  const count = await recordCandidates(world, vehicle, candidates);
  const [rejection] = count.rejections;
  if (rejection) throw new Error(`A trip was refused: ${rejection.code} ${JSON.stringify(rejection.values)}`);
  return { imported: count.imported, co2_g: BigInt(count.co2_g) };
};

/** Throws unless every running total equals a recount of the trips. */
export const expectTotalsMatch = async (db: Db): Promise<void> => {
  const wrong = await totalsAgainstRecount(db);
  if (wrong.length > 0) throw new Error(`Running totals differ from a recount:\n${wrong.join("\n")}`);
};
