export * from "./actor.ts";
export type { Context } from "./context.ts";
export { refuse as refuseCall } from "./errors.ts";
export { passingFault } from "./faults.ts";
export { issueSentence } from "./issues.ts";
export * from "./live.ts";
export type { Log } from "./log.ts";
export * from "./rest.ts";
export * from "./trpc.ts";
