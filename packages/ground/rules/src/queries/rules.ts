import type { Db, Tx } from "@evx/db";
import { sql } from "kysely";

export const ruleRow = (db: Db, name: string, at: Date) =>
  db
    .selectFrom("rules.rule")
    .select(["value", "version"])
    .where("name", "=", name)
    .where("effective_at", "<=", at)
    .orderBy("effective_at", "desc")
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();

export const ruleRows = (db: Db, name: string) =>
  db
    .selectFrom("rules.rule")
    .select(["version", "value", "reason", "set_by", "effective_at"])
    .where("name", "=", name)
    .orderBy("version", "desc")
    .execute();

export const insertRule = async (
  tx: Tx,
  rule: { name: string; value: unknown; reason: string; setBy: string | null; effectiveAt: Date },
): Promise<{ version: number }> => {
  // The lock makes two setters of one rule take turns, so versions have no gap and no twin.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`rules.rule:${rule.name}`}, 0))`.execute(tx);
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
    }))
    .returning("version")
    .executeTakeFirstOrThrow();
};
