import { type Db, sql } from "@evx/db";
import { deadLetters } from "./failed.ts";

export type QueueRow = { queue: string; waiting: bigint; active: bigint; oldest: Date | null };

/** What waits and what runs in each queue. Only queues with something in them are named. */
export const queueRows = async (db: Db, at: Date): Promise<QueueRow[]> => {
  const { rows } = await sql<QueueRow>`
    select name as queue,
      count(*) filter (where state < 'active' and start_after <= ${at}) as waiting,
      count(*) filter (where state = 'active') as active,
      min(created_on) filter (where state < 'active' and start_after <= ${at}) as oldest
    from pgboss.job
    where state <= 'active' and name <> ${deadLetters} and name not like '\\_\\_pgboss%'
    group by name order by name`.execute(db);
  return rows;
};

/** Jobs that were begun so many times and are not done, by queue: what they do fails, or ends the worker that does it. */
export const stubbornRows = async (db: Db, tries: number): Promise<{ queue: string; count: bigint }[]> => {
  const { rows } = await sql<{ queue: string; count: bigint }>`
    select name as queue, count(*) as count from pgboss.job
    where state in ('retry', 'active') and retry_count >= ${tries} and name <> ${deadLetters}
    group by name order by name`.execute(db);
  return rows;
};

/**
 * Which of these values stand under `field` in the payload of a job that waits, runs, or failed for good:
 * a sweep leaves them alone.
 */
export const valuesAtWork = async (
  db: Db,
  job: string,
  field: string,
  values: readonly string[],
): Promise<Set<string>> => {
  const asked = [...values];
  const { rows } = await sql<{ value: string }>`
    select payload ->> ${field} as value from jobs.outbox
    where kind = 'job' and name = ${job} and payload ->> ${field} = any(${asked})
    union
    select data -> 'payload' ->> ${field} from pgboss.job
    where (name = ${job} or (name = ${deadLetters} and source_name = ${job}))
      and state <= 'active' and data -> 'payload' ->> ${field} = any(${asked})`.execute(db);
  return new Set(rows.map(({ value }) => value));
};

/** Of these values those whose job failed for good, and that no other job is about to serve. */
export const valuesFailed = async (
  db: Db,
  job: string,
  field: string,
  values: readonly string[],
): Promise<Set<string>> => {
  const { rows } = await sql<{ value: string }>`
    select data -> 'payload' ->> ${field} as value from pgboss.job
    where name = ${deadLetters} and source_name = ${job} and state < 'active'
      and data -> 'payload' ->> ${field} = any(${[...values]})
    except
    select data -> 'payload' ->> ${field} from pgboss.job where name = ${job} and state <= 'active'
    except
    select payload ->> ${field} from jobs.outbox where kind = 'job' and name = ${job}`.execute(db);
  return new Set(rows.map(({ value }) => value));
};

export type TracedRow = {
  id: string;
  queue: string;
  state: string;
  attempts: number;
  error: string | null;
  reason: unknown;
  payload: unknown;
  created_at: Date;
  ended_at: Date | null;
};

/** The jobs that a request caused, in the order in which they were queued. Reads the whole job table: for one person's use. */
export const jobsOfCause = async (db: Db, cause: string): Promise<TracedRow[]> => {
  const { rows } = await sql<TracedRow>`
    select id::text as id, coalesce(source_name, name) as queue,
      case when name = ${deadLetters} then 'failed_for_good' else state::text end as state,
      coalesce(source_retry_count, retry_count) + case when state < 'active' and source_name is null then 0 else 1 end as attempts,
      coalesce(kept ->> 'message', kept #>> '{value,message}') as error, kept -> 'reason' as reason,
      data -> 'payload' as payload, created_on as created_at, completed_on as ended_at
    from pgboss.job, lateral (select coalesce(source_output, output) as kept) ended
    where data ->> 'cause' = ${cause} and not (name <> ${deadLetters} and state = 'failed')
    order by created_on, id`.execute(db);
  return rows;
};
