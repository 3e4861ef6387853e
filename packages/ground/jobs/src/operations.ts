import type { Db, Tx } from "@evx/db";
import type { Event, Handler, Job } from "./define.ts";
import { refuse } from "./errors.ts";
import {
  type FailedRow,
  failedByQueue,
  failedCount,
  failedRow,
  failedRows,
  outboxBacklog,
  queueRows,
  requeueFailed,
  strandedNames,
  stubbornRows,
  valuesAtWork,
  valuesFailed,
  workerBeats,
} from "./queries/index.ts";
import { keptReason, type Reason } from "./reasons.ts";

/** A row that has waited in the outbox for so long is known to no running worker, or no worker runs. */
export const strandedAfterMs = 60_000;
/** A worker that has not reported for this long is not working. */
export const silentAfterMs = 30_000;

/** A job that was begun so often and is not done gets a name of its own: it may be what ends its worker. */
const stubbornAfter = 5;

/** Long texts and secrets do not belong on a screen: a payload's summary is cut at this length. */
const summaryLength = 300;

export type FailedJob = {
  id: string;
  queue: string;
  state: "failed";
  attempts: number;
  /** What it threw last, as text. */
  error: string | null;
  /** Why it failed, in words. */
  reason: Reason;
  /** The payload as JSON, cut at 300 characters; sealed parts are left out. */
  payload: string;
  /** The request in which the work began. */
  cause: string | null;
  createdAt: Date;
  failedAt: Date;
};

const summaryOf = (payload: unknown): string => {
  const text =
    JSON.stringify(payload ?? null, (key, value) =>
      key.startsWith("sealed") || key === "to" ? "[left out]" : value,
    ) ?? "null";
  return text.length > summaryLength ? `${text.slice(0, summaryLength)}…` : text;
};

const failedJob = (row: FailedRow): FailedJob => ({
  id: row.id,
  queue: row.queue,
  state: "failed",
  attempts: row.attempts,
  error: row.error,
  reason: keptReason(row.reason, row.error),
  payload: summaryOf(row.payload),
  cause: row.cause,
  createdAt: row.created_at,
  failedAt: row.failed_at,
});

/** Jobs that failed for good, the newest first. `next` is the id after which the next page begins. */
export const failedJobs = async (
  db: Db,
  { limit, after }: { limit: number; after: string | null },
): Promise<{ items: FailedJob[]; next: string | null }> => {
  const rows = await failedRows(db, { limit: limit + 1, after });
  const items = rows.slice(0, limit).map(failedJob);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
};

/** Lets a job that failed for good run again, with all its attempts. Refuses `job_not_failed`. */
export const retryJob = async (tx: Tx, id: string): Promise<FailedJob> => {
  const row = await failedRow(tx, id);
  if (!row || !(await requeueFailed(tx, id))) throw refuse("job_not_failed");
  return failedJob(row);
};

export type QueueState = {
  queue: string;
  waiting: number;
  active: number;
  failed: number;
  oldest: Date | null;
};

/** Every queue with something in it, and what no running worker knows. Moments are when the oldest was queued. */
export const workAhead = async (db: Db, at: Date) => {
  const [rows, failed, stranded, outbox, stubborn] = await Promise.all([
    queueRows(db, at),
    failedByQueue(db),
    strandedNames(db, new Date(at.getTime() - strandedAfterMs)),
    outboxBacklog(db),
    stubbornRows(db, stubbornAfter),
  ]);
  const queues = new Map<string, QueueState>();
  for (const { queue, waiting, active, oldest } of rows)
    queues.set(queue, { queue, waiting: Number(waiting), active: Number(active), failed: 0, oldest });
  for (const { queue, count } of failed) {
    const state = queues.get(queue) ?? { queue, waiting: 0, active: 0, failed: 0, oldest: null };
    queues.set(queue, { ...state, failed: Number(count) });
  }
  return {
    queues: [...queues.values()].sort((a, b) => (a.queue < b.queue ? -1 : 1)),
    unknown: stranded.map((row) => ({ ...row, waiting: Number(row.waiting) })),
    outbox: Number(outbox.waiting),
    stubborn: stubborn.map(({ queue, count }) => ({ queue, count: Number(count) })),
  };
};

export type JobsHealth = {
  /** How many workers are known, and how many of them report. */
  workers: { known: number; working: number; silent: string[] };
  failed: number;
  /** Rows of the outbox that no running worker takes. */
  unknown: number;
};

/** Whether the work that runs behind is being done. A beat from the future counts as silence: its clock is wrong. */
export const jobsHealth = async (db: Db, at: Date): Promise<JobsHealth> => {
  const [beats, failed, stranded] = await Promise.all([
    workerBeats(db),
    failedCount(db),
    strandedNames(db, new Date(at.getTime() - strandedAfterMs)),
  ]);
  const silent = beats
    .filter((beat) => Math.abs(at.getTime() - beat.at.getTime()) >= silentAfterMs)
    .map(({ worker }) => worker);
  return {
    workers: { known: beats.length, working: beats.length - silent.length, silent },
    failed,
    unknown: stranded.reduce((sum, { waiting }) => sum + Number(waiting), 0),
  };
};

/** Each worker that is known, by name, and whether it reports. */
export const workerStates = async (db: Db, at: Date): Promise<{ name: string; working: boolean }[]> =>
  (await workerBeats(db)).map((beat) => ({
    name: beat.worker,
    working: Math.abs(at.getTime() - beat.at.getTime()) < silentAfterMs,
  }));

/** Of these values of a payload's field, those for which no job waits, runs, or failed for good. For sweeps. */
export const withoutJob = async <T extends string>(
  db: Db,
  job: Job,
  field: string,
  values: readonly T[],
): Promise<T[]> => {
  if (values.length === 0) return [];
  const atWork = await valuesAtWork(db, job.name, field, values);
  return values.filter((value) => !atWork.has(value));
};

/** Of these values of a payload's field those whose job failed for good, and that no other is about to serve. For sweeps. */
export const failedFor = async <T extends string>(
  db: Db,
  job: Job,
  field: string,
  values: readonly T[],
): Promise<Set<T>> => {
  if (values.length === 0) return new Set();
  const failed = await valuesFailed(db, job.name, field, values);
  return new Set(values.filter((value) => failed.has(value)));
};

/** Which queues listen to an event. */
export const listenersOf = (handlers: readonly Handler[], event: Event): string[] =>
  handlers
    .filter(({ trigger }) => "event" in trigger && trigger.event === event.name)
    .map(({ queue }) => queue);
