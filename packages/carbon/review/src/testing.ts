import { aUser } from "@evx/accounts/testing";
import type { CertificatePorts, CertificateRow } from "@evx/certificates";
import type { Db, Tx } from "@evx/db";
import { aVehicle, type VehicleInput } from "@evx/garage/testing";
import { type Bound, type Clock, type Id, newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { someTrips, type TripsInput as TripsWish } from "@evx/trips/testing";
import { approveRequest } from "./approvals.ts";
import type { RequestRow } from "./queries/requests.ts";
import { submitRequest } from "./requests.ts";

type World = { db: Db; clock: Clock; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

export type RequestInput = {
  owner?: Actor<"ev_owner">;
  /** A vehicle that is there already; otherwise a new one with trips. */
  vehicleId?: Id<"vehicle">;
  vehicle?: VehicleInput;
  trips?: TripsWish;
  from?: Bound;
  to?: Bound;
};

/** A request in the queue: ten trips of 20 km, 20 kg by the flat method, unless told. */
export const aRequest = async (
  world: World,
  input: RequestInput = {},
): Promise<{ owner: Actor<"ev_owner">; vehicleId: Id<"vehicle">; request: RequestRow }> => {
  const owner = input.owner ?? (await aUser(world));
  let vehicleId = input.vehicleId;
  if (!vehicleId) {
    vehicleId = (await aVehicle(world, owner, input.vehicle)).id;
    await someTrips(world, { id: vehicleId }, { count: 10, ...input.trips });
  }
  const id = newId("request");
  const { from, to } = input;
  const request = await world.transact((tx) => submitRequest(tx, owner, { id, vehicleId, from, to }));
  return { owner, vehicleId, request };
};

/** A request that a new reviewer has approved: its credits are in the owner's wallet. */
export const anIssuedRequest = async (
  world: World,
  ports: CertificatePorts,
  input: RequestInput = {},
): Promise<{
  owner: Actor<"ev_owner">;
  reviewer: Actor<"cva">;
  vehicleId: Id<"vehicle">;
  request: RequestRow;
  certificate: CertificateRow;
}> => {
  const { owner, vehicleId, request } = await aRequest(world, input);
  const reviewer = await aUser(world, { role: "cva" });
  const approved = await world.transact((tx) => approveRequest(tx, ports, reviewer, { id: request.id }));
  if (!approved.certificate) throw new Error("The request needs a second approval");
  return { owner, reviewer, vehicleId, request: approved.request, certificate: approved.certificate };
};
