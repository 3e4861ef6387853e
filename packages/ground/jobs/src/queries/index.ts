export * from "./claims.ts";
export * from "./failed.ts";
export * from "./minutes.ts";
export * from "./outbox.ts";
export * from "./queues.ts";
export * from "./workers.ts";
