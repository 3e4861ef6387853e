import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { emit } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { orderCompleted, orderPlaced } from "@evx/orders/events";
import { withdrawalFailed } from "@evx/payouts/events";
import { recomputeFailed } from "@evx/review/events";
import type { Actor } from "@evx/rpc";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { notificationsJobs } from "./jobs.ts";
import { mailOf } from "./mail.ts";
import { notify } from "./notify.ts";
import { notificationsRouter } from "./router.ts";
import { type TemplateName, write } from "./templates.ts";
import { memoryMailer, testPorts } from "./testing.ts";
import { templates } from "./texts.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
let buyer: Actor;
let seller: Actor;
let admin: Actor;
let mailer: ReturnType<typeof memoryMailer>;
const jobs = () => notificationsJobs(testPorts(mailer), { currency: "USD" });
const as = (actor: Actor, locale: "en" | "vi" = "en") =>
  createCallerFactory(notificationsRouter(testPorts(mailer)))(testContext(t, actor, { locale }));

beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());
beforeEach(async () => {
  mailer = memoryMailer();
  await drain(t, jobs());
  mailer = memoryMailer();
  buyer = await aUser(t, { role: "buyer" });
  seller = await aUser(t, { role: "ev_owner", locale: "vi" });
  admin = await aUser(t, { role: "admin" });
});

const sale = () => ({
  orderId: newId("order"),
  kind: "purchase" as const,
  listingId: newId("listing"),
  buyerId: buyer.id,
  sellerId: seller.id,
  grams: "100000",
  pricePerCreditMinor: "1234",
  totalMinor: "123",
  currency: "USD",
  paymentId: newId("payment"),
  transferId: newId("transfer"),
  platformFeeMinor: "3",
  cvaFeeMinor: "1",
  netMinor: "119",
  vintage: 2026,
  country: "VN",
  method: "flat-v1",
  at: "2026-03-01T00:00:00.000Z",
});

describe("events", () => {
  test("a completed sale is told to buyer and seller once, in app and by mail, each in their language", async () => {
    await t.transact((tx) => emit(tx, orderCompleted, sale()));
    await drain(t, jobs(), { twice: true });
    const [bought] = (await as(buyer).list({ userId: buyer.id })).items.filter(
      ({ type }) => type === "in_app",
    );
    expect(bought?.subject).toBe("Your purchase is complete");
    expect(bought?.message).toContain("0.1 credits");
    const sold = (await as(seller, "vi").list({ userId: seller.id })).items;
    expect(sold.map(({ type, status }) => `${type} ${status}`).sort()).toEqual([
      "email sent",
      "in_app unread",
    ]);
    expect(sold[0]?.message).toContain("1,19");
    expect(sold[0]?.link).toBe("/owner/earnings");
    expect(mailer.sent.map(({ subject }) => subject).sort()).toEqual([
      "Bạn đã bán tín chỉ",
      "Your purchase is complete",
    ]);
    expect(mailer.sent[0]?.html).toContain("https://exchange.example/");
  });

  test("what a person switched off is not mailed but stays in the app; a failed withdrawal is always mailed", async () => {
    await as(buyer).setPreference({ topic: "purchases", email: false });
    await t.transact(async (tx) => {
      const {
        transferId: _,
        platformFeeMinor: _p,
        cvaFeeMinor: _c,
        netMinor: _n,
        vintage: _v,
        country: _k,
        method: _m,
        ...order
      } = sale();
      await emit(tx, orderPlaced, { ...order, expiresAt: "2026-03-01T00:30:00.000Z" });
      await emit(tx, withdrawalFailed, {
        withdrawalId: newId("withdrawal"),
        userId: buyer.id,
        amountMinor: "500",
        currency: "USD",
        bankAccountMasked: "•••• 1234",
        reason: "account closed",
      });
    });
    await drain(t, jobs());
    expect(mailer.sent.map(({ subject }) => subject)).toEqual(["Your withdrawal did not go through"]);
    const inApp = (await as(buyer).list({ userId: buyer.id })).items.filter(({ type }) => type === "in_app");
    expect(inApp.length).toBe(2);
    expect(inApp.some(({ message }) => message.includes("1 Mar 2026, 00:30 UTC"))).toBe(true);
  });

  test("a batch that does not come out again is told to every operator, once", async () => {
    const other = await aUser(t, { role: "admin" });
    const found = {
      requestId: newId("request"),
      batchId: newId("batch"),
      expected: "20000",
      found: "20100",
      proofMatches: false,
    };
    for (let hour = 0; hour < 2; hour++) {
      await t.transact((tx) => emit(tx, recomputeFailed, found));
      await drain(t, jobs(), { twice: true });
    }
    for (const operator of [admin, other]) {
      const told = (await as(operator).list({ userId: operator.id })).items.filter(
        ({ type }) => type === "in_app",
      );
      expect(told).toMatchObject([{ link: `/cva/requests/${found.requestId}` }]);
      expect(told[0]?.message).toContain("0.0201 credits instead of 0.02");
    }
    expect((await as(buyer).list({ userId: buyer.id })).items).toEqual([]);
  });

  test("two jobs that tell the same happening at once make one notification", async () => {
    const tell = () =>
      t.transact((tx) => notify(tx, { userId: buyer.id, template: "welcome", details: {}, source: "same" }));
    await Promise.all([tell(), tell(), tell()]);
    expect((await as(buyer).list({ userId: buyer.id })).items.length).toBe(2);
  });
});

describe("inbox", () => {
  test("reading counts down, reading another's is not found, and pages follow each other without gap", async () => {
    for (let i = 0; i < 5; i++)
      await t.transact((tx) =>
        notify(tx, { userId: buyer.id, template: "welcome", details: {}, source: `n${i}` }),
      );
    expect((await as(buyer).unread()).unread).toBe(5);
    const first = await as(buyer).list({ userId: buyer.id, limit: 3 });
    const second = await as(buyer).list({ userId: buyer.id, limit: 100, cursor: first.nextCursor ?? "" });
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(10);
    const one = first.items.find(({ type }) => type === "in_app");
    if (!one) throw new Error("nothing in the app");
    await expect(as(seller).read({ id: one.id })).rejects.toThrow("not yours");
    expect((await as(buyer).read({ id: one.id })).notification.status).toBe("read");
    expect((await as(buyer).unread()).unread).toBe(4);
    await as(buyer).readAll();
    expect((await as(buyer).unread()).unread).toBe(0);
    await expect(as(seller).list({ userId: buyer.id })).rejects.toThrow("not yours");
    expect((await as(admin).list({ userId: buyer.id })).items.length).toBe(10);
  });

  test("an open page hears of a new notification without asking", async () => {
    const heard: number[] = [];
    const watching = (async () => {
      for await (const { unread } of await as(buyer).watch()) {
        heard.push(unread);
        if (unread === 1) return;
      }
    })();
    await Bun.sleep(50);
    await t.transact((tx) =>
      notify(tx, { userId: buyer.id, template: "welcome", details: {}, source: "live" }),
    );
    await watching;
    expect(heard).toEqual([0, 1]);
  });
});

describe("by hand", () => {
  test("an operator writes to one person in the app or by mail; nobody else may, and no gateway means no SMS", async () => {
    await as(admin).send({
      userId: buyer.id,
      type: "in_app",
      subject: "Xin chào",
      message: "<script>alert(1)</script>",
    });
    await as(admin).send({ userId: buyer.id, type: "email", subject: "Two\nlines", message: "<b>bold</b>" });
    await drain(t, jobs());
    expect((await as(buyer).list({ userId: buyer.id })).items.map(({ subject }) => subject)).toContain(
      "Xin chào",
    );
    expect(mailer.sent[0]?.html).not.toContain("<b>");
    expect(mailer.sent[0]?.subject).toBe("Two lines");
    await expect(
      as(buyer).send({ userId: seller.id, type: "in_app", subject: "x", message: "y" }),
    ).rejects.toThrow("role");
    await expect(
      as(admin).send({ userId: buyer.id, type: "sms", subject: "x", message: "y" }),
    ).rejects.toThrow("sms");
    await expect(
      as(admin).send({ userId: newId("user"), type: "email", subject: "x", message: "y" }),
    ).rejects.toThrow("no such person");
  });
});

describe("words", () => {
  test("each template fills the same details in both languages and leaves no brace", () => {
    const details = new Proxy({ currency: "VND" } as Record<string, string>, {
      get: (own, name) => own[String(name)] ?? "1200000",
    });
    for (const name of Object.keys(templates) as TemplateName[]) {
      const holes = (locale: "en" | "vi") =>
        [...templates[name][locale].join(" ").matchAll(/\{[^}]+\}/g)].map(String).sort();
      expect(holes("vi")).toEqual(holes("en"));
      for (const locale of ["en", "vi"] as const)
        expect(Object.values(write(name, details, locale)).join(" ")).not.toMatch(/[{}]|undefined|NaN/);
    }
  });

  test("a mail says the same in text and HTML", () => {
    const mail = mailOf("a@b.c", { subject: "S", message: "M & N", link: "/x" }, "https://e.example", "vi");
    expect(mail.text).toContain("M & N");
    expect(mail.html).toContain("M &#38; N");
    expect(mail.text).toContain("https://e.example/x");
  });
});
