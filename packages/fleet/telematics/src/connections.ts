import type { Db, Tx } from "@evx/db";
import { audit } from "@evx/identity";
import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import * as v from "valibot";
import { refuse } from "./errors.ts";
import type { Candidate } from "./import/candidate.ts";
import { energyFromCharge } from "./import/cells.ts";
import { type Edge, prepareMonths, recordingFor } from "./imports.ts";
import { carsOf, freshGrant, stopConnection } from "./permissions.ts";
import { CarProviderError, type CarReading, type VehiclePorts } from "./ports.ts";
import {
  type ConnectionRow,
  connectionRow,
  insertConnection,
  lockConnection,
  openConnection,
  takeDueConnections,
  updateConnection,
} from "./queries/connections.ts";
import { lockCar, upsertOdometer, vehicleWithCar } from "./queries/vehicles.ts";
import { recordTrips } from "./record.ts";
import type * as S from "./schema.ts";
import { ownVehicle } from "./vehicles.ts";

const MINUTE = 60_000;
/** A car is asked so often while all goes well; a failed one after 5, 10, 20 … minutes, at most twice a day. */
const POLL_MS = 15 * MINUTE;
const backOff = (failures: number): number =>
  Math.min(5 * MINUTE * 2 ** Math.max(0, failures - 1), 720 * MINUTE);
/** Moving a parked car about the yard is no trip. */
const LEAST_M = 100;
const ASSUMED_KMH = 40;

const stateOf = v.object({ vehicleId: v.string(), ownerId: v.string(), until: v.number() });

const stillOwned = async (db: Db, actor: Pick<Actor, "id">, id: Id<"vehicle">) => {
  const vehicle = await ownVehicle(db, actor, id);
  if (vehicle.owned_to)
    throw refuse("vehicle_handed_over", { date: vehicle.owned_to.toISOString().slice(0, 10) });
  return vehicle;
};

/** Where the owner allows us to read the car. What comes back is bound to this owner and vehicle for half an hour. */
export const startConnection = async (
  db: Db,
  ports: VehiclePorts,
  actor: Pick<Actor, "id">,
  id: Id<"vehicle">,
  at: Date,
) => {
  const { provider, vault } = carsOf(ports);
  const vehicle = await stillOwned(db, actor, id);
  const state = JSON.stringify({ vehicleId: id, ownerId: actor.id, until: at.getTime() + 30 * MINUTE });
  return { url: provider.consentUrl(await vault.sealText(state, "connection"), vehicle.vin) };
};

/** Connects after consent: the provider's car must be the one that is registered, by its VIN. */
export const finishConnection = async (
  edge: Edge,
  ports: VehiclePorts,
  actor: Actor,
  input: v.InferOutput<typeof S.FinishConnection>,
  { id, at }: { id: Id<"connection">; at: Date },
): Promise<v.InferInput<typeof S.ConnectionAnswer>> => {
  const { provider, vault } = carsOf(ports);
  const text = await vault.openText(input.state, "connection").catch(() => "null");
  const state = v.safeParse(stateOf, JSON.parse(text));
  if (!state.success || state.output.ownerId !== actor.id || state.output.until < at.getTime()) {
    throw refuse("connection_state_invalid");
  }
  const vehicle = await ownVehicle(edge.db, actor, state.output.vehicleId as Id<"vehicle">);
  const { grant, car } = await allowed(async () => {
    const given = await provider.exchange(input.code);
    const cars = await provider.cars(given);
    return { grant: given, car: cars.find(({ vin }) => vin.toUpperCase() === vehicle.vin) };
  });
  if (!car) throw refuse("connection_other_car");
  const sealed_grant = await vault.sealText(JSON.stringify(grant), vehicle.id);
  return edge.transact(async (tx) => {
    await lockCar(tx, vehicle.car_id);
    await stillOwned(tx, actor, vehicle.id);
    const open = await openConnection(tx, vehicle.id);
    const fresh = {
      provider_car_id: car.id,
      sealed_grant,
      state: "active" as const,
      failures: 0,
      last_error: null,
      next_poll_at: tx.at,
    };
    if (open) await updateConnection(tx, open.id, fresh);
    else
      await insertConnection(tx, {
        ...fresh,
        id,
        vehicle_id: vehicle.id,
        provider: provider.name,
        created_at: tx.at,
      });
    await audit(tx, actor, "connection.start", vehicle.id, { after: { provider: provider.name } });
    const row = await openConnection(tx, vehicle.id);
    return { connection: row ? connectionView(row) : null, configured: true };
  });
};

const allowed = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof CarProviderError)
      throw refuse(
        cause.kind === "later" ? "connection_provider_silent" : "connection_state_invalid",
        {},
        { cause },
      );
    throw cause;
  }
};

const connectionView = (
  row: ConnectionRow,
): NonNullable<v.InferInput<typeof S.ConnectionAnswer>["connection"]> => ({
  id: row.id,
  vehicleId: row.vehicle_id,
  provider: row.provider,
  state: row.state,
  failures: row.failures,
  polledAt: row.polled_at,
  readAt: row.read_at,
  nextPollAt: row.next_poll_at,
  odometerKm: row.odometer_m === null ? null : row.odometer_m / 1000,
});

/** A vehicle's connection and its state, for its page. */
export const showConnection = async (
  db: Db,
  ports: VehiclePorts,
  actor: Pick<Actor, "id">,
  id: Id<"vehicle">,
) => {
  await ownVehicle(db, actor, id);
  const row = await openConnection(db, id);
  return { connection: row ? connectionView(row) : null, configured: ports.cars !== null };
};

/** Ends a connection: nothing is read any more, and a job takes the permission back at the provider's. */
export const endConnection = async (edge: Edge, ports: VehiclePorts, actor: Actor, id: Id<"vehicle">) => {
  const { car_id } = await ownVehicle(edge.db, actor, id);
  await edge.transact(async (tx) => {
    await lockCar(tx, car_id);
    const row = await stopConnection(tx, id);
    if (row) await audit(tx, actor, "connection.end", id, { before: { provider: row.provider } });
  });
  return showConnection(edge.db, ports, actor, id);
};

/** Asks every car that is due. One that fails holds nobody up. */
export const pollConnections = async (job: JobContext, ports: VehiclePorts): Promise<void> => {
  if (!ports.cars) return;
  for (;;) {
    const due = await job.transact((tx) =>
      takeDueConnections(tx, 20, new Date(tx.at.getTime() + 10 * MINUTE)),
    );
    await Promise.all(due.map((id) => pollOne(job, ports, id)));
    if (due.length < 20) return;
  }
};

const pollOne = async (job: JobContext, ports: VehiclePorts, id: Id<"connection">): Promise<void> => {
  const row = await connectionRow(job.db, id);
  if (!row || row.state === "ended" || row.state === "lost") return;
  try {
    const reading = await readCar(job, ports, row);
    await noteReading(job, row, reading);
  } catch (error) {
    if (!(error instanceof CarProviderError)) throw error;
    await job.transact((tx) => noteFailure(tx, id, error));
  }
};

/** What the car says now. */
const readCar = async (job: JobContext, ports: VehiclePorts, row: ConnectionRow): Promise<CarReading> => {
  const grant = await freshGrant(job, ports, row);
  const reading = await carsOf(ports).provider.read(grant, row.provider_car_id);
  return Number.isNaN(reading.at.getTime()) ? { ...reading, at: job.clock.now() } : reading;
};

const noteFailure = async (tx: Tx, id: Id<"connection">, error: CarProviderError): Promise<void> => {
  const held = await lockConnection(tx, id);
  if (!held || held.state === "ended") return;
  const failures = held.failures + 1;
  const wait = Math.max(backOff(failures), (error.retryAfterSeconds ?? 0) * 1000);
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
  const vehicle = await vehicleWithCar(job.db, row.vehicle_id);
  if (!vehicle) return;
  const drive = driveBetween(row, reading, vehicle.battery_wh);
  if (drive) await prepareMonths(job, [drive]);
  await job.transact(async (tx) => {
    await lockCar(tx, vehicle.car_id);
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
    }
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
