import { emissionsRouter } from "@evx/emissions/router";
import { drivingRouter, fleetRouter } from "@evx/fleets/router";
import { garageRouter } from "@evx/garage/router";
import { importJobs } from "@evx/imports/jobs";
import { importsRouter, vehicleImportsRouter } from "@evx/imports/router";
import type { Handler } from "@evx/jobs";
import { mergeRouters } from "@evx/rpc";
import { handOverPorts, type TelematicsPorts } from "@evx/telematics";
import { telematicsJobs } from "@evx/telematics/jobs";
import { connectionsRouter, pushRouter } from "@evx/telematics/router";
import { tripJobs } from "@evx/trips/jobs";
import { tripsRouter } from "@evx/trips/router";

/** The fleet's rooms under one name on the wire. */
export const vehiclesRouter = mergeRouters(
  garageRouter(handOverPorts),
  tripsRouter,
  vehicleImportsRouter,
  pushRouter,
  emissionsRouter,
);

export { connectionsRouter, drivingRouter, fleetRouter, importsRouter };

/** What the fleet's rooms do behind. */
export const vehicleJobs = (ports: TelematicsPorts): readonly Handler[] => [
  ...telematicsJobs(ports),
  ...importJobs,
  ...tripJobs,
];
