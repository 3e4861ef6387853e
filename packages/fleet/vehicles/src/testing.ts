export { aVehicle, aVin, type VehicleInput as VehicleWish } from "@evx/garage/testing";
export { testCars, testVault } from "@evx/telematics/testing";
export { candidateOf, expectTotalsMatch, someTrips, type TripsInput as TripsWish } from "@evx/trips/testing";
