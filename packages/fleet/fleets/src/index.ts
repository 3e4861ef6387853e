export { type DriverView, driversOf } from "./drivers.ts";
export { CarMatcher } from "./matching.ts";
