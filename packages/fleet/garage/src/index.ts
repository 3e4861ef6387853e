export { findModel } from "./catalogue.ts";
export { handOver } from "./handover.ts";
export { LocalDays } from "./local-days.ts";
export { noteOdometer } from "./odometer.ts";
export { beginOf, daysIn, type Period, periodIn } from "./periods.ts";
export type { VehicleClass } from "./policy.ts";
export type { GaragePorts } from "./ports.ts";
export { odometerRows, upsertOdometer } from "./queries/odometer.ts";
export { registrationRows } from "./queries/registrations.ts";
export {
  allVehiclesOfOwner,
  everyVehicle,
  lockCar,
  registrationsOfCar,
  type VehicleRow,
  vehicleRow,
  vehiclesOfOwner,
  vehicleWithCar,
} from "./queries/vehicles.ts";
export { midnightsOf } from "./queries/zones.ts";
export {
  changeVehicle,
  findVehicles,
  holdersOf,
  keepImportSettings,
  ownVehicle,
  presentVehicle,
  type RegisterInput,
  registerVehicle,
  vehicleById,
  vehiclesOf,
  vinReport,
  visibleVehicle,
} from "./vehicles.ts";
export { carName, vehicleView } from "./views.ts";
export { hashOfVin as vinHashOf, normalVin as vinOf } from "./vin.ts";
