export { readDocument } from "./documents.ts";
export { extensionOf } from "./media.ts";
export type { KycPorts } from "./ports.ts";
export { decidedFileRows } from "./queries/files.ts";
export { rotateKyc } from "./rotation.ts";
