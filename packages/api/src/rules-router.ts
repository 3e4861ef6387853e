import { audit } from "@evx/audit";
import type { Db } from "@evx/db";
import { momentIn, momentOut, refusals, textOf } from "@evx/kernel";
import { operator, refuseCall, rest, router } from "@evx/rpc";
import { declaredRules, type Rule, ruleAt, ruleHistory, setRule } from "@evx/rules";
import * as v from "valibot";

const refuse = refusals({
  rule_not_found: {
    kind: "not_found",
    en: "There is no rule of that name.",
    vi: "Không có quy tắc nào mang tên đó.",
  },
});

const RuleName = v.object({ name: textOf(100) });

/** A rule's value: an object whose fields its room declares. */
const value = v.pipe(v.unknown(), v.metadata({ type: "object", additionalProperties: true }));

const RuleView = v.object({
  name: v.string(),
  version: v.number(),
  value,
  /** Null for the value that holds until somebody sets another. */
  from: v.nullable(momentOut),
});

const RuleDetail = v.object({
  rule: RuleView,
  history: v.array(v.object({ version: v.number(), value, from: momentOut, reason: v.string() })),
});

const SetRule = v.object({
  name: textOf(100),
  value: v.record(v.string(), v.unknown()),
  /** From when; at once when left out. Never in the past: what was agreed under a rule stays. */
  from: v.optional(momentIn),
  reason: textOf(500),
});

const ruleNamed = (name: string): Rule => {
  const rule = declaredRules().find((one) => one.name === name);
  if (!rule) throw refuse("rule_not_found");
  return rule;
};

const detailOf = async (db: Db, rule: Rule, now: Date) => {
  const { value, version } = await ruleAt(db, rule, now);
  const history = (await ruleHistory(db, rule)).map((row) => ({
    version: row.version,
    value: row.value,
    from: row.effective_at,
    reason: row.reason,
  }));
  const from = history.find((row) => row.version === version)?.from ?? null;
  return { rule: { name: rule.name, version, value, from }, history };
};

/** Reads a value as its rule's schema has it. Refuses `input_invalid`, naming the part that is out of range. */
const checked = (rule: Rule, value: unknown): void => {
  const read = v.safeParse(rule.schema, value);
  if (read.success) return;
  const issues = read.issues.map((issue) => ({
    path: ["value", v.getDotPath(issue)].filter(Boolean).join("."),
    message: issue.message,
  }));
  throw refuseCall("input_invalid", {}, { issues });
};

/** The venue's business rules, for operators. */
export const rulesRouter = router({
  list: operator
    .meta(rest("GET", "/admin/rules", { summary: "All business rules as they hold now" }))
    .output(v.object({ items: v.array(RuleView) }))
    .query(async ({ ctx }) => {
      const items = [];
      for (const rule of declaredRules()) items.push((await detailOf(ctx.db, rule, ctx.clock.now())).rule);
      return { items };
    }),
  byName: operator
    .meta(rest("GET", "/admin/rules/{name}", { summary: "A business rule with its versions" }))
    .input(RuleName)
    .output(RuleDetail)
    .query(({ ctx, input }) => detailOf(ctx.db, ruleNamed(input.name), ctx.clock.now())),
  set: operator
    .meta(rest("PUT", "/admin/rules/{name}", { summary: "Set a business rule, now or from a moment on" }))
    .input(SetRule)
    .output(v.object({ rule: v.object({ ...RuleView.entries, from: momentOut }) }))
    .mutation(async ({ ctx, input }) => {
      const rule = ruleNamed(input.name);
      checked(rule, input.value);
      const { value, reason } = input;
      return ctx.transact(async (tx) => {
        const from = input.from && input.from > tx.at ? input.from : tx.at;
        const { version } = await setRule(tx, rule, {
          value,
          reason,
          setBy: ctx.actor.id,
          effectiveAt: from,
        });
        await audit(tx, ctx.actor, "rule.set", rule.name, {
          after: { version, reason, from: from.toISOString() },
        });
        return { rule: { name: rule.name, version, value, from } };
      });
    }),
});
