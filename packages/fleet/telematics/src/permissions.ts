import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { refuse } from "./errors.ts";
import { type CarGrant, CarProviderError, type TelematicsPorts } from "./ports.ts";
import { type ConnectionRow, connectionRow, updateConnection } from "./queries/connections.ts";

const MINUTE = 60_000;

export const carsOf = (ports: TelematicsPorts): NonNullable<TelematicsPorts["cars"]> => {
  if (!ports.cars) throw refuse("connections_not_configured");
  return ports.cars;
};

/** The grant to ask with; one that is about to end is renewed first, and the new one kept before it is used. */
export const freshGrant = async (
  job: JobContext,
  ports: TelematicsPorts,
  row: ConnectionRow,
): Promise<CarGrant> => {
  const { provider, vault } = carsOf(ports);
  const text = await vault.openText(row.sealed_grant, row.vehicle_id).catch((cause: unknown) => {
    throw new CarProviderError("reconnect", "The key of this permission is gone", null, { cause });
  });
  const grant = JSON.parse(text) as CarGrant;
  if (Date.parse(grant.expiresAt) - job.clock.now().getTime() >= 5 * MINUTE) return grant;
  const renewed = await provider.refresh(grant);
  const sealed_grant = await vault.sealText(JSON.stringify(renewed), row.vehicle_id);
  await job.transact((tx) => updateConnection(tx, row.id, { sealed_grant }));
  return renewed;
};

/** Takes the permission back at the provider's and forgets the grant; a provider that is silent is told later. */
export const revokePermission = async (
  job: JobContext,
  ports: TelematicsPorts,
  id: Id<"connection">,
): Promise<void> => {
  const row = await connectionRow(job.db, id);
  if (row?.state !== "ended" || row.sealed_grant === "") return;
  if (ports.cars) {
    try {
      const grant = await freshGrant(job, ports, row);
      await ports.cars.provider.disconnect(grant, row.provider_car_id);
    } catch (error) {
      // What is not allowed any more needs no taking back.
      if (!(error instanceof CarProviderError && error.kind === "reconnect")) throw error;
    }
  }
  await job.transact((tx) => updateConnection(tx, id, { sealed_grant: "" }));
};
