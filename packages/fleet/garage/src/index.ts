export { handOver } from "./handover.ts";
export type { VehicleClass } from "./policy.ts";
export type { GaragePorts } from "./ports.ts";
export { odometerRows, upsertOdometer } from "./queries/odometer.ts";
export {
  allVehiclesOfOwner,
  lockCar,
  type VehicleRow,
  registrationsOfCar,
  vehicleRow,
  vehiclesOfOwner,
  vehicleWithCar,
} from "./queries/vehicles.ts";
export {
  holdersOf,
  keepImportSettings,
  ownVehicle,
  presentVehicle,
  vehicleById,
  vehiclesOf,
  visibleVehicle,
} from "./vehicles.ts";
export { vehicleView } from "./views.ts";
