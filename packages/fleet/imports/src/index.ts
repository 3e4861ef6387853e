export { headerKey } from "./choices.ts";
export { importTrips } from "./imports.ts";
export { importLimits } from "./policy.ts";
export { previewTrips } from "./preview.ts";
export { importsOfFleetFile } from "./reads.ts";
export { rowMapOf } from "./row-map.ts";
export { runImport } from "./runs.ts";
export { arriving } from "./uploads.ts";
