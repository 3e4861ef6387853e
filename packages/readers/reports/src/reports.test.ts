import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { day_ms } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { givenGrams } from "@evx/ledger/testing";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { someTrips } from "@evx/trips/testing";
import { venue } from "./policy.ts";
import { todayIn } from "./queries/sums.ts";
import { reportsRouter } from "./router.ts";
import { aSale, counted } from "./testing.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
let seller: Actor;
let buyer: Actor;
let auditor: Actor;
let admin: Actor;
const as = (actor: Actor | null, more: { locale?: "en" | "vi" } = {}) =>
  createCallerFactory(reportsRouter)(testContext(t, actor, more));

beforeAll(async () => {
  t = await testDatabase();
  seller = await aUser(t, { role: "ev_owner", fullName: "Nguyễn Thị Lan" });
  buyer = await aUser(t, { role: "buyer" });
  auditor = await aUser(t, { role: "cva", accredited: true });
  admin = await aUser(t, { role: "admin" });
  await t.transact((tx) => givenGrams(tx, seller.id, 300_000n));
  // The first is of 2026 in Hanoi and of 2025 in UTC.
  for (const at of ["2025-12-31T17:00:00.000Z", "2026-02-01T00:00:00.000Z", "2026-02-15T00:00:00.000Z"])
    await aSale(t, seller.id, buyer.id, at);
  for (const subject of [seller.id, venue])
    await counted(t, subject, "2026-01-10T00:00:00Z", { issued_g: 300_000n });
  for (const subject of [buyer.id, venue])
    await counted(t, subject, "2026-03-10T00:00:00Z", { retired_g: 50_000n });
  await counted(t, auditor.id, "2026-01-10T00:00:00Z", {
    decided: 2n,
    approved: 1n,
    rejected: 1n,
    approved_g: 300_000n,
    reviewed_trips: 12n,
    refused_trips: 3n,
    review_s: 10_800n,
  });
  await counted(t, venue, "2026-02-10T00:00:00Z", { disputes: 1n });
});
afterAll(() => t.close());

const series = (report: object): { period: string }[] =>
  "series" in report ? (report.series as { period: string }[]) : [];
const periods = (report: object) => series(report).map(({ period }) => period);

describe("periods", () => {
  test("days, months and years are the reader's: one sale is of December in UTC and of January in Hanoi", async () => {
    const userId = seller.id;
    expect(periods(await as(seller).revenue({ userId }))).toEqual(["2025-12", "2026-02"]);
    const zone = "Asia/Ho_Chi_Minh";
    expect(periods(await as(seller).revenue({ userId, zone }))).toEqual(["2026-01", "2026-02"]);
    expect(periods(await as(seller).revenue({ userId, zone, by: "year" }))).toEqual(["2026"]);
    expect(periods(await as(seller).revenue({ userId, zone, by: "day" }))).toEqual([
      "2026-01-01",
      "2026-02-01",
      "2026-02-15",
    ]);
    // Kathmandu's midnight is at a quarter past: no sum is split.
    const kathmandu = await as(seller).revenue({ userId, zone: "Asia/Kathmandu", by: "day" });
    expect(periods(kathmandu)[0]).toBe("2025-12-31");
  });

  test("both days of a period are part of it, and nothing else is", async () => {
    const of = (from: string, to: string) => as(seller).revenue({ userId: seller.id, from, to });
    expect(await of("2026-02-01", "2026-02-14")).toMatchObject({ totals: { sales: 1, gross: "10.00" } });
    expect(await of("2026-02-02", "2026-02-15")).toMatchObject({ totals: { sales: 1 } });
    expect(await of("2026-02-02", "2026-02-14")).toMatchObject({ totals: { sales: 0, gross: "0.00" } });
  });

  test("two hundred years, a period backwards, too many days, odd zones and unknown parameters are refused in a sentence", async () => {
    const of = (more: object) => as(seller).revenue({ userId: seller.id, ...more });
    expect(await refusalCode(of({ from: "1926-01-01", to: "2126-01-01" }))).toBe("report_period_too_long");
    await expect(of({ from: "1926-01-01", to: "2126-01-01" })).rejects.toThrow("this asks for 200");
    expect(await refusalCode(of({ from: "1826-01-01", to: "2026-01-01" }))).toBe("input_invalid");
    expect(await refusalCode(of({ from: "2026-02-01", to: "2026-01-01" }))).toBe("input_invalid");
    expect(await refusalCode(of({ from: "2020-01-01", to: "2026-01-01", by: "day" }))).toBe(
      "report_period_too_fine",
    );
    for (const odd of [
      { from: "2026-02-30" },
      { zone: "Asia/Hanoi2" },
      { by: "week" },
      { frm: "2026-01-01" },
    ])
      await expect(of(odd)).rejects.toThrow();
  });

  test("no report and no file is made of a period that has not begun where its reader is", async () => {
    const [today] = t.clock.now().toISOString().split("T") as [string];
    const dayAfter = (days: number) => new Date(Date.parse(today) + days * day_ms).toISOString().slice(0, 10);
    const [ahead, own] = [as(admin), { userId: seller.id }];
    for (const from of [dayAfter(2), "2199-01-01"]) {
      const asked = [
        ahead.personal({ ...own, from }),
        ahead.savings({ ...own, from }),
        ahead.revenue({ ...own, from, format: "csv" }),
        ahead.buyer({ ...own, from }),
        ahead.auditor({ ...own, from }),
        ahead.platform({ from }),
        ahead.insight({ from }),
        ahead.exports.ask({ report: "sales", format: "csv", from }),
      ];
      expect(await Promise.all(asked.map(refusalCode))).toEqual(asked.map(() => "report_period_ahead"));
    }
    // One that has begun may end later: this month, this year.
    expect(await ahead.revenue({ ...own, from: today, to: dayAfter(300) })).toMatchObject({ from: today });
    // Kiritimati is a day ahead of Niue at any moment.
    const there = await todayIn(t.db, t.clock.now(), "Pacific/Kiritimati");
    expect(await ahead.revenue({ ...own, from: there, zone: "Pacific/Kiritimati" })).toMatchObject({
      from: there,
    });
    const elsewhere = ahead.revenue({ ...own, from: there, zone: "Pacific/Niue" });
    expect(await refusalCode(elsewhere)).toBe("report_period_ahead");
  });
});

test("revenue sums to the minor unit: gross is net and both fees", async () => {
  const report = await as(seller).revenue({ userId: seller.id });
  expect(report).toMatchObject({
    from: null,
    zone: "UTC",
    totals: {
      creditsSold: "0.300000",
      sales: 3,
      gross: "30.00",
      platformFee: "0.75",
      cvaFee: "0.30",
      net: "28.95",
    },
  });
});

test("an owner's report tells driving and credits of all vehicles and of each; a vehicle that is another's is not there", async () => {
  const vehicle = await aVehicle(t, seller);
  await someTrips(t, { id: vehicle.id }, { count: 2, distanceKm: 40 });
  await counted(t, vehicle.id, "2026-01-10T00:00:00Z", { issued_g: 120_000n });
  const whole = await as(seller).personal({ userId: seller.id });
  expect(whole).toMatchObject({ totals: { creditsIssued: "0.300000", distanceKm: 80 } });
  if (!("vehicles" in whole)) throw new Error("not a report");
  expect(whole.vehicles).toMatchObject([{ vehicleId: vehicle.id, trips: 2, creditsIssued: "0.120000" }]);
  const one = await as(seller).personal({ userId: seller.id, vehicleId: vehicle.id });
  expect(one).toMatchObject({ totals: { creditsIssued: "0.120000", distanceKm: 80, sales: 0 } });
  const foreign = (await aVehicle(t, await aUser(t, { role: "ev_owner" }))).id;
  expect(await refusalCode(as(seller).personal({ userId: seller.id, vehicleId: foreign }))).toBe(
    "report_not_found",
  );
  await expect(as(buyer).personal({ userId: seller.id })).rejects.toThrow();
  expect(await as(admin).personal({ userId: seller.id })).toEqual(whole);
});

test("an auditor's report tells decisions and the hours they took; the venue's is an operator's, with the grams of the ledger", async () => {
  expect(await as(auditor).auditor({ userId: auditor.id })).toMatchObject({
    totals: { decided: 2, approved: 1, tripsRefused: 3, creditsIssued: "0.300000", hours: 1.5 },
  });
  const report = await as(admin).platform({});
  expect(report).toMatchObject({
    creditsIssued: "0.300000",
    creditsTraded: "0.300000",
    creditsRetired: "0.000000",
    volume: "30.00",
    fees: "1.05",
    disputes: 1,
    trades: 3,
    users: { buyer: 1, admin: 1 },
  });
  const march = await as(admin).platform({ from: "2026-03-01", to: "2026-03-31" });
  expect(march).toMatchObject({ creditsRetired: "0.050000", trades: 0 });
  await expect(as(buyer).platform({})).rejects.toThrow("role");
  expect(await as(null).totals()).toMatchObject({ creditsIssued: "0.300000", trades: 3 });
});

test("the funnel counts people who joined in the period, cohorts how many came back, top lists who did most", async () => {
  const zone = "UTC";
  for (const [who, at] of [
    [seller, "2025-12-05T00:00:00Z"],
    [buyer, "2026-02-01T00:00:00Z"],
  ] as const)
    await counted(t, who.id, at, { [`joined_${who.role}`]: 1n });
  const all = await as(admin).insight({ zone });
  expect(all.owners.filter(({ people }) => people > 0).map(({ step }) => step)).toEqual([
    "joined",
    "issued",
    "sold",
  ]);
  expect(all.buyers).toEqual([
    { step: "joined", people: 1 },
    { step: "bought", people: 1 },
    { step: "retired", people: 1 },
  ]);
  expect(all.cohorts).toEqual([
    { month: "2025-12", people: 1, active: [1, 1, 1] },
    { month: "2026-02", people: 1, active: [1, 1] },
  ]);
  expect(all.top.sellers).toEqual([{ userId: seller.id, name: "Nguyễn Thị Lan", amount: "30.00" }]);
  expect((await as(admin).insight({ zone, from: "2026-01-01" })).owners[0]?.people).toBe(0);
  await expect(as(buyer).insight({})).rejects.toThrow("role");
});

test("a download has one row a period and nothing that a spreadsheet would run; paper is the same each time, in both languages", async () => {
  const file = await as(seller).revenue({ userId: seller.id, format: "csv" });
  if (!("content" in file)) throw new Error("not a file");
  const lines = String(file.content).replace("\uFEFF", "").trim().split("\r\n");
  expect(lines).toEqual([
    "period,creditsSold,sales,gross,platformFee,cvaFee,net",
    "2025-12,0.100000,1,10.00,0.25,0.10,9.65",
    "2026-02,0.200000,2,20.00,0.50,0.20,19.30",
  ]);
  const paper = async (locale: "en" | "vi") => {
    const made = await as(seller, { locale }).personal({ userId: seller.id, format: "pdf" });
    return "content" in made ? (made.content as Uint8Array) : new Uint8Array();
  };
  for (const locale of ["en", "vi"] as const) {
    const bytes = await paper(locale);
    expect(new TextDecoder("latin1").decode(bytes.slice(0, 5))).toBe("%PDF-");
    expect(Bun.hash(await paper(locale))).toBe(Bun.hash(bytes));
    if (Bun.env.SHOW) await Bun.write(`${Bun.env.SHOW}/personal-${locale}.pdf`, bytes);
  }
  const sheet = await as(admin).platform({ format: "xlsx" });
  expect("content" in sheet && (sheet.content as Uint8Array).slice(0, 2)).toEqual(new Uint8Array([80, 75]));
}, 60_000);
