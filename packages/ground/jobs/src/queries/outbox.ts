import { type Db, sql, type Tx } from "@evx/db";

export type OutboxRow = {
  id: bigint;
  kind: "event" | "job";
  name: string;
  payload: unknown;
  run_at: Date | null;
  cause: string;
  at: Date;
};

/** The names that a worker may take out of the outbox. */
export type KnownNames = { readonly jobs: readonly string[]; readonly events: readonly string[] };

export const addToOutbox = async (
  tx: Tx,
  row: { kind: "event" | "job"; name: string; payload: object; runAt: Date | null },
): Promise<void> => {
  await tx
    .insertInto("jobs.outbox")
    .values({
      kind: row.kind,
      name: row.name,
      payload: JSON.stringify(row.payload),
      run_at: row.runAt,
      cause: tx.cause,
      at: tx.at,
    })
    .execute();
};

/**
 * Takes the oldest rows of known names out of the outbox; other names are left for a worker that knows them.
 * Two relays never take the same one: each skips what the other holds.
 */
export const takeFromOutbox = async (tx: Tx, limit: number, known?: KnownNames): Promise<OutboxRow[]> => {
  const mine = known
    ? sql`where (kind = 'job' and name = any(${[...known.jobs]})) or (kind = 'event' and name = any(${[...known.events]}))`
    : sql``;
  const { rows } = await sql<OutboxRow>`
    delete from jobs.outbox
    where id in (select id from jobs.outbox ${mine} order by id limit ${limit} for update skip locked)
    returning id, kind, name, payload, run_at, cause, at`.execute(tx);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
};

/** How many rows wait in the outbox, and since when the oldest does. */
export const outboxBacklog = async (db: Db): Promise<{ waiting: bigint; oldest: Date | null }> =>
  db
    .selectFrom("jobs.outbox")
    .select((eb) => [eb.fn.countAll<bigint>().as("waiting"), eb.fn.min("at").as("oldest")])
    .executeTakeFirstOrThrow();

export type StrandedName = { kind: "event" | "job"; name: string; waiting: bigint; oldest: Date };

/** What has waited in the outbox since before `until`, by name: no running worker knows these names. */
export const strandedNames = async (db: Db, until: Date): Promise<StrandedName[]> => {
  const { rows } = await sql<StrandedName>`
    select kind, name, count(*) as waiting, min(at) as oldest
    from jobs.outbox where at < ${until} group by kind, name order by min(at)`.execute(db);
  return rows;
};

/** The rows of one request that still wait. */
export const outboxOfCause = (db: Db, cause: string) =>
  db
    .selectFrom("jobs.outbox")
    .select(["kind", "name", "payload", "at", "run_at"])
    .where("cause", "=", cause)
    .orderBy("id")
    .execute();
