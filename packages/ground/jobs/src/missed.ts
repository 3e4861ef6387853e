import type { Db, Tx } from "@evx/db";
import { minute_ms } from "@evx/kernel";
import type * as v from "valibot";
import type { Job, JobContext } from "./define.ts";
import { withoutJob } from "./operations.ts";
import { enqueue } from "./outbox.ts";

/** A row's place in the order in which a sweep walks: everything up to it is done. */
export type Place<I extends string = string> = { readonly at: Date; readonly id: I };

/** Something of one row that should be there and is not. Healed twice it is healed once. */
export type Missed<I extends string = string> = {
  readonly id: I;
  heal(tx: Tx): Promise<unknown>;
};

/** What a sweep walks and what it looks for. */
export type Walk<Row extends Place> = {
  readonly name: string;
  /** Where the last round came to; null before the first. */
  from(db: Db): Promise<Place<Row["id"]> | null>;
  /** Rows after a place and not younger than `until`, by moment and id. */
  read(db: Db, page: { after: Place<Row["id"]> | null; until: Date; limit: number }): Promise<readonly Row[]>;
  missed(db: Db, rows: readonly Row[]): Promise<readonly Missed<Row["id"]>[]>;
  /** Notes how far it has come; never back, so that two rounds at once do no harm. */
  reach(tx: Tx, place: Place<Row["id"]>): Promise<void>;
};

/** Rows younger than this are left to their event, and their transactions have time to end. */
export const grace_ms = 15 * minute_ms;

/** Rows read at once, and how often in one round: ten thousand rows, and the next round goes on. */
const [pageSize, mostPages] = [500, 20];

/**
 * Finds what an event should have done and did not, and does it: walks rows from where the last round came to. What
 * cannot be done stops the mark before its row and fails the round, once the others of the page are done; so it is tried
 * again and cannot be forgotten. Answers how much was missed.
 */
export const healMissed = async <Row extends Place>(job: JobContext, walk: Walk<Row>): Promise<number> => {
  const until = new Date(job.clock.now().getTime() - grace_ms);
  let healed = 0;
  let after = await walk.from(job.db);
  for (let page = 0; page < mostPages; page++) {
    const rows = await walk.read(job.db, { after, until, limit: pageSize });
    const failures = new Map<string, unknown>();
    for (const { id, heal } of rows.length > 0 ? await walk.missed(job.db, rows) : []) {
      try {
        await job.transact(heal);
        healed++;
      } catch (error) {
        job.log.error({ error, id, sweep: walk.name }, "what an event missed cannot be made up for");
        failures.set(id, error);
      }
    }
    const firstFailed = rows.findIndex(({ id }) => failures.has(id));
    const last = firstFailed < 0 ? rows.at(-1) : rows[firstFailed - 1];
    if (last) {
      const reached: Place<Row["id"]> = { at: last.at, id: last.id };
      await job.transact((tx) => walk.reach(tx, reached));
      after = reached;
    }
    if (failures.size > 0) throw new AggregateError(failures.values(), `Not made up for: ${walk.name}`);
    if (rows.length < pageSize) break;
  }
  if (healed > 0) job.log.warn({ healed, sweep: walk.name }, "did what an event had missed");
  return healed;
};

/** Rows that wait for a job which carries their id in a field of its payload. */
export type Waiting<S extends v.GenericSchema<object, object>, I extends string> = {
  readonly job: Job<S>;
  /** Jobs of other names that serve such a row as well. */
  readonly others?: readonly Job[];
  readonly field: string;
  payload(id: I): v.InferInput<S>;
  /** Locks a row and says whether it still waits, so that two sweeps at once queue it once. */
  stillWaits(tx: Tx, id: I): Promise<boolean>;
};

const unserved = async <I extends string>(
  db: Db,
  { job, others = [], field }: Pick<Waiting<v.GenericSchema<object, object>, I>, "job" | "others" | "field">,
  ids: readonly I[],
): Promise<readonly I[]> => {
  let left = ids;
  for (const one of [job, ...others]) left = await withoutJob(db, one, field, left);
  return left;
};

/** Queues again those of these rows that no job is about to serve, whatever became of theirs. Answers how many. */
export const queueForgotten = async <S extends v.GenericSchema<object, object>, I extends string>(
  job: JobContext,
  waiting: Waiting<S, I>,
  ids: readonly I[],
): Promise<number> => {
  let queued = 0;
  for (const id of await unserved(job.db, waiting, ids)) {
    const done = await job.transact(async (tx) => {
      if (!(await waiting.stillWaits(tx, id))) return false;
      if ((await unserved(tx, waiting, [id])).length === 0) return false;
      await enqueue(tx, waiting.job, waiting.payload(id));
      return true;
    });
    if (done) queued++;
  }
  if (queued > 0) job.log.warn({ queued, queue: waiting.job.name }, "work without a job was queued again");
  return queued;
};
