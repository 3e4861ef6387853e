import { emissionsRouter } from "@evx/emissions/router";
import { garageRouter } from "@evx/garage/router";
import { vehicleImportsRouter } from "@evx/imports/router";
import { mergeRouters } from "@evx/rpc";
import { handOverPorts } from "@evx/telematics";
import { pushRouter } from "@evx/telematics/router";
import { tripsRouter } from "@evx/trips/router";

export { importsRouter } from "@evx/imports/router";
export { connectionsRouter } from "@evx/telematics/router";

export const vehiclesRouter = mergeRouters(
  garageRouter(handOverPorts),
  tripsRouter,
  vehicleImportsRouter,
  pushRouter,
  emissionsRouter,
);
