export { type Mode, waits } from "./policy.ts";
export { closedNow, modeNow, type VenuePorts } from "./standing.ts";
