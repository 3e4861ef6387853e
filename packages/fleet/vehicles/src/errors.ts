export { refuse as refuseFile } from "@evx/formats/errors";
export { refuse as refuseVehicle } from "@evx/garage/errors";
export { refuse as refuseImport } from "@evx/imports/errors";
export { refuse as refuseConnection } from "@evx/telematics/errors";
export { refuse as refuseTrips } from "@evx/trips/errors";
