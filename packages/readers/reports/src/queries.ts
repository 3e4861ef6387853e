import { type Db, sql, type Tx } from "@evx/db";
import type { PersonalMetric, PlatformMetric } from "./policy.ts";

/** Answers whether this event was not counted before. Two that count it at once: one waits, then hears "before". */
export const countOnce = async (tx: Tx, source: string): Promise<boolean> => {
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
