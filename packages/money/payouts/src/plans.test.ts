import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { jobContext } from "@evx/jobs/testing";
import type { Id } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { openVault } from "@evx/vault";
import { myWithdrawals } from "./lists.ts";
import { endPlan, type PlanInput, planOf, runPlans, setPlan } from "./plans.ts";
import { periodStart } from "./policy.ts";
import { rotateBankAccounts } from "./rotation.ts";
import { testPorts, testSettings } from "./testing.ts";

const t = await testDatabase();
const ctx = jobContext(t);
const ports = testPorts();
const settings = testSettings();
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const wanting = (more: Partial<PlanInput> = {}): PlanInput => ({
  every: "month",
  minimum: "20.00",
  bankAccount: { number: "0071001234567", holder: "", bankName: "", bankCode: "VCB", country: "VN" },
  currency: "USD",
  holder: "Nguyễn Văn A",
  ip: "203.0.113.7",
  ...more,
});

const owner = async (cents: bigint, more: Partial<PlanInput> = {}) => {
  t.clock.set("2026-03-10T00:00:00Z");
  const actor = await aUser(t);
  await t.transact((tx) => givenCash(tx, actor.id, "USD", cents));
  await t.transact((tx) => setPlan(tx, ports, settings, actor, wanting(more)));
  return actor;
};

const sent = async (userId: Id<"user">) =>
  (await myWithdrawals(t.db, userId, { limit: 10 })).items.map(({ amount }) => amount);

const runAt = async (moment: string) => {
  t.clock.set(moment);
  await Promise.all([runPlans(ctx, ports, settings), runPlans(ctx, ports, settings)]);
};

test("a balance is sent once in each month from the minimum on; less waits for the next", async () => {
  const rich = await owner(5_000n);
  const poor = await owner(1_600n);
  await runAt("2026-03-20T00:00:00Z");
  expect([await sent(rich.id), await sent(poor.id)]).toEqual([[], []]);
  await runAt("2026-04-01T00:30:00Z");
  await runAt("2026-04-02T00:30:00Z");
  expect([await sent(rich.id), await sent(poor.id)]).toEqual([["50.00"], []]);
  await t.transact((tx) => givenCash(tx, poor.id, "USD", 500n));
  await runAt("2026-04-20T00:30:00Z");
  expect(await sent(poor.id)).toEqual([]);
  await runAt("2026-05-01T00:30:00Z");
  expect(await sent(poor.id)).toEqual(["21.00"]);
});

test("who wants it no more is sent nothing; a wrong account or too small a minimum is refused", async () => {
  const actor = await owner(5_000n, { every: "week" });
  expect(await planOf(t.db, actor.id)).toMatchObject({ every: "week", bankAccountMasked: "****4567" });
  await t.transact((tx) => endPlan(tx, actor));
  await runAt("2026-03-16T00:30:00Z");
  expect([await sent(actor.id), await planOf(t.db, actor.id)]).toEqual([[], null]);
  const wrong = (more: Partial<PlanInput>) =>
    refusalCode(t.transact((tx) => setPlan(tx, ports, settings, actor, wanting(more))));
  expect(await wrong({ minimum: "0" })).toBe("withdrawal_amount_invalid");
  expect(await wrong({ bankAccount: "GB29 NWBK 6016 1331 9268 10" })).toBe("withdrawal_bank_invalid");
});

test("keys are changed under plans too", async () => {
  const actor = await owner(3_000n);
  const vault = await openVault("another secret of the tests,a secret of the tests, long enough", "payments");
  const operator = await aUser(t, { role: "admin" });
  const edge = { db: t.db, transact: t.transact, actor: operator };
  for (let left = 1; left > 0; ) left = (await rotateBankAccounts(edge, { vault })).left;
  t.clock.set("2026-06-01T00:30:00Z");
  await runPlans(ctx, testPorts({ vault }), settings);
  expect(await sent(actor.id)).toEqual(["30.00"]);
});

test("a week begins on Monday and a month on its first, in UTC", () => {
  expect(periodStart("week", new Date("2026-11-28T12:00:00Z"))).toEqual(new Date("2026-11-23T00:00:00Z"));
  expect(periodStart("week", new Date("2026-11-23T00:00:00Z"))).toEqual(new Date("2026-11-23T00:00:00Z"));
  expect(periodStart("month", new Date("2026-11-28T12:00:00Z"))).toEqual(new Date("2026-11-01T00:00:00Z"));
});

test("a key sets no plan; a person is told of each that is set", async () => {
  const actor = await owner(5_000n);
  const key = { ...actor, scopes: ["write"] };
  const byKey = t.transact((tx) => setPlan(tx, ports, settings, key, wanting({ every: "week" })));
  expect(await refusalCode(byKey)).toBe("session_required");
  expect(await planOf(t.db, actor.id)).toMatchObject({ every: "month" });
  const told = await t.admin
    .selectFrom("jobs.outbox")
    .select("payload")
    .where("name", "=", "payments.payout_plan_set")
    .execute();
  expect(
    told.map(({ payload }) => payload as { userId: string }).filter((one) => one.userId === actor.id),
  ).toMatchObject([{ every: "month", bankAccountMasked: "****4567", setAt: "2026-03-10T00:00:00.000Z" }]);
});
