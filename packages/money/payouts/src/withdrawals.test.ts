import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { drain, jobContext, tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash, clearing, payoutClearing, post } from "@evx/ledger";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { receiveWebhook } from "@evx/payments";
import { paymentsJobs } from "@evx/payments/jobs";
import { FakeGateway, testPorts as testPaymentsPorts } from "@evx/payments/testing";
import { setRule } from "@evx/rules";
import fc from "@evx/tooling/properties";
import { balanceOfUser } from "./balance.ts";
import { payoutsJobs } from "./jobs.ts";
import { withdrawalLimits } from "./policy.ts";
import { withdrawalRow } from "./queries/withdrawals.ts";
import { testPorts, testSettings } from "./testing.ts";
import {
  approveWithdrawal,
  rejectWithdrawal,
  resolveUnanswered,
  type WithdrawalOrder,
  withdraw,
} from "./withdrawals.ts";

const t = await testDatabase();
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

let fake = new FakeGateway();
let ports = testPorts({ gateways: { stripe: fake } });
let payments = testPaymentsPorts({ gateways: { stripe: fake } });
let jobs = [...paymentsJobs(payments), ...payoutsJobs(ports, testSettings())];
const settings = testSettings();
const edge = jobContext(t);

beforeEach(async () => {
  // What other tests left unfinished is out of the way: no job waits and nobody looks for it.
  await t.admin.deleteFrom("jobs.outbox").execute();
  await t.admin
    .updateTable("payments.withdrawal")
    .set({ looked_at: new Date("2100-01-01") })
    .execute();
  t.clock.set("2026-03-01T00:00:00Z");
  fake = new FakeGateway();
  ports = testPorts({ gateways: { stripe: fake } });
  payments = testPaymentsPorts({ gateways: { stripe: fake } });
  jobs = [...paymentsJobs(payments), ...payoutsJobs(ports, testSettings())];
});

const owner = async (minor = 10_000n) => {
  const actor = await aUser(t);
  if (minor > 0n) await t.transact((tx) => givenCash(tx, actor.id, "USD", minor));
  return actor;
};

const order = (more: Partial<WithdrawalOrder> = {}): WithdrawalOrder => ({
  id: newId("withdrawal"),
  amount: "60.00",
  bankAccount: "Vietcombank 0071001234567",
  currency: "USD",
  holder: "Nguyễn Văn A",
  ip: "203.0.113.7",
  ...more,
});

const ask = (
  actor: Awaited<ReturnType<typeof owner>>,
  more: Partial<WithdrawalOrder> = {},
  under = settings,
) => t.transact((tx) => withdraw(tx, ports, under, actor, order(more)));

const cashOf = (userId: Id<"user">) => balanceOf(t.db, cash("USD", userId));
const parts = (userId: Id<"user">, under = settings) =>
  balanceOfUser(t.db, under, "USD", userId, t.clock.now());
const stateOf = async (id: Id<"withdrawal">) => (await withdrawalRow(t.db, id))?.status;

const eventsWaiting = async (): Promise<string[]> =>
  (
    await t.db.selectFrom("jobs.outbox").select("name").where("kind", "=", "event").orderBy("id").execute()
  ).map((row) => row.name);

describe("asking for a withdrawal", () => {
  test("sets the money aside at once, and the balance says so", async () => {
    const actor = await owner();
    const row = await ask(actor);
    expect(row.status).toBe("approved");
    expect(row.bank_masked).toBe("****4567");
    expect(await parts(actor.id)).toMatchObject({
      available: "40.00",
      withdrawing: "60.00",
      pending: "0.00",
    });
  });

  test("the same id twice is one withdrawal; with another amount or account it is refused", async () => {
    const actor = await owner();
    const id = newId("withdrawal");
    await ask(actor, { id });
    expect((await ask(actor, { id })).id).toBe(id);
    expect(await refusalCode(ask(actor, { id, amount: "1.00" }))).toBe("withdrawal_id_reused");
    expect(await refusalCode(ask(actor, { id, bankAccount: "Vietcombank 0071009999999" }))).toBe(
      "withdrawal_id_reused",
    );
    expect(await refusalCode(ask(await owner(), { id }))).toBe("withdrawal_id_reused");
    expect((await cashOf(actor.id)).held).toBe(6_000n);
  });

  test("ten at once never take more than there is", async () => {
    const actor = await owner(10_000n);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => refusalCode(ask(actor, { amount: "30.00" }))),
    );
    expect(outcomes.filter((outcome) => outcome === "none").length).toBe(3);
    expect(new Set(outcomes)).toEqual(new Set(["none", "withdrawal_exceeds_balance"]));
    expect((await cashOf(actor.id)).held).toBe(9_000n);
  });

  test("random amounts at once, settled or failed at random, never overdraw and never lose a cent", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 1, maxLength: 8 }),
        async (cents) => {
          const actor = await owner(10_000n);
          fake.payoutsWill(cents.length % 2 === 0 ? "paid" : "failed");
          await Promise.all(
            cents.map((amount) => refusalCode(ask(actor, { amount: (amount / 100).toFixed(2) }))),
          );
          const held = (await cashOf(actor.id)).held;
          expect(held <= 10_000n).toBe(true);
          await drain(t, jobs, { twice: true });
          const { balance, held: left } = await cashOf(actor.id);
          expect(left).toBe(0n);
          expect(balance).toBe(cents.length % 2 === 0 ? 10_000n - held : 10_000n);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("nonsense amounts and accounts, and more than there is, are refused and move nothing", async () => {
    const actor = await owner();
    for (const amount of ["0", "0.00", "0.001", "12.345"]) {
      expect(await refusalCode(ask(actor, { amount }))).toBe("withdrawal_amount_invalid");
    }
    for (const bankAccount of ["", "Vietcombank", "my account!"]) {
      expect(await refusalCode(ask(actor, { bankAccount }))).toBe("withdrawal_bank_invalid");
    }
    expect(await refusalCode(ask(actor, { amount: "100.01" }))).toBe("withdrawal_exceeds_balance");
    expect(await refusalCode(ask(await owner(0n)))).toBe("withdrawal_exceeds_balance");
    expect((await cashOf(actor.id)).held).toBe(0n);
  });

  test("where configured, an unverified e-mail or identity cannot withdraw", async () => {
    const strict = testSettings({ requireKyc: true, requireVerifiedEmail: true });
    const noMail = await aUser(t, { emailVerified: false });
    const noFile = await aUser(t, { kycStatus: "submitted" });
    expect(await refusalCode(ask(noMail, {}, strict))).toBe("withdrawal_needs_email");
    await t.transact((tx) => givenCash(tx, noFile.id, "USD", 10_000n));
    expect(await refusalCode(ask(noFile, {}, strict))).toBe("withdrawal_needs_identity");
    expect((await cashOf(noFile.id)).held).toBe(0n);
    expect(await refusalCode(ask(await owner(), {}, strict))).toBe("none");
  });

  test("below a configured sum in 30 days nobody needs a proved identity; many small ones, also at once, are one large", async () => {
    const strict = testSettings({ requireKyc: true });
    const limit = (identity_above_minor: string) =>
      t.transact((tx) =>
        setRule(tx, withdrawalLimits, {
          value: { minimum_minor: "1", approval_above_minor: null, holding_days: null, identity_above_minor },
          reason: "test",
          setBy: null,
        }),
      );
    await limit("5000");
    const actor = await aUser(t, { kycStatus: "none" });
    await t.transact((tx) => givenCash(tx, actor.id, "USD", 50_000n));
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => refusalCode(ask(actor, { amount: "20.00" }, strict))),
    );
    expect(outcomes.toSorted()).toEqual([
      "none",
      "none",
      "withdrawal_needs_identity",
      "withdrawal_needs_identity",
    ]);
    expect((await cashOf(actor.id)).held).toBe(4_000n);
    expect(await refusalCode(ask(actor, { amount: "10.00" }, strict))).toBe("none");
    expect(await refusalCode(ask(actor, { amount: "0.01" }, strict))).toBe("withdrawal_needs_identity");
    t.clock.advance(31 * 24 * 60 * 60_000);
    expect(await refusalCode(ask(actor, { amount: "50.00" }, strict))).toBe("none");
    await limit("0");
  });

  test("money that still lies out its holding time is pending and cannot be withdrawn, not even in a race", async () => {
    const lying = testSettings({ holdDays: 7 });
    const actor = await owner(0n);
    const earn = (amount: bigint) =>
      t.transact((tx) =>
        post(tx, {
          id: newId("transfer"),
          kind: "sale",
          legs: [
            { account: clearing("USD", "stripe"), amount: -amount },
            { account: cash("USD", actor.id), amount },
          ],
        }),
      );
    await earn(5_000n);
    t.clock.advance(8 * 24 * 60 * 60_000);
    await earn(4_000n);
    expect(await parts(actor.id, lying)).toMatchObject({
      available: "50.00",
      pending: "40.00",
      holdingDays: 7,
    });
    expect(await parts(actor.id)).toMatchObject({ available: "90.00", pending: "0.00" });
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => refusalCode(ask(actor, { amount: "30.00" }, lying))),
    );
    expect(outcomes.toSorted()).toEqual(["none", "withdrawal_exceeds_balance", "withdrawal_exceeds_balance"]);
    t.clock.advance(7 * 24 * 60 * 60_000 + 1);
    expect(await parts(actor.id, lying)).toMatchObject({ available: "60.00", withdrawing: "30.00" });
  });
});

describe("the bank account", () => {
  test("is nowhere in the database as it was written, and opens only for its own withdrawal", async () => {
    const actor = await owner();
    const row = await ask(actor);
    const all = JSON.stringify(
      await t.admin.selectFrom("payments.withdrawal").selectAll().execute(),
      (_, value) => (typeof value === "bigint" ? value.toString() : value),
    );
    const outbox = JSON.stringify(
      (await t.admin.selectFrom("jobs.outbox").selectAll().execute()).map((entry) => entry.payload),
    );
    expect(all).not.toContain("0071001234567");
    expect(outbox).not.toContain("0071001234567");
    expect(await ports.vault.openText(row.bank_sealed, row.id)).toContain("0071001234567");
    await expect(ports.vault.openText(row.bank_sealed, newId("withdrawal"))).rejects.toThrow();
  });
});

describe("sending a withdrawal", () => {
  test("is paid by the gateway: the money leaves the balance, once, however often the job runs", async () => {
    const actor = await owner();
    const row = await ask(actor);
    fake.payoutsWill("paid");
    const sentBefore = (await balanceOf(t.db, payoutClearing("USD", "stripe"))).balance;
    await drain(t, jobs, { twice: true });
    expect(await stateOf(row.id)).toBe("completed");
    expect(await cashOf(actor.id)).toMatchObject({ balance: 4_000n, held: 0n });
    expect((await balanceOf(t.db, payoutClearing("USD", "stripe"))).balance - sentBefore).toBe(6_000n);
    expect(fake.payouts.size).toBe(1);
  });

  test("a webhook that says paid, twice and at once, completes it once", async () => {
    const actor = await owner();
    const row = await ask(actor);
    await drain(t, jobs);
    expect(await stateOf(row.id)).toBe("sent");
    fake.endPayout(row.id, "paid");
    const webhook = () => fake.webhook({ kind: "withdrawal", withdrawalId: row.id });
    await Promise.all([receiveWebhook(edge, payments, webhook()), receiveWebhook(edge, payments, webhook())]);
    const runAll = async (kind: "job" | "event", name: string, queue: string) => {
      const waiting = await t.db
        .selectFrom("jobs.outbox")
        .select("payload")
        .where("kind", "=", kind)
        .where("name", "=", name)
        .execute();
      const handler = jobs.find((job) => job.queue === queue);
      await Promise.all(waiting.map((job) => handler?.run(edge, job.payload)));
      return waiting.length;
    };
    expect(await runAll("job", "payments.handle_event", "payments.handle_event")).toBe(2);
    expect(await runAll("event", "payments.payout_noticed", "payouts.follow_notice")).toBe(2);
    expect(await stateOf(row.id)).toBe("completed");
    expect((await eventsWaiting()).filter((name) => name === "payments.withdrawal_completed").length).toBe(1);
    expect((await cashOf(actor.id)).balance).toBe(4_000n);
  });

  test("a bank that refuses it: the money is taken back at the gateway and is in the balance again", async () => {
    const actor = await owner();
    const row = await ask(actor);
    await drain(t, jobs);
    fake.endPayout(row.id, "failed", "account_closed");
    await receiveWebhook(edge, payments, fake.webhook({ kind: "withdrawal", withdrawalId: row.id }));
    await drain(t, jobs, { twice: true });
    expect(await withdrawalRow(t.db, row.id)).toMatchObject({ status: "failed", failure: "account_closed" });
    expect(await cashOf(actor.id)).toMatchObject({ balance: 10_000n, held: 0n });
    expect(fake.recalled.size).toBe(1);
  });

  test("money that the bank returns after it was paid comes back into the balance, once", async () => {
    const actor = await owner();
    const row = await ask(actor);
    fake.payoutsWill("paid");
    await drain(t, jobs);
    expect((await cashOf(actor.id)).balance).toBe(4_000n);
    fake.endPayout(row.id, "failed", "account_closed");
    for (let time = 0; time < 2; time++) {
      await receiveWebhook(edge, payments, fake.webhook({ kind: "withdrawal", withdrawalId: row.id }));
      await drain(t, jobs, { twice: true });
    }
    expect(await stateOf(row.id)).toBe("failed");
    expect(await cashOf(actor.id)).toMatchObject({ balance: 10_000n, held: 0n });
  });

  test("a process that dies after the gateway sent it sends no second one: the next try has the same key", async () => {
    const actor = await owner();
    const row = await ask(actor);
    fake.beSilent(2, "after");
    await expect(drain(t, jobs)).rejects.toThrow("silence");
    expect(await stateOf(row.id)).toBe("approved");
    for (let minute = 0; minute < 3; minute++) {
      t.clock.advance(60_000);
      await tick(t, jobs, "payouts.reconcile");
    }
    expect(fake.payouts.size).toBe(1);
    expect(await stateOf(row.id)).toBe("sent");
    fake.endPayout(row.id, "paid");
    t.clock.advance(60_000);
    await tick(t, jobs, "payouts.reconcile");
    expect(await stateOf(row.id)).toBe("completed");
    expect((await cashOf(actor.id)).balance).toBe(4_000n);
  });

  test("a gateway that is silent until it may have forgotten our key is not asked again: an operator decides", async () => {
    const actor = await owner();
    const row = await ask(actor);
    fake.beSilent(1_000, "before");
    await expect(drain(t, jobs)).rejects.toThrow("silence");
    t.clock.advance(21 * 60 * 60_000);
    await tick(t, jobs, "payouts.reconcile");
    const calls = fake.calls.length;
    t.clock.advance(60_000);
    await tick(t, jobs, "payouts.reconcile");
    expect(fake.calls.length).toBe(calls);
    expect(await withdrawalRow(t.db, row.id)).toMatchObject({ status: "approved", flag: "unanswered" });
    expect((await cashOf(actor.id)).held).toBe(6_000n);
  });

  test("what an operator found out about an unanswered one is done: sent again under its id, or given back", async () => {
    const operator = await aUser(t, { role: "admin" });
    const actor = await owner();
    const [again, back] = [await ask(actor, { amount: "10.00" }), await ask(actor, { amount: "20.00" })];
    await t.admin
      .updateTable("payments.withdrawal")
      .set({ flag: "unanswered" })
      .where("user_id", "=", actor.id)
      .execute();
    await t.admin.deleteFrom("jobs.outbox").execute();
    await t.transact((tx) => resolveUnanswered(tx, operator, again.id, "send_again"));
    await t.transact((tx) => resolveUnanswered(tx, operator, back.id, "give_back"));
    fake.payoutsWill("paid");
    await drain(t, jobs);
    expect([await stateOf(again.id), await stateOf(back.id)]).toEqual(["completed", "failed"]);
    expect(await cashOf(actor.id)).toMatchObject({ balance: 9_000n, held: 0n });
    const once = t.transact((tx) => resolveUnanswered(tx, operator, back.id, "give_back"));
    expect(await refusalCode(once)).toBe("withdrawal_decided");
  });

  test("a larger one waits for an operator where the rule asks for one, and is decided once", async () => {
    await t.transact((tx) =>
      setRule(tx, withdrawalLimits, {
        value: { minimum_minor: "500", approval_above_minor: "2000", holding_days: null },
        reason: "a test's limits",
        setBy: null,
        effectiveAt: t.clock.now(),
      }),
    );
    const operator = await aUser(t, { role: "admin" });
    const actor = await owner();
    expect(await refusalCode(ask(actor, { amount: "4.99" }))).toBe("withdrawal_amount_invalid");
    expect((await ask(actor, { amount: "20.00" })).status).toBe("approved");
    const [good, bad] = [await ask(actor, { amount: "20.01" }), await ask(actor, { amount: "30.00" })];
    expect([good.status, bad.status]).toEqual(["requested", "requested"]);
    await drain(t, jobs);
    expect(await stateOf(good.id)).toBe("requested");
    await t.transact((tx) => approveWithdrawal(tx, operator, good.id));
    const twice = t.transact((tx) => approveWithdrawal(tx, operator, good.id));
    expect(await refusalCode(twice)).toBe("withdrawal_decided");
    await t.transact((tx) => rejectWithdrawal(tx, operator, bad.id, "not their account"));
    fake.payoutsWill("paid");
    await drain(t, jobs);
    expect([await stateOf(good.id), await stateOf(bad.id)]).toEqual(["completed", "failed"]);
    expect((await withdrawalRow(t.db, bad.id))?.failure).toBe("not their account");
  });
});
