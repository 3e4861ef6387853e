import { every, type Handler, handle } from "@evx/jobs";
import { pollConnections } from "./connections.ts";
import { endAbandonedImports, runImport } from "./import-job.ts";
import { importFile, takePermissionBack } from "./job-names.ts";
import { releasePermission } from "./permissions.ts";
import type { VehiclePorts } from "./ports.ts";
import { erasePositions } from "./retention.ts";

export const vehicleJobs = (ports: VehiclePorts): readonly Handler[] => [
  every("vehicles.poll_connections", "* * * * *", (job) => pollConnections(job, ports)),
  handle(takePermissionBack, (job, { connectionId }) => releasePermission(job, ports, connectionId)),
  handle(importFile, (job, { importId }) => runImport(job, importId)),
  every("vehicles.end_abandoned_imports", "17 * * * *", endAbandonedImports),
  every("vehicles.erase_positions", "37 2 * * *", erasePositions),
];
