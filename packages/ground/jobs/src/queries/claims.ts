import { type Db, sql } from "@evx/db";

/** A job that this worker holds. */
export type Claimed = {
  id: string;
  queue: string;
  data: { payload: unknown; cause: string } | null;
  retryCount: number;
  retryLimit: number;
};

/** How many jobs of a queue may begin. */
export type Room = { readonly queue: string; readonly room: number };

/** Which attempt at which job: what a later attempt does to it is not this one's to change. */
export type Attempt = Pick<Claimed, "id" | "queue" | "retryCount">;

/** From a name in the outbox to a queue; `only` are values that fields of the payload must have, where it has them. */
export type Route = {
  readonly kind: "event" | "job";
  readonly name: string;
  readonly queue: string;
  readonly only: Readonly<Record<string, readonly unknown[]>> | null;
};

const columns = sql`j.id::text as id, j.name as queue, j.data, j.retry_count as "retryCount", j.retry_limit as "retryLimit"`;

/**
 * Takes waiting jobs out of many queues at once, so many of each; two workers never take the same one. What pg-boss's
 * own `fetch` does for one queue.
 */
export const claimJobs = async (db: Db, rooms: readonly Room[]): Promise<Claimed[]> => {
  const { rows } = await sql<Claimed & { since: Date }>`
    with next as (
      select found.name, found.id
      from unnest(${rooms.map(({ queue }) => queue)}::text[], ${rooms.map(({ room }) => room)}::int[]) as free (queue, room)
      cross join lateral (
        select w.name, w.id from pgboss.job w
        where w.name = free.queue and w.state < 'active' and not w.blocked and w.start_after <= pgboss.job_now()
        order by w.priority desc, w.created_on limit free.room for update skip locked) found
    )
    update pgboss.job j set state = 'active', started_on = pgboss.job_now(), heartbeat_on = pgboss.job_now(),
      retry_count = case when j.started_on is not null then j.retry_count + 1 else j.retry_count end
    from next where j.name = next.name and j.id = next.id
    returning ${columns}, j.created_on as since`.execute(db);
  return rows.sort((a, b) => a.since.getTime() - b.since.getTime());
};

/** The columns that a job takes from its queue, as pg-boss's own `insert` fills them. */
const fromQueue = sql`keep_until, expire_seconds, deletion_seconds, retry_limit, retry_delay, retry_backoff,
  retry_delay_max, policy, dead_letter, heartbeat_seconds`;

/** Routes, and all names that are known, as the statement takes them: they stay the same for many rounds. */
export type Ways = { readonly routes: string; readonly kinds: string; readonly names: string };

const arrayOf = (texts: readonly string[]) => `{${texts.map((text) => JSON.stringify(text)).join(",")}}`;

export const waysOf = (
  known: { readonly jobs: readonly string[]; readonly events: readonly string[] },
  routes: readonly Route[],
): Ways => ({
  routes: JSON.stringify(routes),
  kinds: arrayOf([...known.jobs.map(() => "job"), ...known.events.map(() => "event")]),
  names: arrayOf([...known.jobs, ...known.events]),
});

/** `left` are the queues in which something is due that there was no room for. */
export type Moved = { moved: number; left: string[]; begun: Claimed[] };

/**
 * Moves the oldest rows of known names out of the outbox into their queues, all in one statement, so none is lost or
 * doubled; other names are left for a worker that knows them. As many as a queue has room for (`rooms`, one a route) are
 * claimed on the way, and answered as begun. Two relays never take the same row: each skips what the other holds.
 */
export const moveOutbox = async (
  db: Db,
  { routes, kinds, names }: Ways,
  rooms: readonly number[],
  limit: number,
): Promise<Moved> => {
  const { rows } = await sql<
    { moved: bigint; queue: string | null; id: string | null } & Omit<Claimed, "id" | "queue">
  >`
    with taken as (
      delete from jobs.outbox
      where id in (select id from jobs.outbox
        where (kind, name) in (select * from unnest(${kinds}::text[], ${names}::text[]))
        order by id limit ${limit} for update skip locked)
      returning id, kind, name, payload, cause, run_at, coalesce(run_at <= pgboss.job_now(), true) as due
    ), routed as (
      select t.*, r.queue,
        t.due and row_number() over (partition by r.queue, t.due order by t.id) <= r.room as begins
      from taken t
      join rows from (
          jsonb_to_recordset(${routes}::jsonb) as (kind text, name text, queue text, "only" jsonb), unnest(${rooms}::int[])
        ) as r (kind, name, queue, "only", room) on r.kind = t.kind and r.name = t.name
      where not exists (select from jsonb_each(r."only") o
        where t.payload ? o.key and not o.value @> (t.payload -> o.key))
    ), queued as (
      insert into pgboss.job as j (name, data, state, start_after, created_on, started_on, heartbeat_on, ${fromQueue})
      select r.queue, jsonb_build_object('payload', r.payload, 'cause', r.cause),
        case when r.begins then 'active' else 'created' end::pgboss.job_state,
        coalesce(r.run_at, pgboss.job_now()), pgboss.job_now(),
        case when r.begins then pgboss.job_now() end, case when r.begins then pgboss.job_now() end,
        coalesce(r.run_at, pgboss.job_now()) + q.retention_seconds * interval '1 s', q.expire_seconds,
        q.deletion_seconds, q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.policy,
        q.dead_letter, q.heartbeat_seconds
      from routed r left join pgboss.queue q on q.name = r.queue order by r.id
      returning j.id, j.name, j.state, j.start_after <= j.created_on as due, j.data, j.retry_count, j.retry_limit
    )
    select (select count(*) from taken) as moved, case when j.due then j.name end as queue,
      case when j.state = 'active' then j.id::text end as id,
      case when j.state = 'active' then j.data end as data, j.retry_count as "retryCount", j.retry_limit as "retryLimit"
    from (select) nothing left join queued j on true`.execute(db);
  return {
    moved: Number(rows[0]?.moved ?? 0n),
    left: [...new Set(rows.flatMap(({ queue, id }) => (queue !== null && id === null ? [queue] : [])))],
    begun: rows.flatMap(({ id, queue, data, retryCount, retryLimit }) =>
      id !== null && queue !== null ? [{ id, queue, data, retryCount, retryLimit }] : [],
    ),
  };
};

const these = (attempts: readonly Attempt[]) => sql`
  unnest(${attempts.map(({ queue }) => queue)}::text[], ${attempts.map(({ id }) => id)}::uuid[],
    ${attempts.map(({ retryCount }) => retryCount)}::int[]) as these (queue, id, tries)
  where j.name = these.queue and j.id = these.id and j.retry_count = these.tries and j.state = 'active'`;

/** Marks attempts of any queues as done; those that meanwhile are another worker's are left alone. */
export const completeJobs = async (db: Db, attempts: readonly Attempt[]): Promise<void> => {
  await sql`update pgboss.job j set state = 'completed', completed_on = pgboss.job_now()
    from ${these(attempts)}`.execute(db);
};

/** Says of attempts in hand that they live. */
export const touchJobs = async (db: Db, attempts: readonly Attempt[]): Promise<void> => {
  await sql`update pgboss.job j set heartbeat_on = pgboss.job_now() from ${these(attempts)}`.execute(db);
};

/** Jobs that were claimed and not begun wait again, with their attempts unspent. */
export const giveBack = async (db: Db, attempts: readonly Attempt[]): Promise<void> => {
  await sql`update pgboss.job j set started_on = null, heartbeat_on = null,
      state = case when j.retry_count > 0 then 'retry'::pgboss.job_state else 'created'::pgboss.job_state end
    from ${these(attempts)}`.execute(db);
};

/** The queues in which a job is in the hands of a worker that has fallen silent, or takes longer than it may. */
export const silentQueues = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select distinct name from pgboss.job
    where state = 'active' and (heartbeat_on + heartbeat_seconds * interval '1 s' < pgboss.job_now()
      or started_on + expire_seconds * interval '1 s' < pgboss.job_now())`.execute(db);
  return rows.map(({ name }) => name);
};
