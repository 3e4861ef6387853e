export type { Event, Handler, Job, JobContext, Log } from "./define.ts";
export { defineEvent, defineJob, eventsIn } from "./define.ts";
export { every, handle, on } from "./handle.ts";
export { type HealthDay, lookBack, noteMinute } from "./minutes.ts";
export { grace_ms, healMissed, type Missed, type Place, queueForgotten, type Walk } from "./missed.ts";
export {
  type FailedJob,
  failedFor,
  failedJobs,
  type JobsHealth,
  jobsHealth,
  listenersOf,
  type QueueState,
  retryJob,
  silentAfterMs,
  strandedAfterMs,
  withoutJob,
  workAhead,
  workerStates,
} from "./operations.ts";
export { emit, enqueue } from "./outbox.ts";
export { failedByQueue, lastBeat, outboxBacklog, strandedNames } from "./queries/index.ts";
export type { Reason } from "./reasons.ts";
export { traceOf } from "./trace.ts";
