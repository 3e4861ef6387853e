export { vehicleHandedOver, vehicleRegistered } from "@evx/garage/events";
export { tripsImported } from "@evx/imports/events";
