export { handOver } from "./handover.ts";
export { noteOdometer } from "./odometer.ts";
export type { VehicleClass } from "./policy.ts";
export type { GaragePorts } from "./ports.ts";
export { odometerRows, upsertOdometer } from "./queries/odometer.ts";
export {
  allVehiclesOfOwner,
  lockCar,
  registrationsOfCar,
  type VehicleRow,
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
export { hashOfVin as vinHashOf } from "./vin.ts";
