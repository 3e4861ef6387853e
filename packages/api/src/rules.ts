import { displayNames } from "@evx/accounts";
import { runningAuctions } from "@evx/auctions";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { day_ms, isId, minute_ms, refusals } from "@evx/kernel";
import { unpaidOrders } from "@evx/orders";
import { undecidedRequests } from "@evx/review";
import { type Actor, refuseCall } from "@evx/rpc";
import { callOffRule, declaredRules, type Rule, ruleAt, ruleHistory, scheduledOf, setRule } from "@evx/rules";
import { standingWanted } from "@evx/wanted";
import * as v from "valibot";
import { unknownFields } from "./rest/unknown.ts";

const refuse = refusals({
  rule_not_found: {
    kind: "not_found",
    en: "There is no rule of that name.",
    vi: "Không có quy tắc nào mang tên đó.",
  },
  rule_version_not_found: {
    kind: "not_found",
    en: "This rule has no version {version}. Its versions are 0 to {last}.",
    vi: "Quy tắc này không có phiên bản {version}. Các phiên bản là từ 0 đến {last}.",
  },
  rule_version_unfit: {
    kind: "invalid",
    en: "Version {version} cannot hold again: today its {field} is out of range. Set the values anew.",
    vi: "Không thể dùng lại phiên bản {version}: giá trị {field} nay nằm ngoài phạm vi cho phép. Hãy đặt lại các giá trị.",
  },
  rule_same: {
    kind: "conflict",
    en: "These values hold already, so nothing was set.",
    vi: "Các giá trị này đang có hiệu lực, nên không có gì được đặt.",
  },
  rule_moved: {
    kind: "conflict",
    en: "Somebody else set this rule meanwhile: it is at version {last} now, and you saw version {seen}. Look at it again.",
    vi: "Người khác vừa đặt quy tắc này: nay là phiên bản {last}, còn bạn thấy phiên bản {seen}. Hãy xem lại.",
  },
  rule_past: {
    kind: "invalid",
    en: "That moment is past, so nothing was set. Choose one that is ahead, or none to set the rule now.",
    vi: "Thời điểm này đã qua nên chưa có gì được đặt. Hãy chọn thời điểm chưa tới, hoặc để trống để áp dụng ngay.",
  },
  rule_not_scheduled: {
    kind: "conflict",
    en: "Version {version} is not scheduled: it was called off already, or takes effect within a minute or has done so. Nothing was changed. Set other values to replace it.",
    vi: "Phiên bản {version} không còn chờ áp dụng: phiên bản đã bị hủy lịch, đã áp dụng hoặc sẽ áp dụng trong vòng một phút. Không có gì thay đổi. Hãy đặt giá trị khác để thay thế.",
  },
  rule_too_far: {
    kind: "invalid",
    en: "A change can be scheduled for at most {days} days ahead.",
    vi: "Chỉ có thể lên lịch thay đổi trước tối đa {days} ngày.",
  },
});

/** How far ahead a change may be scheduled. */
const AHEAD_DAYS = 731;

/** What stands is counted no further; beyond, a reader is told "more than". */
const MOST = 1_000;

/** Who sets a rule, from when, and why. `seen`: the last version that they looked at. */
export type Setting = { reason: string; from?: Date | undefined; seen?: number | undefined };

export const ruleNamed = (name: string): Rule => {
  const rule = declaredRules().find((one) => one.name === name);
  if (!rule) throw refuse("rule_not_found");
  return rule;
};

/** A stored value with what its rule has got since, as it is in force and would be again; what no longer fits, as it is. */
const asRead = (rule: Rule, stored: unknown): unknown => {
  const read = v.safeParse(rule.schema, stored);
  return read.success ? read.output : stored;
};

export const detailOf = async (db: Db, rule: Rule, now: Date) => {
  const { value, version } = await ruleAt(db, rule, now);
  const rows = await ruleHistory(db, rule);
  const setters = rows.flatMap(({ set_by }) => (set_by && isId("user", set_by) ? [set_by] : []));
  const names = await displayNames(db, [...new Set(setters)]);
  const calledOffBy = new Map(rows.map(({ calls_off, version }) => [calls_off, version]));
  const scheduled = new Set(scheduledOf(rows, now).map((row) => row.version));
  const history = rows.map((row) => ({
    version: row.version,
    value: asRead(rule, row.value),
    from: row.effective_at,
    reason: row.reason,
    setByName: row.set_by && isId("user", row.set_by) ? (names.get(row.set_by) ?? null) : null,
    scheduled: scheduled.has(row.version),
    callsOff: row.calls_off,
    calledOffBy: calledOffBy.get(row.version) ?? null,
  }));
  const from = history.find((row) => row.version === version)?.from ?? null;
  return { rule: { name: rule.name, version, value, from }, history };
};

/**
 * Reads a value as its rule's schema has it. Refuses `input_invalid`, naming the part that is out of range and the field
 * that the rule does not have: a misspelt one would say that something was set, and leave it as it was. What is stored is
 * read without that, so that a version of a newer release does not stop an older program beside it.
 */
const checked = (rule: Rule, value: unknown): unknown => {
  const read = v.safeParse(rule.schema, value);
  const unknown = unknownFields(rule.schema, value);
  if (read.success && unknown.length === 0) return read.output;
  const wrong = (read.issues ?? []).map((issue) => ({ path: v.getDotPath(issue), message: issue.message }));
  const issues = [...wrong, ...unknown].map(({ path, message }) => ({
    path: ["value", path].filter(Boolean).join("."),
    message,
  }));
  throw refuseCall("input_invalid", {}, { issues });
};

/** "Now" as it was typed: to the minute, and sent a little later. */
const NOW_MS = 5 * minute_ms;

const momentOf = (now: Date, from: Date | undefined): Date => {
  if (!from) return now;
  // A month and a day mixed up: at once is not what was asked.
  if (now.getTime() - from.getTime() > NOW_MS) throw refuse("rule_past");
  if (from <= now) return now;
  if (from.getTime() - now.getTime() > AHEAD_DAYS * day_ms)
    throw refuse("rule_too_far", { days: AHEAD_DAYS });
  return from;
};

/**
 * Sets a rule as an operator asks. Never in the past: what was agreed under a rule stays.
 * Refuses `input_invalid`, `rule_moved`, `rule_past`, `rule_too_far`.
 */
export const changeRule = async (
  tx: Tx,
  actor: Actor,
  { rule, value, reason, from: asked, seen }: Setting & { rule: Rule; value: unknown },
) => {
  const fit = checked(rule, value);
  const from = momentOf(tx.at, asked);
  const { version } = await setRule(tx, rule, { value: fit, reason, setBy: actor.id, effectiveAt: from });
  // The setter's turn has come by now: what anybody else set before is seen.
  if (seen !== undefined && version !== seen + 1) throw refuse("rule_moved", { last: version - 1, seen });
  await audit(tx, actor, "rule.set", rule.name, {
    after: { version, value: fit, reason, from: from.toISOString() },
  });
  return { name: rule.name, version, value: fit, from };
};

/**
 * Sets the values of an earlier version again, as a new version; 0 is the value as built.
 * Refuses `rule_version_not_found`, `rule_version_unfit`, `rule_same`, `rule_moved`, `rule_past`, `rule_too_far`.
 */
export const rollBack = async (
  tx: Tx,
  actor: Actor,
  { rule, version: back, reason, from: asked, seen }: Setting & { rule: Rule; version: number },
) => {
  const history = await ruleHistory(tx, rule);
  const held = back === 0 ? rule.initial : history.find(({ version }) => version === back)?.value;
  if (held === undefined)
    throw refuse("rule_version_not_found", { version: back, last: history[0]?.version ?? 0 });
  const read = v.safeParse(rule.schema, held);
  if (!read.success)
    throw refuse("rule_version_unfit", { version: back, field: v.getDotPath(read.issues[0]) ?? rule.name });
  const from = momentOf(tx.at, asked);
  const then = await ruleAt(tx, rule, from);
  if (Bun.deepEquals(then.value, read.output)) throw refuse("rule_same");
  const { version } = await setRule(tx, rule, {
    value: read.output,
    reason,
    setBy: actor.id,
    effectiveAt: from,
  });
  if (seen !== undefined && version !== seen + 1) throw refuse("rule_moved", { last: version - 1, seen });
  await audit(tx, actor, "rule.roll_back", rule.name, {
    after: { version, back, value: read.output, reason, from: from.toISOString() },
  });
  return { name: rule.name, version, value: read.output, from };
};

/** So close to its moment a change is not called off: somebody may be trading under it by the time that this is kept. */
const NEAR_MS = minute_ms;

/**
 * Calls off a change that was scheduled. Both stay in the rule's history, as versions.
 * Refuses `rule_version_not_found`, `rule_not_scheduled`.
 */
export const callOff = async (
  tx: Tx,
  actor: Actor,
  { rule, version: planned, reason }: { rule: Rule; version: number; reason: string },
) => {
  const history = await ruleHistory(tx, rule);
  if (!history.some(({ version }) => version === planned))
    throw refuse("rule_version_not_found", { version: planned, last: history[0]?.version ?? 0 });
  const ahead = new Date(tx.at.getTime() + NEAR_MS);
  const off = await callOffRule(tx, rule, { version: planned, ahead, reason, setBy: actor.id });
  if (!off) throw refuse("rule_not_scheduled", { version: planned });
  const { version, effectiveAt } = off;
  await audit(tx, actor, "rule.call_off", rule.name, {
    after: { version, calledOff: planned, reason, from: effectiveAt.toISOString() },
  });
  return { name: rule.name, version, calledOff: planned, from: effectiveAt };
};

/** What stands under a rule at this moment, and whether it keeps what it began with. */
const stands = {
  auctions: {
    count: runningAuctions,
    of: ["marketplace.auctions", "marketplace.sale_fees", "marketplace.order_limits"],
  },
  orders: { count: unpaidOrders, of: ["marketplace.sale_fees", "marketplace.order_limits"] },
  wanted: { count: standingWanted, of: ["marketplace.wanted", "marketplace.sale_fees"] },
  requests: { count: undecidedRequests, of: ["verification.four_eyes", "credits.buffer_shares"] },
} as const satisfies Record<
  string,
  { count: (db: Db, most: number) => Promise<number>; of: readonly string[] }
>;

export const standingKinds = ["auctions", "orders", "wanted", "requests"] as const;

/** What is decided at its end goes by the rule of then; the rest keeps what was agreed when it began. */
const keeps: Readonly<Record<(typeof standingKinds)[number], boolean>> = {
  auctions: true,
  orders: true,
  wanted: false,
  requests: false,
};

/**
 * What a change would do, without doing it: how many things stand under the rule and whether they keep it, and which
 * scheduled versions would hold after it. Refuses what `changeRule` would.
 */
export const previewOf = async (
  db: Db,
  now: Date,
  { rule, value, from: asked }: { rule: Rule; value: unknown; from?: Date | undefined },
) => {
  const fit = checked(rule, value);
  const from = momentOf(now, asked);
  const standing = [];
  for (const kind of standingKinds) {
    const { count, of } = stands[kind];
    if ((of as readonly string[]).includes(rule.name))
      standing.push({ kind, count: await count(db, MOST + 1), keeps: keeps[kind] });
  }
  const ahead = scheduledOf(await ruleHistory(db, rule), from).map(({ version, effective_at }) => ({
    version,
    from: effective_at,
  }));
  const before = await ruleAt(db, rule, from);
  return { from, same: Bun.deepEquals(before.value, fit), standing, ahead };
};
