import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser, oneBank, oneDocument } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { transferCredits } from "@evx/credits";
import { type Db, sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { odometerRows } from "@evx/garage";
import { drain, tick } from "@evx/jobs/testing";
import { day_ms, type Id, newId } from "@evx/kernel";
import { alertsOf, allAlerts } from "./alerts.ts";
import { reviewJobs } from "./jobs.ts";
import { isPair } from "./policy.ts";
import { type RequestRow, requestRow } from "./queries/requests.ts";
import { noteSeenOdometer } from "./readings.ts";
import { reviewing } from "./reviewing.testing.ts";
import { anIssuedRequest, aRequest } from "./testing.ts";
import { noteTrade } from "./trades.ts";

setDefaultTimeout(120_000);

const t = await testDatabase({ max: 20 });
const ports = await testPorts();
afterAll(() => t.close());
const { aReviewer, approve } = reviewing(t, ports);
const operator = await aUser(t, { role: "admin" });

const give = (from: { id: Id<"user"> }, to: { id: Id<"user"> }, grams: bigint) =>
  t.transact((tx) => transferCredits(tx, from, { id: newId("transfer"), toUserId: to.id, amount: grams }));
const kinds = async (request: RequestRow) =>
  (await alertsOf(t.db, operator, (await requestRow(t.db, request.id)) ?? request)).map(({ kind }) => kind);

test("credits that an owner gives to who approved them are a sign on that very request", async () => {
  const { owner, reviewer, request } = await anIssuedRequest(t, ports);
  await give(owner, reviewer, 1_000n);
  await drain(t, reviewJobs);
  expect(await kinds(request)).toEqual(["gift"]);
  await drain(t, reviewJobs);
  expect((await allAlerts(t.db, operator)).filter(({ ownerId }) => ownerId === owner.id)).toHaveLength(1);
});

test("also through the hands of a third person; a gift to anybody else is none", async () => {
  const { owner, reviewer, request } = await anIssuedRequest(t, ports);
  const between = await aUser(t, { role: "buyer" });
  await give(owner, between, 5_000n);
  await drain(t, reviewJobs);
  expect(await kinds(request)).toEqual([]);
  await give(between, reviewer, 5_000n);
  await drain(t, reviewJobs);
  expect(await kinds(request)).toEqual(["gift"]);
  await give(owner, await aReviewer(), 1_000n);
  await drain(t, reviewJobs);
  expect(await kinds(request)).toEqual(["gift"]);
});

test("one reviewer for one owner, day after day, is a sign, and a second reviewer must approve from then on", async () => {
  await anIssuedRequest(t, ports);
  const [owner, reviewer] = [await aUser(t), await aReviewer()];
  let last: RequestRow | null = null;
  for (let day = 0; day < 5; day++) {
    const { request } = await aRequest(t, { owner });
    const answer = await approve(reviewer, request.id);
    expect(answer.certificate).not.toBeNull();
    last = answer.request;
    t.clock.advance(day_ms);
  }
  expect(await kinds(last as RequestRow)).toContain("pair");
  const { request } = await aRequest(t, { owner });
  expect((await approve(reviewer, request.id)).certificate).toBeNull();
  expect((await approve(await aReviewer(), request.id)).certificate).not.toBeNull();
});

test("many cars in one sitting, or the only reviewer at work, are no pair", () => {
  expect(isPair({ days: 1, all: 1, others: 9 })).toBe(false);
  expect(isPair({ days: 30, all: 30, others: 0 })).toBe(false);
  expect(isPair({ days: 5, all: 20, others: 3 })).toBe(false);
  expect(isPair({ days: 5, all: 6, others: 1 })).toBe(true);
});

test("what a reviewer saw on the odometer is noted in their name, never a future or a falling one", async () => {
  const { request } = await aRequest(t);
  const reviewer = await aReviewer();
  const see = (readAt: string, odometerKm: number) =>
    t.transact((tx) =>
      noteSeenOdometer(tx, reviewer, {
        id: request.id,
        readAt: new Date(readAt),
        odometerKm,
        seen: "a photo",
      }),
    );
  await see("2026-01-01T00:00:00Z", 12_000);
  await expect(see("2036-01-01T00:00:00Z", 13_000)).rejects.toMatchObject({
    code: "request_reading_in_future",
  });
  await expect(see("2026-02-01T00:00:00Z", 11_000)).rejects.toMatchObject({ code: "odometer_backwards" });
  const { car_id } = await t.db
    .selectFrom("vehicles.vehicle")
    .select("car_id")
    .where("id", "=", request.vehicle_id)
    .executeTakeFirstOrThrow();
  expect((await odometerRows(t.db, car_id)).map(({ source }) => source)).toEqual(["auditor"]);
});

test("credits that came before the approval are a sign as well, though the reviewer has passed them on; not for ever", async () => {
  const { owner } = await anIssuedRequest(t, ports);
  const [reviewer, late, between] = [await aReviewer(), await aReviewer(), await aUser(t, { role: "buyer" })];
  await give(owner, reviewer, 1_000n);
  await give(owner, between, 700n);
  await give(between, late, 700n);
  await drain(t, reviewJobs);
  for (const [from, grams] of [
    [reviewer, 1_000n],
    [late, 700n],
  ] as const)
    await give(from, await aUser(t, { role: "buyer" }), grams);
  const { request } = await aRequest(t, { owner });
  expect((await approve(reviewer, request.id)).certificate).not.toBeNull();
  expect(await kinds(request)).toEqual(["gift"]);
  const [sign] = (await allAlerts(t.db, operator)).filter(({ ownerId }) => ownerId === owner.id);
  expect(sign).toMatchObject({ reviewerId: reviewer.id, requestId: request.id, grams: 1_000n });
  // What comes through a third person's hands is told alike.
  const { request: second } = await aRequest(t, { owner });
  await approve(late, second.id);
  expect(await kinds(second)).toEqual(["gift"]);
  t.clock.advance(366 * day_ms);
  const { request: third } = await aRequest(t, { owner });
  await approve(reviewer, third.id);
  const signs = (await allAlerts(t.db, operator)).filter(({ requestId }) => requestId === third.id);
  expect(signs).toEqual([]);
});

test("five hundred gifts of dust do not hide the one that came before them", async () => {
  const [owner, reviewer] = [await aUser(t), await aReviewer()];
  const { owner: dustGiver } = await anIssuedRequest(t, ports);
  const first = await anIssuedRequest(t, ports, { owner });
  await give(first.owner, reviewer, 1_000n);
  // What a reviewer still has bars them.
  await give(reviewer, await aUser(t, { role: "buyer" }), 1_000n);
  for (let gift = 0; gift < 505; gift++) await give(dustGiver, reviewer, 1n);
  const { request } = await aRequest(t, { owner });
  await approve(reviewer, request.id);
  expect(await kinds(request)).toContain("gift");
});

/** A sale of a tenth of a credit as pricing tells of it: at a token price where others paid 14.00, unless told. */
const sold = (
  seller: { id: Id<"user"> },
  buyer: { id: Id<"user"> },
  price_minor = 10n,
  market_minor: bigint | null = 1_400n,
) => {
  const parties = { buyerId: buyer.id, sellerId: seller.id, grams: 100_000n, currency: "USD" };
  const ids = { orderId: newId("order"), transferId: newId("transfer") };
  const trade = { ...parties, ...ids, price_minor, market_minor, at: t.clock.now() };
  return t.transact((tx) => noteTrade(tx, trade));
};

test("a sale at a token or an absurd price with who approved is a sign, once; one at the market's price is none", async () => {
  const { owner, reviewer, request } = await anIssuedRequest(t, ports);
  await sold(owner, reviewer, 700n);
  await sold(reviewer, owner, 2_800n);
  expect(await kinds(request)).toEqual([]);
  const orderId = newId("order");
  const trade = { orderId, transferId: newId("transfer"), grams: 5n, currency: "USD", at: t.clock.now() };
  for (let time = 0; time < 2; time++)
    await t.transact((tx) =>
      noteTrade(tx, {
        ...trade,
        buyerId: reviewer.id,
        sellerId: owner.id,
        price_minor: 699n,
        market_minor: 1_400n,
      }),
    );
  t.clock.advance(1_000);
  await sold(reviewer, owner, 2_801n);
  const found = (await allAlerts(t.db, operator)).filter(({ ownerId }) => ownerId === owner.id);
  expect(found).toMatchObject([
    { kind: "sale", requestId: request.id, trade: { bought: false, price: "28.01", marketPrice: "14.00" } },
    { kind: "sale", grams: 5n, trade: { orderId, bought: true, price: "6.99", currency: "USD" } },
  ]);
  await sold(owner, await aReviewer());
  expect(await kinds(request)).toEqual(["sale", "sale"]);
});

test("also between other accounts of the two, before the approval, and where they turn out to be theirs later", async () => {
  const { owner, reviewer, request } = await anIssuedRequest(t, ports);
  const [wife, front] = [await aUser(t), await aUser(t, { role: "buyer" })];
  await oneDocument(t, owner.id, wife.id);
  await sold(wife, front);
  expect(await kinds(request)).toEqual([]);
  await oneBank(t, reviewer.id, front.id);
  for (let time = 0; time < 2; time++) await tick(t, reviewJobs, "verification.note_late_trades");
  expect(await kinds(request)).toEqual(["sale"]);
  const late = await aReviewer();
  const [helper, { request: next }] = [await aUser(t, { role: "buyer" }), await aRequest(t, { owner })];
  await oneDocument(t, late.id, helper.id);
  await sold(helper, wife, 9_900n, null);
  await approve(late, next.id);
  const [sign] = (await allAlerts(t.db, operator)).filter(({ requestId }) => requestId === next.id);
  expect(sign).toMatchObject({ reviewerId: late.id, trade: { bought: false, marketPrice: null } });
});

test("a gift between other accounts of the two is a sign as one between themselves", async () => {
  const { owner, reviewer, request } = await anIssuedRequest(t, ports);
  const front = await aUser(t, { role: "buyer" });
  await oneDocument(t, reviewer.id, front.id);
  await give(owner, front, 1_000n);
  await drain(t, reviewJobs);
  expect(await kinds(request)).toEqual(["gift"]);
});

test("signs and odd sales that are taken away or told otherwise are named from inside", async () => {
  const { owner, reviewer } = await anIssuedRequest(t, ports);
  await sold(owner, reviewer, 699n);
  await give(owner, reviewer, 1_000n);
  await drain(t, reviewJobs);
  const faults = async (db: Db) => {
    const { rows } = await sql<{ fault: string }>`select fault from verification.faults_of_deeds()`.execute(
      db,
    );
    return rows.map(({ fault }) => fault).join("\n");
  };
  expect(await faults(t.db)).toBe("");
  const after = async (statement: string) => {
    const tx = await t.admin.startTransaction().execute();
    await sql.raw("set local session_replication_role = replica").execute(tx);
    await sql.raw(statement).execute(tx);
    const found = await faults(tx);
    await tx.rollback().execute();
    return found;
  };
  const gone = /says request.suspect of req_\w+ .*"kind": "(gift|trade)".*, and no such thing is kept/;
  expect(await after("delete from verification.alert")).toMatch(gone);
  expect(await after("delete from verification.trade_alert")).toMatch(gone);
  expect(await after("update verification.trade_alert set reviewer_id = 'usr_other'")).toMatch(gone);
  const odd = /says trade.odd of ord_\w+ .*, and no such thing is kept/;
  expect(await after("delete from verification.odd_trade")).toMatch(odd);
  expect(await after("update verification.odd_trade set price_minor = 1400")).toMatch(odd);
});
