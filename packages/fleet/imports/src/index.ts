export { importTrips } from "./imports.ts";
export { importLimits } from "./policy.ts";
export { runImport } from "./runs.ts";
