import { momentIn, momentOut, textOf } from "@evx/kernel";
import { operator, rest, router, told } from "@evx/rpc";
import { declaredRules } from "@evx/rules";
import * as v from "valibot";
import { callOff, changeRule, detailOf, previewOf, rollBack, ruleNamed, standingKinds } from "./rules.ts";

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
  history: v.array(
    v.object({
      version: v.number(),
      value,
      from: momentOut,
      reason: v.string(),
      /** Who set it; null for what no person did. */
      setByName: v.nullable(v.string()),
      /** Ahead, and not called off. */
      scheduled: v.boolean(),
      /** The version that this one calls off, if that is all it does. */
      callsOff: v.nullable(v.number()),
      /** The version that calls this one off: it never takes effect. */
      calledOffBy: v.nullable(v.number()),
    }),
  ),
});

const version = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));

const when = {
  /** From when; at once when left out. Never in the past: what was agreed under a rule stays. */
  from: v.optional(momentIn),
  reason: textOf(500),
  /** The last version that was looked at: what somebody else set meanwhile is not covered up. */
  seen: v.optional(version),
};

const SetRule = v.object({ name: textOf(100), value: v.record(v.string(), v.unknown()), ...when });

const Preview = v.object({
  name: textOf(100),
  value: v.record(v.string(), v.unknown()),
  from: v.optional(momentIn),
});

const PreviewView = v.object({
  from: momentOut,
  /** These values would hold then anyway. */
  same: v.boolean(),
  /** What stands under the rule: `keeps` where it goes on with what it began with. Counted to 1,001. */
  standing: v.array(v.object({ kind: v.picklist(standingKinds), count: v.number(), keeps: v.boolean() })),
  /** Versions that were scheduled for later, and hold from then on instead. */
  ahead: v.array(v.object({ version: v.number(), from: momentOut })),
});

const RuleSet = v.object({ rule: v.object({ ...RuleView.entries, from: momentOut }) });

/** Of the rule as built, version 0, nothing is ahead. */
const ahead = v.pipe(version, v.minValue(1));

const CalledOff = v.object({
  name: v.string(),
  /** The version that says so. */
  version: v.number(),
  calledOff: v.number(),
  /** When it would have taken effect. */
  from: momentOut,
});

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
  preview: operator
    .meta(told("What a change of a business rule would do, and what keeps the rule that it began with"))
    .input(Preview)
    .output(PreviewView)
    .query(({ ctx, input: { name, ...change } }) =>
      previewOf(ctx.db, ctx.clock.now(), { rule: ruleNamed(name), ...change }),
    ),
  set: operator
    .meta(rest("PUT", "/admin/rules/{name}", { summary: "Set a business rule, now or from a moment on" }))
    .input(SetRule)
    .output(RuleSet)
    .mutation(({ ctx, input: { name, ...change } }) => {
      const rule = ruleNamed(name);
      return ctx.transact(async (tx) => ({ rule: await changeRule(tx, ctx.actor, { rule, ...change }) }));
    }),
  rollBack: operator
    .meta(
      rest("POST", "/admin/rules/{name}/roll-back", {
        summary: "Let an earlier version of a business rule hold again; 0 is the value as built",
      }),
    )
    .input(v.object({ name: textOf(100), version, ...when }))
    .output(RuleSet)
    .mutation(({ ctx, input: { name, ...change } }) => {
      const rule = ruleNamed(name);
      return ctx.transact(async (tx) => ({ rule: await rollBack(tx, ctx.actor, { rule, ...change }) }));
    }),
  callOff: operator
    .meta(
      rest("POST", "/admin/rules/{name}/call-off", {
        summary: "Call off a change of a business rule that is scheduled; both stay in its history",
      }),
    )
    .input(v.object({ name: textOf(100), version: ahead, reason: textOf(500) }))
    .output(v.object({ rule: CalledOff }))
    .mutation(({ ctx, input: { name, ...change } }) => {
      const rule = ruleNamed(name);
      return ctx.transact(async (tx) => ({ rule: await callOff(tx, ctx.actor, { rule, ...change }) }));
    }),
});
