export type { Event, Handler, Job, JobContext, Log } from "./define.ts";
export { defineEvent, defineJob } from "./define.ts";
export { every, handle, on } from "./handle.ts";
export { emit, enqueue } from "./outbox.ts";
export { lastBeat, outboxBacklog } from "./queries.ts";
