import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { creditsTransferred } from "@evx/credits/events";
import { testDatabase } from "@evx/db/testing";
import { emit } from "@evx/jobs";
import { drain, jobContext, tick } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { kycDecided } from "@evx/kyc/events";
import { infoGiven } from "@evx/review/events";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { notificationsJobs } from "./jobs.ts";
import { notify } from "./notify.ts";
import { deliveryCounts } from "./queries/delivery.ts";
import { notificationsRouter } from "./router.ts";
import { sendQueued } from "./sending.ts";
import { memoryMailer, testPorts } from "./testing.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
let buyer: Actor;
let mailer: ReturnType<typeof memoryMailer>;
const jobs = () => notificationsJobs(testPorts(mailer), { currency: "USD" });

beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());
beforeEach(async () => {
  mailer = memoryMailer();
  buyer = await aUser(t, { role: "buyer" });
  await drain(t, jobs());
  mailer = memoryMailer();
});

const inbox = async (actor: Actor, locale: "en" | "vi" = "en") =>
  (
    await createCallerFactory(notificationsRouter(testPorts(mailer)))(testContext(t, actor, { locale })).list(
      {
        userId: actor.id,
      },
    )
  ).items;

const mailRow = () =>
  t.db
    .selectFrom("notifications.notification")
    .select(["id", "status", "reason"])
    .where("user_id", "=", buyer.id)
    .where("channel", "=", "email")
    .where("source", "=", "test")
    .executeTakeFirstOrThrow();

const aMail = () =>
  t.transact((tx) =>
    notify(tx, {
      userId: buyer.id,
      template: "credits_received",
      details: { grams: "1000000" },
      source: "test",
    }),
  );

describe("a mail", () => {
  test("outlives an hour without a mail server and goes out once when it is back", async () => {
    await aMail();
    mailer.fail(1_000);
    for (let minute = 0; minute < 60; minute++) {
      await drain(t, jobs());
      t.clock.advance(60_000);
    }
    expect(await mailRow()).toMatchObject({ status: "queued", reason: null });
    mailer.fail(0);
    t.clock.advance(15 * 60_000);
    await drain(t, jobs(), { twice: true });
    expect(await mailRow()).toMatchObject({ status: "sent" });
    expect(mailer.sent.length).toBe(1);
  });

  test("that could not be sent for a day is given up, and its row says so and why", async () => {
    await aMail();
    mailer.fail(1_000);
    for (let quarter = 0; quarter < 4 * 25; quarter++) {
      await drain(t, jobs());
      t.clock.advance(15 * 60_000);
    }
    const row = await mailRow();
    expect(row.status).toBe("failed");
    const undelivered = async () =>
      (await deliveryCounts(t.db, t.clock.now())).find(({ status }) => status === "failed")?.count ?? 0n;
    expect(await undelivered()).toBeGreaterThan(0n);
    t.clock.advance(7 * 24 * 60 * 60_000);
    expect(await undelivered()).toBe(0n);
    expect(row.reason).toMatch(/^Given up after \d+ tries in a day: connect ECONNREFUSED$/);
    mailer.fail(0);
    expect(await drain(t, jobs())).toEqual([]);
    expect(mailer.sent).toEqual([]);
  });

  test("whose job is gone is queued again by the sweep; one whose job waits is left alone", async () => {
    await aMail();
    t.clock.advance(11 * 60_000);
    await tick(t, jobs(), "notifications.sweep");
    expect((await t.db.selectFrom("jobs.outbox").select("name").execute()).length).toBe(1);
    await t.db.deleteFrom("jobs.outbox").execute();
    await Promise.all([tick(t, jobs(), "notifications.sweep"), tick(t, jobs(), "notifications.sweep")]);
    expect((await t.db.selectFrom("jobs.outbox").select("name").execute()).length).toBe(1);
    // Nor does the sweep queue what a further try is about to send.
    mailer.fail(1);
    await drain(t, jobs());
    t.clock.advance(11 * 60_000);
    await tick(t, jobs(), "notifications.sweep");
    const waiting = await t.db.selectFrom("jobs.outbox").select("name").execute();
    expect(waiting.map(({ name }) => name)).toEqual(["notifications.send_email_again"]);
    await drain(t, jobs());
    expect(mailer.sent.length).toBe(1);
  });

  test("sent by two workers at once has one Message-ID and one ending", async () => {
    await aMail();
    const { id } = await mailRow();
    const payload = { notificationId: id as `ntf_${string}`, tries: 0 };
    await Promise.all([1, 2].map(() => sendQueued(jobContext(t), testPorts(mailer), payload)));
    expect(new Set(mailer.sent.map((mail) => mail.id)).size).toBe(1);
    expect(await mailRow()).toMatchObject({ status: "sent", reason: null });
  });
});

describe("who was told nothing before", () => {
  test("whoever receives credits, whose identity was decided, and the auditor who was answered: in app and by mail, in both languages", async () => {
    const owner = await aUser(t, { role: "ev_owner", locale: "vi" });
    const auditor = await aUser(t, { role: "cva" });
    await t.transact(async (tx) => {
      await emit(tx, creditsTransferred, {
        transferId: newId("transfer"),
        fromId: owner.id,
        toId: buyer.id,
        grams: "2500000",
        at: "2026-03-01T00:00:00Z",
      });
      for (const [status, reason] of [
        ["rejected", "The photo is blurred"],
        ["verified", null],
      ] as const)
        await emit(tx, kycDecided, { fileId: newId("kycFile"), userId: owner.id, status, reason });
      const requestId = newId("request");
      await emit(tx, infoGiven, { requestId, ownerId: owner.id, reviewerId: auditor.id });
    });
    await drain(t, jobs(), { twice: true });
    const subjects = async (actor: Actor, locale: "en" | "vi") =>
      (await inbox(actor, locale)).map(({ type, subject }) => `${type}: ${subject}`).sort();
    expect(await subjects(buyer, "en")).toEqual([
      "email: You received credits",
      "in_app: You received credits",
    ]);
    expect((await inbox(buyer))[0]?.message).toContain("2.5 credits");
    expect(await subjects(owner, "vi")).toEqual([
      "email: Bạn đã tặng 2,5 tín chỉ",
      "email: Chưa xác minh được danh tính của bạn",
      "email: Danh tính của bạn đã được xác minh",
      "in_app: Bạn đã tặng 2,5 tín chỉ",
      "in_app: Chưa xác minh được danh tính của bạn",
      "in_app: Danh tính của bạn đã được xác minh",
    ]);
    expect((await inbox(owner)).map(({ message }) => message).join()).toContain("The photo is blurred");
    expect(await subjects(auditor, "en")).toEqual([
      "email: Your question was answered",
      "in_app: Your question was answered",
    ]);
    expect((await inbox(auditor))[0]?.link).toMatch(/^\/cva\/requests\/req_/);
    expect(mailer.sent.map(({ subject }) => subject).sort()).toEqual([
      "Bạn đã tặng 2,5 tín chỉ",
      "Chưa xác minh được danh tính của bạn",
      "Danh tính của bạn đã được xác minh",
      "You received credits",
      "Your question was answered",
    ]);
  });
});
