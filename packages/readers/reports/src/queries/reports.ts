import { type Db, sql, type Tx } from "@evx/db";
import type { PersonalMetric, PlatformMetric } from "../policy.ts";

/** Any number that nothing else locks: whoever counts shares it, whoever rebuilds holds it alone. */
const counting = 0x45_56_58_64;

/** Answers whether this event was not counted before. Two that count it at once: one waits, then hears "before". */
export const countOnce = async (tx: Tx, source: string): Promise<boolean> => {
  await sql`select pg_advisory_xact_lock_shared(${counting})`.execute(tx);
  const row = await tx
    .insertInto("reports.counted")
    .values({ source, at: tx.at })
    .onConflict((conflict) => conflict.column("source").doNothing())
    .returning("source")
    .executeTakeFirst();
  return row !== undefined;
};

export const addPersonal = async (
  tx: Tx,
  userId: string,
  month: string,
  amounts: Partial<Record<PersonalMetric, bigint>>,
): Promise<void> => {
  const rows = Object.entries(amounts)
    .sort()
    .map(([metric, amount]) => ({ user_id: userId, month, metric, amount }));
  await tx
    .insertInto("reports.personal_month")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["user_id", "month", "metric"])
        .doUpdateSet({ amount: sql`reports.personal_month.amount + excluded.amount` }),
    )
    .execute();
};

export const addPlatform = async (
  tx: Tx,
  month: string,
  amounts: Partial<Record<PlatformMetric, bigint>>,
): Promise<void> => {
  const rows = Object.entries(amounts)
    .sort()
    .map(([metric, amount]) => ({ month, metric, amount }));
  await tx
    .insertInto("reports.platform_month")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["month", "metric"])
        .doUpdateSet({ amount: sql`reports.platform_month.amount + excluded.amount` }),
    )
    .execute();
};

export const personalRows = (db: Db, userId: string) =>
  db
    .selectFrom("reports.personal_month")
    .select(["month", "metric", "amount"])
    .where("user_id", "=", userId)
    .orderBy("month")
    .execute();

export const platformRows = (db: Db) =>
  db.selectFrom("reports.platform_month").select(["month", "metric", "amount"]).orderBy("month").execute();

/** Empties the sums, while nobody counts until the transaction ends. What was counted stays known. */
export const emptySums = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${counting})`.execute(tx);
  await tx.deleteFrom("reports.personal_month").execute();
  await tx.deleteFrom("reports.platform_month").execute();
};

/** Notes events as counted, so that a job that still waits does not count them again. */
export const markCounted = async (tx: Tx, sources: readonly string[]): Promise<void> => {
  if (sources.length === 0) return;
  await sql`
    insert into reports.counted (source, at) select source, ${tx.at} from unnest(${[...sources]}::text[]) source
    on conflict (source) do nothing`.execute(tx);
};

/** When each dispute was counted: payments keep the present state of a dispute, not that it was opened. */
export const countedDisputes = (tx: Tx) =>
  tx.selectFrom("reports.counted").select("at").where("source", "like", "disputed:%").execute();

/** Of these events those that were not counted yet. */
export const uncounted = async (db: Db, sources: readonly string[]): Promise<Set<string>> => {
  const { rows } = await sql<{ source: string }>`
    select source from unnest(${[...sources]}::text[]) source
    where not exists (select from reports.counted c where c.source = source.source)`.execute(db);
  return new Set(rows.map(({ source }) => source));
};
