export {
  type Candidate,
  columnRoles,
  type ImportOptions,
  type Plan,
  type QualityTier,
  qualityTiers,
  type Rejection,
} from "./candidate.ts";
export { energyFromCharge } from "./cells.ts";
export { chunksOf } from "./chunks.ts";
export { sniffEncoding } from "./decode.ts";
export { layoutOf } from "./detect.ts";
export { type Batch, type OpenedFile, openFile } from "./files.ts";
export { type Finding, findingSentence, findingSentences } from "./findings.ts";
export { type Fix, greatCircle_m, isPlace } from "./geo.ts";
export { requireZone } from "./times.ts";
export { findingView } from "./views.ts";
