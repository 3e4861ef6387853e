import { mayAct } from "@evx/accounts";
import type { Tx } from "@evx/db";
import { type Candidate, energyFromCharge } from "@evx/formats";
import { lockCar, upsertOdometer, vehicleWithCar } from "@evx/garage";
import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { earnTiers, positionsKeptFrom, prepareMonths, recordingFor, recordTrips } from "@evx/trips";
import { carsOf, freshGrant } from "./permissions.ts";
import { CarProviderError, type CarReading, type TelematicsPorts } from "./ports.ts";
import {
  type ConnectionRow,
  connectionRow,
  eraseLastPlaces,
  lockConnection,
  takeDueConnections,
  updateConnection,
} from "./queries/connections.ts";

const MINUTE = 60_000;
/** A car is asked so often while all goes well; a failed one after 5, 10, 20 … minutes, at most twice a day. */
const POLL_MS = 15 * MINUTE;
const pauseAfter = (failures: number): number =>
  Math.min(5 * MINUTE * 2 ** Math.max(0, failures - 1), 720 * MINUTE);
/** Moving a parked car about the yard is no trip. */
const LEAST_M = 100;
const ASSUMED_KMH = 40;

/** Asks every car that is due. One that fails holds nobody up. */
export const pollConnections = async (job: JobContext, ports: TelematicsPorts): Promise<void> => {
  if (!ports.cars) return;
  for (;;) {
    const due = await job.transact((tx) =>
      takeDueConnections(tx, 20, new Date(tx.at.getTime() + 10 * MINUTE)),
    );
    await Promise.all(due.map((id) => pollOne(job, ports, id)));
    if (due.length < 20) return;
  }
};

const pollOne = async (job: JobContext, ports: TelematicsPorts, id: Id<"connection">): Promise<void> => {
  const row = await connectionRow(job.db, id);
  if (!row || row.state === "ended" || row.state === "lost") return;
  if (!(await asksFor(job, row))) return job.transact((tx) => forgetReading(tx, id));
  try {
    const reading = await readCar(job, ports, row);
    await noteReading(job, row, reading);
  } catch (error) {
    if (!(error instanceof CarProviderError)) throw error;
    await job.transact((tx) => noteFailure(tx, id, error));
  }
};

/** Whether the car's owner may act: nothing is asked for somebody who was shut out. */
const asksFor = async (job: JobContext, row: ConnectionRow): Promise<boolean> => {
  const vehicle = await vehicleWithCar(job.db, row.vehicle_id);
  return vehicle !== undefined && (await mayAct(job.db, vehicle.owner_id)) !== null;
};

/** What is driven meanwhile is no drive later: the next reading begins anew. */
const forgetReading = async (tx: Tx, id: Id<"connection">): Promise<void> => {
  await updateConnection(tx, id, {
    read_at: null,
    odometer_m: null,
    next_poll_at: new Date(tx.at.getTime() + pauseAfter(99)),
  });
};

/** What the car says now. */
const readCar = async (job: JobContext, ports: TelematicsPorts, row: ConnectionRow): Promise<CarReading> => {
  const grant = await freshGrant(job, ports, row);
  const reading = await carsOf(ports).provider.read(grant, row.provider_car_id);
  return Number.isNaN(reading.at.getTime()) ? { ...reading, at: job.clock.now() } : reading;
};

const noteFailure = async (tx: Tx, id: Id<"connection">, error: CarProviderError): Promise<void> => {
  const held = await lockConnection(tx, id);
  if (!held || held.state === "ended") return;
  const failures = held.failures + 1;
  const wait = Math.max(pauseAfter(failures), (error.retryAfterSeconds ?? 0) * 1000);
  await updateConnection(tx, id, {
    state: error.kind === "reconnect" ? "lost" : "waiting",
    failures,
    last_error: error.message.slice(0, 300),
    polled_at: tx.at,
    next_poll_at: new Date(tx.at.getTime() + wait),
  });
};

/** The drive between two readings: it ended by the later one, and began no earlier than its distance needs. */
const driveBetween = (
  before: ConnectionRow,
  reading: CarReading,
  battery_wh: number | null,
): Candidate | null => {
  if (before.read_at === null || before.odometer_m === null) return null;
  const distance_m = reading.odometer_m - before.odometer_m;
  const end = reading.at.getTime();
  if (distance_m < LEAST_M || end <= before.read_at.getTime()) return null;
  const driving = Math.max(MINUTE, Math.round((distance_m * 3600) / ASSUMED_KMH));
  const energy_wh =
    before.charge_bp === null || reading.charge_bp === null
      ? null
      : energyFromCharge(before.charge_bp - reading.charge_bp, battery_wh, 500);
  const from =
    before.lat_e6 === null || before.lon_e6 === null
      ? null
      : { lat_e6: before.lat_e6, lon_e6: before.lon_e6 };
  return {
    row: 1,
    start: Math.max(before.read_at.getTime(), end - driving),
    end,
    precision: "estimated",
    distance_m,
    energy_wh,
    energyEstimated: energy_wh !== null,
    quality: "connected",
    from,
    to: reading.position,
    odometerStart_m: before.odometer_m,
    odometerEnd_m: reading.odometer_m,
    notes: null,
    sourceId: null,
    fingerprint: null,
    flags: [],
    track: null,
  };
};

const noteReading = async (job: JobContext, row: ConnectionRow, reading: CarReading): Promise<void> => {
  const known = await vehicleWithCar(job.db, row.vehicle_id);
  if (!known) return;
  const drive = driveBetween(row, reading, known.battery_wh);
  if (drive) await prepareMonths(job, [drive]);
  await job.transact(async (tx) => {
    await lockCar(tx, known.car_id);
    // Read again under the lock: a hand-over may have come first.
    const vehicle = (await vehicleWithCar(tx, row.vehicle_id)) ?? known;
    const held = await lockConnection(tx, row.id);
    // Ended meanwhile, or another worker noted a reading since: this drive would count twice.
    if (!held || held.state === "ended" || held.read_at?.getTime() !== row.read_at?.getTime()) return;
    const next = {
      state: "active" as const,
      failures: 0,
      last_error: null,
      polled_at: tx.at,
      next_poll_at: new Date(tx.at.getTime() + POLL_MS),
    };
    const backwards = held.odometer_m !== null && reading.odometer_m < held.odometer_m;
    if (backwards || (held.read_at && reading.at <= held.read_at))
      return void (await updateConnection(tx, row.id, next));
    await upsertOdometer(tx, {
      car_id: vehicle.car_id,
      read_at: reading.at,
      vehicle_id: vehicle.id,
      odometer_m: reading.odometer_m,
      source: "connection",
    });
    if (drive) {
      const into = await recordingFor(tx, vehicle, tx.at, {
        importId: null,
        source: row.provider,
        connected: true,
      });
      await recordTrips(tx, into, [drive]);
    } else await earnTiers(tx, { carId: vehicle.car_id, vehicleId: vehicle.id });
    await updateConnection(tx, row.id, {
      ...next,
      read_at: reading.at,
      odometer_m: reading.odometer_m,
      charge_bp: reading.charge_bp,
      lat_e6: reading.position?.lat_e6 ?? null,
      lon_e6: reading.position?.lon_e6 ?? null,
    });
  });
};

/** Forgets where cars stood when they were last asked, once that is longer ago than positions are kept. */
export const eraseStaleLastPlaces = async (job: JobContext): Promise<void> => {
  const before = await positionsKeptFrom(job.db, job.clock.now());
  await job.transact((tx) => eraseLastPlaces(tx, before));
};
