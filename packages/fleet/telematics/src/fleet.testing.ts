import { garageRouter } from "@evx/garage/router";
import { importJobs } from "@evx/imports/jobs";
import { vehicleImportsRouter } from "@evx/imports/router";
import { mergeRouters } from "@evx/rpc";
import { tripJobs } from "@evx/trips/jobs";
import { tripsRouter } from "@evx/trips/router";
import { telematicsJobs } from "./jobs.ts";
import type { TelematicsPorts } from "./ports.ts";
import { pushRouter } from "./router.ts";
import { handOverPorts } from "./selling.ts";

/** The rooms of the fleet put together as the API does it. */
export const fleetRouter = mergeRouters(
  garageRouter(handOverPorts),
  tripsRouter,
  vehicleImportsRouter,
  pushRouter,
);

export const fleetJobs = (ports: TelematicsPorts) => [...telematicsJobs(ports), ...importJobs, ...tripJobs];
