import { type Db, sql, type Tx } from "@evx/db";

export type HealthDayRow = { first_at: Date; seen_min: number; wrong_min: number };

/** Counts the minute of the transaction, unless another server was first. */
export const countMinute = async (tx: Tx, isWell: boolean): Promise<void> => {
  const wrong = isWell ? 0 : 1;
  await sql`
    insert into jobs.health_day as kept (day, first_at, last_at, seen_min, wrong_min)
    values ((${tx.at}::timestamptz at time zone 'UTC')::date,
      date_trunc('minute', ${tx.at}::timestamptz, 'UTC'), date_trunc('minute', ${tx.at}::timestamptz, 'UTC'), 1, ${wrong})
    on conflict (day) do update set
      last_at = excluded.last_at, seen_min = kept.seen_min + 1, wrong_min = kept.wrong_min + excluded.wrong_min
    where kept.last_at < excluded.last_at`.execute(tx);
};

/** When a minute was noted for the first time; undefined before that. */
export const firstNoted = async (db: Db): Promise<Date | undefined> =>
  (await db.selectFrom("jobs.health_day").select("first_at").orderBy("day").limit(1).executeTakeFirst())
    ?.first_at;

/** The days since a moment, the oldest first. */
export const healthDayRows = (db: Db, from: Date): Promise<HealthDayRow[]> =>
  db
    .selectFrom("jobs.health_day")
    .select(["first_at", "seen_min", "wrong_min"])
    .where(sql<boolean>`day >= (${from}::timestamptz at time zone 'UTC')::date`)
    .orderBy("day")
    .execute();
