export type { KycPorts } from "./ports.ts";
export { rotateKyc } from "./rotation.ts";
