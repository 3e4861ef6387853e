import { type Db, sql, type Tx } from "@evx/db";

/** Where pg-boss puts a job that failed for good, with its error and where it came from. No worker empties it. */
export const deadLetters = "jobs.dead_letter";

export type FailedRow = {
  id: string;
  queue: string;
  attempts: number;
  error: string | null;
  /** As the worker kept it; null from pg-boss itself and from older workers. */
  reason: unknown;
  payload: unknown;
  cause: string | null;
  created_at: Date;
  failed_at: Date;
};

const failedColumns = sql`
  id::text as id, source_name as queue, coalesce(source_retry_count, 0) + 1 as attempts,
  coalesce(source_output ->> 'message', source_output #>> '{value,message}', source_output::text) as error,
  source_output -> 'reason' as reason, data -> 'payload' as payload, data ->> 'cause' as cause,
  coalesce(source_created_on, created_on) as created_at, created_on as failed_at`;

/** Jobs that failed for good, the newest first. `after` is the last id of the page before. */
export const failedRows = async (
  db: Db,
  { limit, after }: { limit: number; after: string | null },
): Promise<FailedRow[]> => {
  const { rows } = await sql<FailedRow>`
    select ${failedColumns} from pgboss.job
    where name = ${deadLetters} and state < 'active'
      and (${after}::uuid is null or (created_on, id) <
        (select created_on, id from pgboss.job where name = ${deadLetters} and id = ${after}::uuid))
    order by created_on desc, id desc limit ${limit}`.execute(db);
  return rows;
};

export const failedRow = async (db: Db, id: string): Promise<FailedRow | undefined> => {
  const { rows } = await sql<FailedRow>`
    select ${failedColumns} from pgboss.job
    where name = ${deadLetters} and state < 'active' and id = ${id}::uuid`.execute(db);
  return rows[0];
};

/** How many jobs failed for good and wait for an operator. */
export const failedCount = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from pgboss.job where name = ${deadLetters} and state < 'active'`.execute(db);
  return Number(rows[0]?.count ?? 0n);
};

/** How many failed for good, by the queue they came from. */
export const failedByQueue = async (db: Db): Promise<{ queue: string; count: bigint }[]> => {
  const { rows } = await sql<{ queue: string; count: bigint }>`
    select source_name as queue, count(*) as count from pgboss.job
    where name = ${deadLetters} and state < 'active' group by source_name order by source_name`.execute(db);
  return rows;
};

/**
 * Puts a failed job back into the queue it came from, with all its attempts before it. Answers false when another
 * operator was faster or the queue no longer exists.
 */
export const requeueFailed = async (tx: Tx, id: string): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    with taken as (
      delete from pgboss.job d using pgboss.queue q
      where d.name = ${deadLetters} and d.id = ${id}::uuid and d.state < 'active' and q.name = d.source_name
      returning d.data, d.source_name, coalesce(d.source_root_id, d.source_id) as root
    )
    insert into pgboss.job (name, data, retry_limit, retry_backoff, retry_delay, retry_delay_max, expire_seconds,
      start_after, created_on, keep_until, deletion_seconds, policy, heartbeat_seconds, dead_letter, source_root_id)
    select q.name, t.data, q.retry_limit, q.retry_backoff, q.retry_delay, q.retry_delay_max, q.expire_seconds,
      now(), now(), now() + q.retention_seconds * interval '1 s', q.deletion_seconds, q.policy, q.heartbeat_seconds,
      q.dead_letter, t.root
    from taken t join pgboss.queue q on q.name = t.source_name
    returning id::text`.execute(tx);
  return rows.length > 0;
};

/** Jobs that an older version queued get the dead letter queue too; those that failed before are taken over. */
export const adoptOlderJobs = async (db: Db, queues: readonly string[]): Promise<void> => {
  const names = [...queues];
  await sql`
    update pgboss.job set dead_letter = ${deadLetters}
    where name = any(${names}) and state <= 'active' and dead_letter is null`.execute(db);
  await sql`
    with failed as (
      update pgboss.job set dead_letter = ${deadLetters}
      where name = any(${names}) and state = 'failed' and dead_letter is null
      returning id, name, data, output, created_on, retry_count, source_root_id
    )
    insert into pgboss.job (name, data, retry_limit, retry_backoff, retry_delay, expire_seconds, start_after, created_on,
      keep_until, deletion_seconds, source_name, source_id, source_created_on, source_retry_count, source_output,
      source_root_id)
    select q.name, f.data, q.retry_limit, q.retry_backoff, q.retry_delay, q.expire_seconds, now(), now(),
      now() + q.retention_seconds * interval '1 s', q.deletion_seconds, f.name, f.id, f.created_on, f.retry_count,
      f.output, coalesce(f.source_root_id, f.id)
    from failed f, pgboss.queue q where q.name = ${deadLetters}`.execute(db);
};
