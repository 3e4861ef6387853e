import { afterAll, beforeAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import * as v from "valibot";
import { callOffRule, declaredRules, defineRule, ruleAt, ruleHistory, setRule } from "./index.ts";

const fee = defineRule("test.fee", v.object({ bps: v.pipe(v.number(), v.integer(), v.maxValue(1_000)) }), {
  bps: 250,
});

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

test("a rule nobody set has its initial value as version 0", async () => {
  expect(await ruleAt(t.db, fee, t.clock.now())).toEqual({ value: { bps: 250 }, version: 0 });
  expect(declaredRules().map(({ name }) => name)).toContain("test.fee");
});

test("a new version holds from its moment on; the past keeps what held then", async () => {
  const now = t.clock.now();
  const later = new Date(now.getTime() + 60_000);
  await t.transact((tx) =>
    setRule(tx, fee, { value: { bps: 300 }, reason: "trial", setBy: null, effectiveAt: later }),
  );
  expect((await ruleAt(t.db, fee, now)).value.bps).toBe(250);
  expect(await ruleAt(t.db, fee, later)).toEqual({ value: { bps: 300 }, version: 1 });
});

test("a change scheduled first survives one set later for before it", async () => {
  const scheduled = defineRule("test.scheduled", fee.schema, { bps: 1 });
  const [now, later] = [t.clock.now(), new Date(t.clock.now().getTime() + 86_400_000)];
  const set = (bps: number, effectiveAt: Date) =>
    t.transact((tx) => setRule(tx, scheduled, { value: { bps }, reason: "plan", setBy: null, effectiveAt }));
  await set(2, later);
  await set(3, now);
  expect((await ruleAt(t.db, scheduled, now)).value.bps).toBe(3);
  expect((await ruleAt(t.db, scheduled, later)).value.bps).toBe(2);
});

test("twenty who set a rule at once get twenty versions without a gap", async () => {
  const set = (bps: number) =>
    t.transact((tx) => setRule(tx, fee, { value: { bps }, reason: "race", setBy: null }));
  const versions = (await Promise.all(Array.from({ length: 20 }, (_, bps) => set(bps)))).map(
    ({ version }) => version,
  );
  expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  expect((await ruleHistory(t.db, fee)).length).toBe(21);
});

test("a value that its schema refuses is never stored, and no version is ever amended", async () => {
  await expect(
    t.transact((tx) => setRule(tx, fee, { value: { bps: 5_000 }, reason: "typo", setBy: null })),
  ).rejects.toThrow();
  await expect(t.admin.updateTable("rules.rule").set({ reason: "rewritten" }).execute()).rejects.toThrow(
    "append-only",
  );
  await expect(t.db.deleteFrom("rules.rule").execute()).rejects.toThrow("permission denied");
});

test("what is called off never holds, nor does what calls it off bring back what was set before", async () => {
  const rule = defineRule("test.called-off", fee.schema, { bps: 1 });
  const [now, later] = [t.clock.now(), new Date(t.clock.now().getTime() + 86_400_000)];
  const set = (bps: number, effectiveAt: Date) =>
    t.transact((tx) => setRule(tx, rule, { value: { bps }, reason: "plan", setBy: null, effectiveAt }));
  await set(2, later);
  const off = () =>
    t.transact((tx) => callOffRule(tx, rule, { version: 1, ahead: now, reason: "no", setBy: null }));
  const [first, second] = await Promise.all([off(), off()]);
  expect([first, second].filter(Boolean)).toEqual([{ version: 2, effectiveAt: later }]);
  await set(3, now);
  expect(await ruleAt(t.db, rule, later)).toEqual({ value: { bps: 3 }, version: 3 });
  expect(await off()).toBeNull();
  const history = await ruleHistory(t.db, rule);
  expect(history.map(({ version, calls_off }) => [version, calls_off])).toEqual([
    [3, null],
    [2, 1],
    [1, null],
  ]);
  // Code of before knows no calling off, and takes the last row of a moment: it is kept from the change, too.
  expect(history[1]).toMatchObject({ value: { bps: 1 }, effective_at: later });
});

test("a change whose moment has come is not called off", async () => {
  const now = t.clock.now();
  const off = { version: 1, ahead: now, reason: "late", setBy: null };
  const rule = defineRule("test.too-late", fee.schema, { bps: 1 });
  await t.transact((tx) => setRule(tx, rule, { value: { bps: 2 }, reason: "plan", setBy: null }));
  expect(await t.transact((tx) => callOffRule(tx, rule, off))).toBeNull();
  expect(await ruleHistory(t.db, rule)).toHaveLength(1);
});
