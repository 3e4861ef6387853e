import { type Db, sql, type Tx } from "@evx/db";

/** A worker says that it lives, and which of its queues listen to which events. */
export const recordBeat = async (
  tx: Tx,
  worker: string,
  listeners: readonly { event: string; queue: string }[],
): Promise<void> => {
  await tx
    .insertInto("jobs.beat")
    .values({ worker, at: tx.at })
    .onConflict((conflict) => conflict.column("worker").doUpdateSet({ at: tx.at }))
    .execute();
  if (listeners.length === 0) return;
  // In one order in every worker, so that two that beat at once do not deadlock.
  const rows = [...listeners].sort((a, b) => (a.queue < b.queue ? -1 : 1));
  await tx
    .insertInto("jobs.listener")
    .values(rows.map((row) => ({ ...row, at: tx.at })))
    .onConflict((conflict) => conflict.columns(["event", "queue"]).doUpdateSet({ at: tx.at }))
    .execute();
};

/** The queues that listen to events, by event, in any worker that lived since `since`. */
export const listenersSince = async (db: Db, since: Date): Promise<Map<string, string[]>> => {
  const rows = await db
    .selectFrom("jobs.listener")
    .select(["event", "queue"])
    .where("at", ">", since)
    .orderBy("queue")
    .execute();
  return new Map(
    [...Map.groupBy(rows, ({ event }) => event)].map(([event, all]) => [
      event,
      all.map(({ queue }) => queue),
    ]),
  );
};

/** A worker that was stopped is not missed. */
export const forgetBeat = async (db: Db, worker: string): Promise<void> => {
  await db.deleteFrom("jobs.beat").where("worker", "=", worker).execute();
};

/** Forgets the workers that were last heard of before `until`: nobody waits for them any more. */
export const forgetBeatsBefore = async (db: Db, until: Date): Promise<void> => {
  await db.deleteFrom("jobs.beat").where("at", "<", until).execute();
};

/** Every worker that is known, with the moment when it last said that it lives. */
export const workerBeats = (db: Db): Promise<{ worker: string; at: Date }[]> =>
  db.selectFrom("jobs.beat").select(["worker", "at"]).orderBy("worker").execute();

/** When any worker last said that it lives; null when none ever did. */
export const lastBeat = async (db: Db): Promise<Date | null> => {
  const { rows } = await sql<{ at: Date | null }>`select max(at) as at from jobs.beat`.execute(db);
  return rows[0]?.at ?? null;
};
