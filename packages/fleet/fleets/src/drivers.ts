import { actorByEmail, displayNames, provenLately, spendInvitation, userById } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { carName, ownVehicle, presentVehicle, vehicleRow } from "@evx/garage";
import { emit } from "@evx/jobs";
import { day_ms, type Id, type Locale, sha256Hex } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { driverEnded, driverInvited, driverJoined } from "./events.ts";
import { fleetLimits } from "./policy.ts";
import {
  type DriverRow,
  driversOfVehicles,
  insertDriver,
  lockDriver,
  updateDriver,
} from "./queries/drivers.ts";
import type * as S from "./schema.ts";

export type DriverView = v.InferInput<typeof S.Driver>;

const secretHash = (secret: string): Promise<string> => sha256Hex(`driver:${secret}`);

/** Drivers and invitations of some cars, by car. */
export const driversOf = async (
  db: Db,
  vehicleIds: readonly Id<"vehicle">[],
  at: Date,
): Promise<Map<Id<"vehicle">, DriverView[]>> => {
  const rows = await driversOfVehicles(db, vehicleIds);
  const names = await displayNames(
    db,
    rows.flatMap(({ user_id }) => (user_id ? [user_id] : [])),
  );
  const found = new Map<Id<"vehicle">, DriverView[]>();
  for (const row of rows) {
    const waits = row.expires_at > at ? "invited" : "lapsed";
    const view: DriverView = {
      id: row.id,
      vehicleId: row.vehicle_id,
      email: row.email,
      name: row.user_id ? (names.get(row.user_id) ?? null) : null,
      state: row.user_id ? "active" : waits,
      invitedAt: row.invited_at,
      joinedAt: row.joined_at,
    };
    found.set(row.vehicle_id, [...(found.get(row.vehicle_id) ?? []), view]);
  }
  return found;
};

export const driversOfCar = async (db: Db, actor: Pick<Actor, "id">, id: Id<"vehicle">, at: Date) => {
  await ownVehicle(db, actor, id);
  return { items: (await driversOf(db, [id], at)).get(id) ?? [] };
};

/** Who may be asked: not the owner, nobody who drives the car already, and no more than the car has shifts. */
const ensureInvitable = async (tx: Tx, owner: Id<"user">, held: readonly DriverRow[], email: string) => {
  const same = held.find((row) => row.email === email);
  if (same?.user_id) throw refuse("driver_invited_already");
  if (!same && held.length >= fleetLimits.drivers)
    throw refuse("driver_too_many", { limit: fleetLimits.drivers });
  const person = await actorByEmail(tx, email);
  if (person?.id === owner) throw refuse("driver_is_owner");
  // Who may not drive learns of it as they accept: whoever asks would learn whose address an operator's is.
  return { same, person };
};

/**
 * Asks somebody to drive a car. The answer's secret opens the invitation for who has no account yet; only its hash is
 * kept. Asked again, the invitation is renewed under a new secret. A driver sees trips after the session has ended that asked
 * them: in one it takes a fresh proof (`proof_required`).
 */
export const inviteDriver = async (
  tx: Tx,
  actor: Pick<Actor, "id" | "role" | "sessionId">,
  input: { id: Id<"vehicle">; email: string },
  { driverId, locale }: { driverId: Id<"driver">; locale: Locale },
): Promise<{ driver: DriverView; secret: string }> => {
  const vehicle = await presentVehicle(tx, actor, input.id);
  await provenLately(tx, actor);
  const held = await driversOfVehicles(tx, [vehicle.id]);
  const { same, person } = await ensureInvitable(tx, actor.id, held, input.email);
  const { ok, minutes } = await spendInvitation(tx, { by: actor.id, email: input.email });
  if (!ok) throw refuse("driver_letters_limited", { minutes });
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");
  const id = same?.id ?? driverId;
  const asked = {
    secret_hash: await secretHash(secret),
    invited_at: tx.at,
    expires_at: new Date(tx.at.getTime() + fleetLimits.invitation_days * day_ms),
  };
  if (same) await updateDriver(tx, id, asked);
  else
    await insertDriver(tx, { id, vehicle_id: vehicle.id, owner_id: actor.id, email: input.email, ...asked });
  const car = carName(vehicle);
  const ownerName = (await displayNames(tx, [actor.id])).get(actor.id) ?? "–";
  await emit(tx, driverInvited, {
    driverId: id,
    vehicleId: vehicle.id,
    ownerId: actor.id,
    email: input.email,
    userId: person?.id ?? null,
    car,
    ownerName,
    locale,
  });
  await audit(tx, actor, "driver.invite", vehicle.id, { after: { driverId: id, email: input.email } });
  const [driver] = ((await driversOf(tx, [vehicle.id], tx.at)).get(vehicle.id) ?? []).filter(
    (each) => each.id === id,
  );
  if (!driver) throw new Error(`${id} was just written`);
  return { driver, secret };
};

/** Whether the person is who was asked: by the link's secret, or by the confirmed address. */
const isAsked = async (
  tx: Tx,
  actor: Actor,
  row: DriverRow,
  secret: string | undefined,
): Promise<boolean> => {
  if (secret !== undefined) return (await secretHash(secret)) === row.secret_hash;
  return actor.emailVerified && (await userById(tx, actor.id))?.email === row.email;
};

/** Accepts an invitation. Refuses who was not asked (`driver_unknown`), and auditors and operators. */
export const joinAsDriver = async (
  tx: Tx,
  actor: Actor,
  input: { driverId: Id<"driver">; secret?: string | undefined },
): Promise<void> => {
  const row = await lockDriver(tx, input.driverId);
  if (!row || !(await isAsked(tx, actor, row, input.secret))) throw refuse("driver_unknown");
  if (actor.role === "cva" || actor.role === "admin") throw refuse("driver_role_other");
  if (row.user_id === actor.id && row.ended_at === null) return;
  if (row.owner_id === actor.id) throw refuse("driver_is_owner");
  if (row.ended_at || row.user_id || row.expires_at <= tx.at) throw refuse("driver_invitation_over");
  const vehicle = await vehicleRow(tx, row.vehicle_id);
  if (!vehicle || vehicle.owned_to) throw refuse("driver_invitation_over");
  await updateDriver(tx, row.id, { user_id: actor.id, joined_at: tx.at });
  const of = { driverId: row.id, vehicleId: row.vehicle_id, ownerId: row.owner_id, userId: actor.id };
  await emit(tx, driverJoined, { ...of, car: carName(vehicle) });
  await audit(tx, actor, "driver.join", row.vehicle_id, { after: { driverId: row.id } });
};

/** Ends a driver's time with a car, or takes an invitation back: by the owner, or by the driver, who leaves or declines. */
export const endDriver = async (
  tx: Tx,
  actor: Actor,
  { driverId }: { driverId: Id<"driver"> },
): Promise<void> => {
  const row = await lockDriver(tx, driverId);
  const mine =
    row !== undefined &&
    (row.user_id === actor.id || (row.user_id === null && (await isAsked(tx, actor, row, undefined))));
  if (!row || (row.owner_id !== actor.id && !mine)) throw refuse("driver_unknown");
  if (row.ended_at) return;
  const by = row.owner_id === actor.id ? "owner" : "driver";
  await updateDriver(tx, row.id, { ended_at: tx.at, ended_by: by });
  const vehicle = await vehicleRow(tx, row.vehicle_id);
  await emit(tx, driverEnded, {
    driverId: row.id,
    vehicleId: row.vehicle_id,
    ownerId: row.owner_id,
    userId: row.user_id,
    by,
    car: vehicle ? carName(vehicle) : "–",
  });
  await audit(tx, actor, by === "owner" ? "driver.remove" : "driver.leave", row.vehicle_id, {
    before: { driverId: row.id, email: row.email },
  });
};
