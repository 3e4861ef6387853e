import { inPersonLately } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { carName, lockCar, ownVehicle, presentVehicle } from "@evx/garage";
import { emit, enqueue } from "@evx/jobs";
import { type Id, idOf } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { RequestContext } from "@evx/trips";
import * as v from "valibot";
import { refuse } from "./errors.ts";
import { carConnected } from "./events.ts";
import { takePermissionBack } from "./jobs.ts";
import { carsOf } from "./permissions.ts";
import { CarProviderError, type TelematicsPorts } from "./ports.ts";
import {
  type ConnectionRow,
  insertConnection,
  openConnection,
  updateConnection,
} from "./queries/connections.ts";
import type * as S from "./schema.ts";

const MINUTE = 60_000;

const stateOf = v.object({ vehicleId: idOf("vehicle"), ownerId: v.string(), until: v.number() });

/** Where the owner allows us to read the car. What comes back is bound to this owner and vehicle for half an hour. */
export const startConnection = async (
  db: Db,
  ports: TelematicsPorts,
  actor: Pick<Actor, "id">,
  id: Id<"vehicle">,
  at: Date,
) => {
  const { provider, vault } = carsOf(ports);
  const vehicle = await presentVehicle(db, actor, id);
  const state = JSON.stringify({ vehicleId: id, ownerId: actor.id, until: at.getTime() + 30 * MINUTE });
  return { url: provider.consentUrl(await vault.sealText(state, "connection"), vehicle.vin) };
};

/**
 * Connects after consent: the provider's car must be the one that is registered, by its VIN. It is read after the session has
 * ended: keys connect none (`session_required`), it takes a fresh proof (`proof_required`), and a letter tells of it.
 */
export const finishConnection = async (
  ctx: RequestContext,
  ports: TelematicsPorts,
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
  const vehicle = await ownVehicle(ctx.db, actor, state.output.vehicleId);
  await inPersonLately(ctx.db, actor);
  const { grant, car } = await allowed(async () => {
    const given = await provider.exchange(input.code);
    const cars = await provider.cars(given);
    return { grant: given, car: cars.find(({ vin }) => vin.toUpperCase() === vehicle.vin) };
  });
  if (!car) throw refuse("connection_other_car");
  const sealed_grant = await vault.sealText(JSON.stringify(grant), vehicle.id);
  return ctx.transact(async (tx) => {
    await lockCar(tx, vehicle.car_id);
    await presentVehicle(tx, actor, vehicle.id);
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
    const made = { vehicleId: vehicle.id, ownerId: vehicle.owner_id, car: carName(vehicle) };
    await emit(tx, carConnected, { ...made, at: tx.at.toISOString() });
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
  ports: TelematicsPorts,
  actor: Pick<Actor, "id">,
  id: Id<"vehicle">,
) => {
  await ownVehicle(db, actor, id);
  const row = await openConnection(db, id);
  return { connection: row ? connectionView(row) : null, configured: ports.cars !== null };
};

/** Ends a connection: nothing is read any more, and a job takes the permission back at the provider's. */
export const endConnection = async (
  ctx: RequestContext,
  ports: TelematicsPorts,
  actor: Actor,
  id: Id<"vehicle">,
) => {
  const { car_id } = await ownVehicle(ctx.db, actor, id);
  await ctx.transact(async (tx) => {
    await lockCar(tx, car_id);
    const row = await stopConnection(tx, id);
    if (row) await audit(tx, actor, "connection.end", id, { before: { provider: row.provider } });
  });
  return showConnection(ctx.db, ports, actor, id);
};

/** Ends a vehicle's connection, if it has one: from here on nothing is read. The caller holds the car's lock. */
export const stopConnection = async (
  tx: Tx,
  vehicleId: Id<"vehicle">,
): Promise<ConnectionRow | undefined> => {
  const row = await openConnection(tx, vehicleId);
  if (!row) return undefined;
  await updateConnection(tx, row.id, { state: "ended" });
  await enqueue(tx, takePermissionBack, { connectionId: row.id });
  return row;
};
