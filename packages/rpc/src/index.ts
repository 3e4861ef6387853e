export * from "./actor.ts";
export type { Context, Log } from "./context.ts";
export { refuse as refuseCall } from "./errors.ts";
export * from "./live.ts";
export * from "./rest.ts";
export * from "./trpc.ts";
