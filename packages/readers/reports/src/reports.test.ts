import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { certificateIssued } from "@evx/certificates/events";
import { testDatabase } from "@evx/db/testing";
import { emit } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { givenGrams } from "@evx/ledger/testing";
import { orderCompleted } from "@evx/orders/events";
import { paymentDisputed } from "@evx/payments/events";
import { requestDecided } from "@evx/review/events";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { reportsJobs } from "./jobs.ts";
import { reportsRouter } from "./router.ts";
import { aSale } from "./testing.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
let seller: Actor;
let buyer: Actor;
let admin: Actor;
const as = (actor: Actor | null) => createCallerFactory(reportsRouter)(testContext(t, actor));

beforeAll(async () => {
  t = await testDatabase();
  seller = await aUser(t, { role: "ev_owner" });
  buyer = await aUser(t, { role: "buyer" });
  admin = await aUser(t, { role: "admin" });
  await t.transact(async (tx) => {
    await givenGrams(tx, seller.id, 300_000n);
    for (const at of ["2026-01-31T23:59:59.999Z", "2026-02-01T00:00:00.000Z", "2026-02-15T00:00:00.000Z"])
      await emit(tx, orderCompleted, aSale(buyer.id, seller.id, at));
    await emit(tx, requestDecided, {
      requestId: newId("request"),
      ownerId: seller.id,
      vehicleId: newId("vehicle"),
      grams: "300000",
      tripCount: 3,
      outcome: "approved",
      reviewerId: admin.id,
      reason: null,
      issued: "300000",
      rejectedTrips: 0,
      batchId: null,
      certificateNumber: null,
    });
    await emit(tx, certificateIssued, {
      certificateId: newId("certificate"),
      number: "C1",
      kind: "retirement",
      holderId: buyer.id,
      grams: "50000",
      orderId: null,
    });
    await emit(tx, paymentDisputed, {
      paymentId: newId("payment"),
      orderId: newId("order"),
      buyerId: buyer.id,
      sellerId: seller.id,
      amountMinor: "1000",
      currency: "USD",
      outcome: "open",
    });
  });
  await drain(t, reportsJobs, { twice: true });
});
afterAll(() => t.close());

test("revenue is counted once however often a job runs, by the month of the sale in UTC, and fees sum to gross", async () => {
  const report = await as(seller).revenue({ userId: seller.id });
  expect(report).toEqual({
    userId: seller.id,
    currency: "USD",
    totals: {
      creditsSold: "0.300000",
      sales: 3,
      gross: "30.00",
      platformFee: "0.75",
      cvaFee: "0.30",
      net: "28.95",
    },
    series: [
      {
        period: "2026-01",
        creditsSold: "0.100000",
        sales: 1,
        gross: "10.00",
        platformFee: "0.25",
        cvaFee: "0.10",
        net: "9.65",
      },
      {
        period: "2026-02",
        creditsSold: "0.200000",
        sales: 2,
        gross: "20.00",
        platformFee: "0.50",
        cvaFee: "0.20",
        net: "19.30",
      },
    ],
  });
});

test("a person's report shows both sides of what they did; another person may not see it, an operator may", async () => {
  const report = await as(buyer).personal({ userId: buyer.id });
  if (!("totals" in report)) throw new Error("not a report");
  expect(report.totals).toMatchObject({
    creditsBought: "0.300000",
    creditsRetired: "0.050000",
    purchases: 3,
    spent: "30.00",
    co2SavedKg: 0,
  });
  await expect(as(seller).personal({ userId: buyer.id })).rejects.toThrow("not yours");
  expect(await as(admin).personal({ userId: buyer.id })).toEqual(report);
});

test("the venue's report takes issued grams from the ledger and is an operator's alone; the public totals are anyone's", async () => {
  const report = await as(admin).platform({});
  if (!("users" in report)) throw new Error("not a report");
  expect(report).toMatchObject({
    creditsIssued: "0.300000",
    creditsTraded: "0.300000",
    creditsRetired: "0.000000",
    volume: "30.00",
    fees: "1.05",
    disputes: 1,
    trades: 3,
  });
  expect(report.users).toMatchObject({ ev_owner: 1, buyer: 1, admin: 1 });
  await expect(as(buyer).platform({})).rejects.toThrow("role");
  expect(await as(null).totals()).toMatchObject({ creditsIssued: "0.300000", trades: 3 });
});

test("a download has one row a month and nothing that a spreadsheet would run", async () => {
  const file = await as(seller).revenue({ userId: seller.id, format: "csv" });
  if (!("content" in file)) throw new Error("not a file");
  const lines = String(file.content).replace("\uFEFF", "").trim().split("\r\n");
  expect(lines[0]).toBe("period,creditsSold,sales,gross,platformFee,cvaFee,net");
  expect(lines.slice(1)).toEqual([
    "2026-01,0.100000,1,10.00,0.25,0.10,9.65",
    "2026-02,0.200000,2,20.00,0.50,0.20,19.30",
  ]);
});

test("every report can be had on paper, in both languages, the same each time", async () => {
  const paper = async (who: Actor, name: "personal" | "savings" | "revenue", locale: "en" | "vi") => {
    const api = createCallerFactory(reportsRouter)(testContext(t, who, { locale }));
    const file = await api[name]({ userId: who.id, format: "pdf" });
    if (!("content" in file)) throw new Error("not a file");
    expect(file.contentType).toBe("application/pdf");
    return file.content as Uint8Array;
  };
  for (const locale of ["en", "vi"] as const)
    for (const name of ["personal", "savings", "revenue"] as const) {
      const bytes = await paper(seller, name, locale);
      expect(new TextDecoder("latin1").decode(bytes.slice(0, 5))).toBe("%PDF-");
      expect(Bun.hash(await paper(seller, name, locale))).toBe(Bun.hash(bytes));
      if (Bun.env.SHOW) await Bun.write(`${Bun.env.SHOW}/${name}-${locale}.pdf`, bytes);
    }
  const platform = await as(admin).platform({ format: "pdf" });
  expect("content" in platform && platform.fileName).toBe("platform.pdf");
  if (Bun.env.SHOW && "content" in platform)
    await Bun.write(`${Bun.env.SHOW}/platform.pdf`, platform.content);
}, 60_000);
