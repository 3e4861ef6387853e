import { defineJob, every, type Handler, handle } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { revokePermission } from "./permissions.ts";
import { eraseStaleLastPlaces, pollConnections } from "./polling.ts";
import type { TelematicsPorts } from "./ports.ts";

/** Takes a permission back at the provider's, after its connection has ended. */
export const takePermissionBack = defineJob(
  "vehicles.take_permission_back",
  v.object({ connectionId: idOf("connection") }),
);

export const telematicsJobs = (ports: TelematicsPorts): readonly Handler[] => [
  every("vehicles.poll_connections", "* * * * *", (job) => pollConnections(job, ports)),
  handle(takePermissionBack, (job, { connectionId }) => revokePermission(job, ports, connectionId)),
  every("vehicles.erase_last_places", "47 2 * * *", eraseStaleLastPlaces),
];
