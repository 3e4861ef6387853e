import { afterAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { stripeGateway } from "@evx/adapters";
import { testDatabase } from "@evx/db/testing";
import { startEmulator } from "@evx/gateways";
import { drain } from "@evx/jobs/testing";
import { newId, systemClock } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { receiveWebhook } from "@evx/payments";
import { paymentsJobs } from "@evx/payments/jobs";
import { testPorts as testPaymentsPorts } from "@evx/payments/testing";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { payoutsJobs } from "./jobs.ts";
import { payoutsRouter } from "./router.ts";
import { testPorts, testSettings } from "./testing.ts";

/** The whole way with the real adapter, over HTTP, against the emulator: its webhooks come to this endpoint. */
const t = await testDatabase();
const world = { ...t, clock: systemClock };
const answers: number[] = [];
const endpoint = Bun.serve({
  port: 0,
  async fetch(request) {
    const webhook = {
      gateway: "stripe" as const,
      rawBody: await request.text(),
      query: "",
      headers: request.headers,
    };
    const answer = await receiveWebhook(testContext(world, null), paymentsPorts, webhook);
    answers.push(answer.status);
    return Response.json(answer.body, { status: answer.status });
  },
});
const emulator = startEmulator({
  port: 0,
  webhookUrl: `http://localhost:${endpoint.port}`,
  secretKey: "sk_test_router",
  webhookSecret: "whsec_router",
  pace: { payout_ms: 10, refund_ms: 10, dispute_ms: 10, retry_ms: 10 },
});
const ports = testPorts({
  gateways: {
    stripe: stripeGateway({
      secretKey: "sk_test_router",
      webhookSecrets: ["whsec_router"],
      apiBase: emulator.url,
      retries: 0,
    }),
  },
});
const paymentsPorts = testPaymentsPorts({ gateways: ports.gateways });
const jobs = [...paymentsJobs(paymentsPorts), ...payoutsJobs(ports, testSettings())];
afterAll(async () => {
  await emulator.stop();
  await endpoint.stop(true);
  await expectBooksBalance(t.db);
  await t.close();
});

const call = createCallerFactory(payoutsRouter(ports, testSettings()));
const as = (actor: Actor | null, locale: "en" | "vi" = "en") => call(testContext(world, actor, { locale }));

/** Does jobs as they come until something holds; fails after five seconds. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 250; tries++) {
    await drain(world, jobs);
    if (await holds()) return;
    await Bun.sleep(20);
  }
  throw new Error("It did not come to hold in time.");
};

describe("withdrawing, end to end", () => {
  test("money goes to a bank through the gateway, and a bank that refuses it gives it back", async () => {
    const actor = await aUser(t);
    await t.transact((tx) => givenCash(tx, actor.id, "USD", 10_000n));
    const good = await as(actor).withdraw({ amount: "25.50", bankAccount: "Vietcombank 0071001234567" });
    expect(good.withdrawal).toMatchObject({
      amount: "25.50",
      status: "approved",
      bankAccountMasked: "****4567",
    });
    const bad = await as(actor).withdraw({
      amount: 10,
      bankAccount: { accountNumber: "000111111116", bankName: "Test", accountHolder: "A", swift: "BFTVVNVX" },
    });
    const states = async () =>
      (await as(actor).withdrawals({})).items.map((item) =>
        `${item.amount} ${item.status} ${item.failure ?? ""}`.trim(),
      );
    await until(async () => (await states()).every((text) => /completed|failed/.test(text)));
    expect((await states()).toSorted()).toEqual(["10.00 failed no_account", "25.50 completed"]);
    expect(await as(actor).balance({ userId: actor.id })).toMatchObject({
      available: "74.50",
      withdrawing: "0.00",
      currency: "USD",
    });
    expect((await as(actor).withdrawal({ withdrawalId: bad.withdrawal.id })).withdrawal.status).toBe(
      "failed",
    );
  });

  test("whoever watches their balance hears of what they earn and of a withdrawal", async () => {
    const actor = await aUser(t);
    const stream = (await as(actor).watchBalance())[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ available: "0.00" });
    await t.transact((tx) => givenCash(tx, actor.id, "USD", 500n));
    expect((await stream.next()).value).toMatchObject({ available: "5.00" });
    await as(actor).withdraw({ amount: "2.00", bankAccount: "0071001234567" });
    expect((await stream.next()).value).toMatchObject({ available: "3.00", withdrawing: "2.00" });
    await stream.return?.();
  });

  test("another's balance and withdrawals are hidden; an operator sees them with names and without account numbers", async () => {
    const [actor, other, operator] = [
      await aUser(t, { fullName: "Trần Thị B" }),
      await aUser(t),
      await aUser(t, { role: "admin" }),
    ];
    await t.transact((tx) => givenCash(tx, actor.id, "USD", 1_000n));
    const { withdrawal } = await as(actor).withdraw({ amount: "1.00", bankAccount: "0071001234567" });
    expect(await refusalCode(as(other).balance({ userId: actor.id }))).toBe("not_found");
    expect(await refusalCode(as(other).withdrawal({ withdrawalId: withdrawal.id }))).toBe(
      "withdrawal_unknown",
    );
    expect(await refusalCode(as(other).allWithdrawals({}))).toBe("role_required");
    expect((await as(operator).balance({ userId: actor.id })).withdrawing).toBe("1.00");
    const seen = (await as(operator).allWithdrawals({})).items.find((item) => item.id === withdrawal.id);
    expect(seen).toMatchObject({ userName: "Trần Thị B", bankAccountMasked: "****4567" });
    expect(JSON.stringify(seen)).not.toContain("0071001234567");
  });

  test("bad input names its field", async () => {
    const actor = await aUser(t);
    const issues = async (input: Parameters<ReturnType<typeof as>["withdraw"]>[0]) => {
      const error = await as(actor)
        .withdraw(input)
        .then(
          () => null,
          (thrown: { cause?: { issues?: { path: unknown }[] } }) => thrown,
        );
      return JSON.stringify(error?.cause?.issues?.map((issue) => issue.path));
    };
    expect(await issues({ amount: "-1", bankAccount: "0071001234567" })).toContain("amount");
    expect(await issues({ amount: "0", bankAccount: "0071001234567" })).toContain("amount");
    expect(await issues({ amount: "1", bankAccount: "none" })).toContain("bankAccount");
    expect(await issues({ amount: "1", bankAccount: { iban: "" } })).toContain("bankAccount");
  });
});

describe("operators", () => {
  test("approve and reject what waits for them", async () => {
    const operator = await aUser(t, { role: "admin" });
    const unknown = newId("withdrawal");
    expect(await refusalCode(as(operator).approve({ withdrawalId: unknown }))).toBe("withdrawal_unknown");
    expect(await refusalCode(as(operator).reject({ withdrawalId: unknown, reason: "x" }))).toBe(
      "withdrawal_unknown",
    );
    expect(await refusalCode(as(operator).resolve({ withdrawalId: unknown, decision: "give_back" }))).toBe(
      "withdrawal_unknown",
    );
  });
});
