export { columnRoles, plainHeader } from "@evx/columns";
export {
  type Candidate,
  type ImportOptions,
  type Plan,
  type QualityTier,
  qualityTiers,
  type Rejection,
} from "./candidate.ts";
export { energyFromCharge } from "./cells.ts";
export { layoutOf } from "./detect.ts";
export { refuse as refuseFile } from "./errors.ts";
export { type Batch, type OpenedFile, openFile } from "./files.ts";
export { type Finding, findingSentence, findingSentences } from "./findings.ts";
export { knownHeaders } from "./headers.ts";
export { type Survey, vehicleKey, type WholeSurvey } from "./survey.ts";
export { Surveyor } from "./surveyor.ts";
export { formatTitle } from "./titles.ts";
export { isVin, requireOneVehicle, vehicleColumnsOf } from "./vehicles.ts";
export { findingView } from "./views.ts";
