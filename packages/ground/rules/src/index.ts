import type { Db, Tx } from "@evx/db";
import * as v from "valibot";
import { insertRule, lockRule, ruleRow, ruleRows } from "./queries/rules.ts";

/** A business rule that an operator may change: fees, limits, windows, factors. Versions are never amended. */
export type Rule<S extends v.GenericSchema = v.GenericSchema> = {
  readonly name: string;
  readonly schema: S;
  readonly initial: v.InferOutput<S>;
};

export type RuleAt<T> = { value: T; version: number };

const declared = new Map<string, Rule>();

/** Declares a rule with the value that holds until an operator sets another (version 0). */
export const defineRule = <const S extends v.GenericSchema>(
  name: string,
  schema: S,
  initial: v.InferOutput<S>,
): Rule<S> => {
  const rule = { name, schema, initial };
  declared.set(name, rule as unknown as Rule);
  return rule;
};

/** Every rule that the loaded rooms declare, by name. */
export const declaredRules = (): readonly Rule[] =>
  [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * The rule in force at a moment: the version that took effect last, of equal ones the highest, or its initial value as
 * version 0. A change that was scheduled earlier thus survives one that is set for before it. What was called off counts
 * for nothing.
 */
export const ruleAt = async <S extends v.GenericSchema>(
  db: Db,
  rule: Rule<S>,
  at: Date,
): Promise<RuleAt<v.InferOutput<S>>> => {
  const row = await ruleRow(db, rule.name, at);
  return row
    ? { value: v.parse(rule.schema, row.value), version: row.version }
    : { value: rule.initial, version: 0 };
};

/** All versions of a rule, newest first; with `calls_off` those that only call an earlier one off. */
export const ruleHistory = (db: Db, rule: Rule) => ruleRows(db, rule.name);

/**
 * Sets a rule from a moment on; orders and requests that froze an earlier version keep it.
 * Two operators at once: the second gets the next version, nothing is overwritten.
 */
export const setRule = async <S extends v.GenericSchema>(
  tx: Tx,
  rule: Rule<S>,
  change: { value: v.InferInput<S>; reason: string; setBy: string | null; effectiveAt?: Date },
): Promise<{ version: number }> => {
  const value = v.parse(rule.schema, change.value);
  return insertRule(tx, {
    name: rule.name,
    value,
    reason: change.reason,
    setBy: change.setBy,
    effectiveAt: change.effectiveAt ?? tx.at,
    callsOff: null,
  });
};

/** What is scheduled of a rule after a moment and was not called off, newest first. */
export const scheduledOf = (history: Awaited<ReturnType<typeof ruleHistory>>, after: Date) => {
  const off = new Set(history.map(({ calls_off }) => calls_off));
  return history.filter(
    ({ version, calls_off, effective_at }) => effective_at > after && calls_off === null && !off.has(version),
  );
};

/**
 * Calls off a version whose moment is after `ahead`, by a version that says so: what was planned stays to be read. Null where
 * there is no such version, its moment is too near, or somebody else called it off first.
 */
export const callOffRule = async (
  tx: Tx,
  rule: Rule,
  change: { version: number; ahead: Date; reason: string; setBy: string | null },
): Promise<{ version: number; effectiveAt: Date } | null> => {
  await lockRule(tx, rule.name);
  const planned = scheduledOf(await ruleHistory(tx, rule), change.ahead);
  const off = planned.find(({ version }) => version === change.version);
  if (!off) return null;
  const { effective_at: effectiveAt } = off;
  // For code of before, which takes the last row of a moment: what holds then without the one that is called off.
  const others = planned.filter(
    ({ version, effective_at }) => version !== off.version && effective_at <= effectiveAt,
  );
  const next = others.sort(
    (a, b) => b.effective_at.getTime() - a.effective_at.getTime() || b.version - a.version,
  )[0];
  const value = next?.value ?? (await ruleAt(tx, rule, change.ahead)).value;
  const { reason, setBy } = change;
  const set = { name: rule.name, value, reason, setBy, effectiveAt, callsOff: off.version };
  return { ...(await insertRule(tx, set)), effectiveAt };
};
