import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { anAuction } from "@evx/auctions/testing";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { day_ms } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { aListing } from "@evx/listings/testing";
import { saleFees } from "@evx/orders";
import { anOrder } from "@evx/orders/testing";
import { createCallerFactory, refusalOf } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { declaredRules, ruleAt } from "@evx/rules";
import { compose } from "./authorization/world.ts";
import { rulesRouter } from "./rules-router.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const asAdmin = async () =>
  createCallerFactory(rulesRouter)(
    testContext(t, await aUser(t, { role: "admin", fullName: "Mai Operator" })),
  );
const later = () => new Date(t.clock.now().getTime() + day_ms);
const { name } = saleFees;
const fees = (platformFeeBps: number) => ({ platformFeeBps, cvaFeeBps: 100 });

test("an operator reads, sets and schedules a rule; what is out of range or unknown changes nothing", async () => {
  const rules = await asAdmin();
  expect(await rules.byName({ name })).toMatchObject({
    rule: { version: 0, value: { platformFeeBps: 250 } },
  });
  const at = later();
  const set = (bps: number, from?: Date) =>
    rules.set({ name, value: fees(bps), reason: "trial", from: from?.toISOString() });
  expect(await set(300, at)).toMatchObject({ rule: { version: 1 } });
  expect(await set(200)).toMatchObject({ rule: { version: 2, value: { platformFeeBps: 200 } } });
  expect((await ruleAt(t.db, saleFees, at)).value.platformFeeBps).toBe(300);
  expect(await refusalCode(set(9_999))).toBe("input_invalid");
  expect(await refusalCode(set(200, new Date(t.clock.now().getTime() + 4_000 * day_ms)))).toBe(
    "rule_too_far",
  );
  expect(await refusalCode(rules.byName({ name: "no.rule" }))).toBe("rule_not_found");
  const { history } = await rules.byName({ name });
  expect(history.map((one) => [one.version, one.setByName, one.reason])).toEqual([
    [2, "Mai Operator", "trial"],
    [1, "Mai Operator", "trial"],
  ]);
});

test("what is out of range is named with its bound", async () => {
  const rules = await asAdmin();
  const error = await rules
    .set({ name, value: fees(99_999), reason: "typo" })
    .catch((thrown: unknown) => thrown);
  expect(refusalOf(error)?.issues).toMatchObject([{ path: "value.platformFeeBps" }]);
});

/** `compose` loads every room, and with it its rules. */
const composed = () => {
  expect(compose).toBeFunction();
  return declaredRules();
};

/** Every object within a value, with its path, the value itself first. */
const objectsIn = function* (value: unknown, path: string): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
  for (const [name, held] of Object.entries(value)) yield* objectsIn(held, `${path}.${name}`);
};

/** Rules of rooms; tests of this package declare none. Lists have a row, so that rows are looked at, too. */
const roomy = () =>
  composed().map((rule) => ({
    name: rule.name,
    value: structuredClone({
      ...(rule.initial as Record<string, unknown>),
      ...(rule.name === "marketplace.auctions" ? { bands: [{ fromMinor: 100, stepMinor: 5 }] } : {}),
      ...(rule.name === "invoices.terms" ? { taxes: [{ name: "VAT", nameVi: "GTGT", rateBps: 800 }] } : {}),
    }),
  }));

test("a field that a rule does not have is refused by its name, in every rule, however deep, and nothing is set", async () => {
  const rules = await asAdmin();
  const looked: string[] = [];
  for (const { name, value } of roomy())
    for (const [path, object] of objectsIn(value, "value")) {
      object.mispelt = 1;
      for (const attempt of [
        () => rules.set({ name, value, reason: "typo" }),
        () => rules.preview({ name, value }),
      ]) {
        const error = await attempt().catch((thrown: unknown) => thrown);
        expect(refusalOf(error)?.issues).toEqual([
          { path: `${path}.mispelt`, message: "There is no field of this name." },
        ]);
      }
      delete object.mispelt;
      looked.push(`${name} ${path}`);
    }
  expect(looked).toContain("marketplace.auctions value.bands.0");
  expect(looked).toContain("invoices.terms value.issuer");
  expect(looked.length).toBeGreaterThan(14);
});

test("no rule takes a number beyond all sense: each has a bound that names the field", async () => {
  const rules = await asAdmin();
  let looked = 0;
  for (const { name, value } of roomy())
    for (const [path, object] of objectsIn(value, "value"))
      for (const [field, held] of Object.entries(object)) {
        if (typeof held !== "number") continue;
        object[field] = 1e300;
        const error = await rules.preview({ name, value }).catch((thrown: unknown) => thrown);
        expect(refusalOf(error)?.issues?.map((issue) => issue.path)).toContain(`${path}.${field}`);
        object[field] = held;
        looked++;
      }
  expect(looked).toBeGreaterThan(30);
});

test("a least that is above its most is refused where it stands", async () => {
  const rules = await asAdmin();
  const initial = new Map(composed().map((rule) => [rule.name, rule.initial as Record<string, unknown>]));
  const said = async (of: string, change: Record<string, unknown>) => {
    const value = { ...initial.get(of), ...change };
    const error = await rules.preview({ name: of, value }).catch((thrown: unknown) => thrown);
    return refusalOf(error)?.issues?.map(({ path }) => path);
  };
  expect(await said("marketplace.auctions", { shortest_s: 61, longest_s: 60 })).toEqual(["value.shortest_s"]);
  expect(await said("marketplace.wanted", { days: 31, longestDays: 30 })).toEqual(["value.days"]);
});

describe("a rule that is rolled back", () => {
  test("holds an earlier version's values as a new version, and says why it cannot", async () => {
    const rules = await asAdmin();
    const back = (version: number, seen?: number) =>
      rules.rollBack({ name, version, reason: "The trial is over", ...(seen ? { seen } : {}) });
    expect(await refusalCode(back(9))).toBe("rule_version_not_found");
    expect(await refusalCode(back(2))).toBe("rule_same");
    expect(await refusalCode(back(0, 1))).toBe("rule_moved");
    expect(await back(0, 2)).toMatchObject({ rule: { version: 3, value: { platformFeeBps: 250 } } });
    expect((await rules.byName({ name })).history[0]).toMatchObject({
      version: 3,
      reason: "The trial is over",
    });
  });

  test("is refused where the old values are out of today's range", async () => {
    const rules = await asAdmin();
    // As an earlier release allowed it.
    await t.db
      .insertInto("rules.rule")
      .values({
        name,
        version: 4,
        value: JSON.stringify(fees(9_000)),
        reason: "long ago",
        set_by: null,
        effective_at: new Date(0),
      })
      .execute();
    const back = rules.rollBack({ name, version: 4, reason: "again" });
    expect(await refusalCode(back)).toBe("rule_version_unfit");
    expect((await rules.byName({ name })).history).toHaveLength(4);
  });
});

test("a preview counts what stands, says what keeps its rule, and what is scheduled for after it", async () => {
  const rules = await asAdmin();
  await anAuction(t);
  await anAuction(t);
  const { id } = await aListing(t, { creditsAmount: 1_000_000n });
  await anOrder(t, id);
  t.clock.set(
    (await rules.byName({ name })).history.find(({ version }) => version === 3)?.from ?? new Date(),
  );
  const preview = await rules.preview({ name, value: fees(400) });
  expect(preview).toMatchObject({ same: false, ahead: [{ version: 1 }] });
  expect(preview.standing).toEqual([
    { kind: "auctions", count: 2, keeps: true },
    { kind: "orders", count: 1, keeps: true },
    { kind: "wanted", count: 0, keeps: false },
  ]);
  expect(await rules.preview({ name, value: fees(250) })).toMatchObject({ same: true });
  expect(await refusalCode(rules.preview({ name, value: fees(-1) }))).toBe("input_invalid");
  expect((await rules.byName({ name })).history).toHaveLength(4);
});

test("a moment that is past is refused, not taken for now; the minute that was just typed is now", async () => {
  const rules = await asAdmin();
  const { version } = (await rules.byName({ name })).rule;
  // 1 December typed as 12 January would hold at once.
  const from = new Date(t.clock.now().getTime() - day_ms).toISOString();
  const asked = { name, reason: "mixed up", from };
  expect(await refusalCode(rules.set({ ...asked, value: fees(900) }))).toBe("rule_past");
  expect(await refusalCode(rules.preview({ name, from, value: fees(900) }))).toBe("rule_past");
  expect(await refusalCode(rules.rollBack({ ...asked, version: 1 }))).toBe("rule_past");
  expect((await rules.byName({ name })).rule.version).toBe(version);
  const typed = new Date(t.clock.now().getTime() - 60_000).toISOString();
  const { rule } = await rules.set({ name, value: fees(210), reason: "now", from: typed });
  expect(new Date(rule.from ?? 0)).toEqual(t.clock.now());
});

test("a scheduled change is called off before its moment, with a reason, and stays to be read", async () => {
  const rules = await asAdmin();
  const name = "marketplace.wanted";
  const { rule } = await rules.byName({ name });
  const value = { ...(rule.value as Record<string, unknown>), days: 3 };
  const from = later();
  const set = await rules.set({ name, value, reason: "plan", from: from.toISOString() });
  const planned = set.rule.version;
  expect((await rules.preview({ name, value: { ...value, days: 4 } })).ahead).toMatchObject([
    { version: planned },
  ]);
  const off = () => rules.callOff({ name, version: planned, reason: "Not agreed" });
  expect(await refusalCode(rules.callOff({ name, version: 99, reason: "?" }))).toBe("rule_version_not_found");
  expect(await off()).toMatchObject({ rule: { version: planned + 1, calledOff: planned } });
  expect(await refusalCode(off())).toBe("rule_not_scheduled");
  const { history } = await rules.byName({ name });
  expect(history).toMatchObject([
    { version: planned + 1, callsOff: planned, scheduled: false, reason: "Not agreed" },
    { version: planned, calledOffBy: planned + 1, scheduled: false, value: { days: 3 } },
  ]);
  expect((await rules.preview({ name, value: { ...value, days: 4 } })).ahead).toEqual([]);
  const told = await t.db.selectFrom("identity.audit").select(["action", "object"]).execute();
  expect(told).toContainEqual({ action: "rule.call_off", object: name });
  t.clock.set(from);
  expect((await rules.byName({ name })).rule).toEqual(rule);
  // Whoever verifies the registry finds in the audit trail who called it off, and nothing amiss.
  const { rows } = await sql<{ fault: string }>`select fault from verification.faults_of_rules()`.execute(
    t.db,
  );
  expect(rows.filter(({ fault }) => fault.includes(name))).toEqual([]);
});

test("within a minute of its moment a change is no longer called off", async () => {
  const rules = await asAdmin();
  const name = "marketplace.wanted";
  const { rule } = await rules.byName({ name });
  const value = { ...(rule.value as Record<string, unknown>), days: 5 };
  const from = later();
  const set = await rules.set({ name, value, reason: "plan", from: from.toISOString() });
  t.clock.set(new Date(from.getTime() - 60_000));
  const off = rules.callOff({ name, version: set.rule.version, reason: "late" });
  expect(await refusalCode(off)).toBe("rule_not_scheduled");
  t.clock.set(from);
  expect((await rules.byName({ name })).rule).toMatchObject({ value: { days: 5 } });
});
