import type { Db, Tx } from "@evx/db";
import { sql } from "kysely";

export const ruleRow = (db: Db, name: string, at: Date) =>
  db
    .selectFrom("rules.rule")
    .select(["value", "version"])
    .where("name", "=", name)
    .where("effective_at", "<=", at)
    // What was called off never holds, and what calls it off only says so.
    .where("calls_off", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("rules.rule as off")
            .whereRef("off.name", "=", "rules.rule.name")
            .whereRef("off.calls_off", "=", "rules.rule.version")
            .select("off.version"),
        ),
      ),
    )
    .orderBy("effective_at", "desc")
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();

export const ruleRows = (db: Db, name: string) =>
  db
    .selectFrom("rules.rule")
    .select(["version", "value", "reason", "set_by", "effective_at", "calls_off"])
    .where("name", "=", name)
    .orderBy("version", "desc")
    .execute();

/** Makes those who set one rule take turns, so that versions have no gap and no twin. */
export const lockRule = async (tx: Tx, name: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`rules.rule:${name}`}, 0))`.execute(tx);
};

export const insertRule = async (
  tx: Tx,
  rule: {
    name: string;
    value: unknown;
    reason: string;
    setBy: string | null;
    effectiveAt: Date;
    callsOff: number | null;
  },
): Promise<{ version: number }> => {
  await lockRule(tx, rule.name);
  return tx
    .insertInto("rules.rule")
    .values(({ selectFrom }) => ({
      name: rule.name,
      version: selectFrom("rules.rule")
        .where("name", "=", rule.name)
        .select(({ fn, val }) => sql<number>`${fn.coalesce(fn.max("version"), val(0))} + 1`.as("next")),
      value: JSON.stringify(rule.value),
      reason: rule.reason,
      set_by: rule.setBy,
      effective_at: rule.effectiveAt,
      calls_off: rule.callsOff,
    }))
    .returning("version")
    .executeTakeFirstOrThrow();
};
