export type { KycPorts } from "./ports.ts";
export { decidedFileRows } from "./queries/files.ts";
export { rotateKyc } from "./rotation.ts";
