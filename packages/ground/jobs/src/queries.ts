import type { Db, Tx } from "@evx/db";
import { sql } from "kysely";

export type OutboxRow = {
  id: bigint;
  kind: "event" | "job";
  name: string;
  payload: unknown;
  run_at: Date | null;
  cause: string;
  at: Date;
};

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

/** Takes the oldest rows out of the outbox. Two relays never take the same one: each skips what the other holds. */
export const takeFromOutbox = async (tx: Tx, limit: number): Promise<OutboxRow[]> => {
  const { rows } = await sql<OutboxRow>`
    delete from jobs.outbox
    where id in (select id from jobs.outbox order by id limit ${limit} for update skip locked)
    returning id, kind, name, payload, run_at, cause, at`.execute(tx);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
};

/** How many rows wait in the outbox, and since when the oldest does. */
export const outboxBacklog = async (db: Db): Promise<{ waiting: bigint; oldest: Date | null }> =>
  db
    .selectFrom("jobs.outbox")
    .select((eb) => [eb.fn.countAll<bigint>().as("waiting"), eb.fn.min("at").as("oldest")])
    .executeTakeFirstOrThrow();

/** A worker says that it lives. */
export const recordBeat = async (db: Db, worker: string, at: Date): Promise<void> => {
  await db
    .insertInto("jobs.beat")
    .values({ worker, at })
    .onConflict((conflict) => conflict.column("worker").doUpdateSet({ at }))
    .execute();
};

/** When any worker last said that it lives; null when none ever did. */
export const lastBeat = async (db: Db): Promise<Date | null> => {
  const row = await db
    .selectFrom("jobs.beat")
    .select((eb) => eb.fn.max("at").as("at"))
    .executeTakeFirst();
  return row?.at ?? null;
};
