export * from "@evx/emissions/schema";
export { FindingView } from "@evx/formats/schema";
export * from "@evx/garage/schema";
export * from "@evx/imports/schema";
export * from "@evx/telematics/schema";
export * from "@evx/trips/schema";
