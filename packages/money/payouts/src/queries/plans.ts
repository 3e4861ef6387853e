import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

export type PlanRow = NonNullable<Awaited<ReturnType<typeof planRow>>>;

export const planRow = (db: Db, userId: Id<"user">) =>
  db.selectFrom("payments.payout_plan").selectAll().where("user_id", "=", userId).executeTakeFirst();

export const lockPlan = (tx: Tx, userId: Id<"user">) =>
  tx
    .selectFrom("payments.payout_plan")
    .selectAll()
    .where("user_id", "=", userId)
    .forUpdate()
    .executeTakeFirst();

/** Keeps how a person wants to be paid; what they wanted before is over. */
export const keepPlan = (tx: Tx, { user_id, ...plan }: Omit<PlanRow, "changed_at">) =>
  tx
    .insertInto("payments.payout_plan")
    .values({ user_id, ...plan, changed_at: tx.at })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ ...plan, changed_at: tx.at }))
    .returningAll()
    .executeTakeFirstOrThrow();

export const dropPlan = (tx: Tx, userId: Id<"user">) =>
  tx.deleteFrom("payments.payout_plan").where("user_id", "=", userId).execute();

/** Whose turn it is: those who were not looked at in the present week or month. */
export const waitingPlans = (db: Db, every: "week" | "month", since: Date, limit: number) =>
  db
    .selectFrom("payments.payout_plan")
    .select("user_id")
    .where("every", "=", every)
    .where((eb) => eb.or([eb("ran_for", "is", null), eb("ran_for", "<", since)]))
    .orderBy("user_id")
    .limit(limit)
    .execute();

export const markRun = (tx: Tx, userId: Id<"user">, ran_for: Date) =>
  tx.updateTable("payments.payout_plan").set({ ran_for }).where("user_id", "=", userId).execute();

const plansUnderOtherKeys = (db: Db, present: string) =>
  // Names of keys are hex digits, so nothing in the pattern is a wildcard but its end.
  db.selectFrom("payments.payout_plan").where("bank_sealed", "not like", `${present}%`);

export const lockPlansUnderOtherKeys = (tx: Tx, present: string, limit: number) =>
  plansUnderOtherKeys(tx, present)
    .select(["user_id", "bank_sealed"])
    .orderBy("user_id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();

export const countPlansUnderOtherKeys = async (db: Db, present: string): Promise<number> => {
  const row = await plansUnderOtherKeys(db, present)
    .select(({ fn }) => fn.countAll<string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
};

export const resealPlan = (
  tx: Tx,
  userId: Id<"user">,
  { sealed, digest }: { sealed: string; digest: string },
) =>
  tx
    .updateTable("payments.payout_plan")
    .set({ bank_sealed: sealed, bank_digest: digest })
    .where("user_id", "=", userId)
    .execute();
