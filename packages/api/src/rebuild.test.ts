import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { emit } from "@evx/jobs";
import { drain, tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { disputeOpened } from "@evx/orders/events";
import { paymentDisputed } from "@evx/payments/events";
import { capturePayment } from "@evx/payments/testing";
import { rebuildReports } from "@evx/reports";
import { someTrips } from "@evx/trips/testing";
import { compose } from "./authorization/world.ts";
import { appHandlers } from "./jobs.ts";

const t = await testDatabase();
afterAll(() => t.close());

const { ports, doing } = await compose(t);
const handlers = appHandlers(ports);

type Row = { subject: string; at: Date; metric: string; amount: bigint };

const sums = async (): Promise<Row[]> =>
  t.db
    .selectFrom("reports.quarter_sum")
    .selectAll()
    .orderBy("subject")
    .orderBy("at")
    .orderBy("metric")
    .execute();

/** The venue's sum of one metric, whenever it was. */
const inAll = (rows: readonly Row[], name: string): bigint =>
  rows
    .filter(({ subject, metric }) => subject === "venue" && metric === name)
    .reduce((sum, { amount }) => sum + amount, 0n);

/** People register, an owner has credits issued and sells them in two months, a buyer retires some, a payment is disputed. */
const aJourney = async (listeners = handlers) => {
  const owner = await aUser(t, { role: "ev_owner" });
  const buyer = await aUser(t, { role: "buyer" });
  const auditor = await aUser(t, { role: "cva", accredited: true });
  const { id: vehicleId } = await aVehicle(t, owner);
  await someTrips(t, { id: vehicleId }, { count: 2, distanceKm: 40 });
  const { request } = await doing(owner).verification.requests.submit({ vehicleId });
  if (!request) throw new Error("It was queued");
  await doing(auditor).verification.review.approve({ id: request.id });
  await drain(t, listeners);
  const paid: { orderId: Id<"order">; paymentId: Id<"payment"> }[] = [];
  for (const amount of ["0.002000", "0.001000"]) {
    const listing = newId("listing");
    await doing(owner).marketplace.listings.create({
      id: listing,
      creditsAmount: amount,
      pricePerCredit: "10000.00",
      listingType: "fixed",
    });
    const id = newId("order");
    await doing(buyer).marketplace.orders.place({ id, listingId: listing, creditsAmount: amount });
    const { payment_id } = await t.db
      .selectFrom("marketplace.order")
      .select("payment_id")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    await capturePayment(t, payment_id as Id<"payment">);
    paid.push({ orderId: id, paymentId: payment_id as Id<"payment"> });
    await drain(t, listeners, { twice: true });
    t.clock.advance(31 * 86_400_000);
  }
  await doing(buyer).verification.certificates.retire({
    amount: "0.000500",
    beneficiaryName: "Công ty Xanh",
    reason: "event",
  });
  const [disputed] = paid;
  if (!disputed) throw new Error("Nothing was paid");
  await t.transact(async (tx) => {
    const { paymentId: payment_id } = disputed;
    await tx
      .insertInto("payments.dispute")
      .values({ payment_id, status: "open", amount_minor: 1_000n, opened_at: tx.at })
      .execute();
    const facts = { buyerId: buyer.id, sellerId: owner.id, amountMinor: "1000", currency: "USD" };
    await emit(tx, paymentDisputed, { ...disputed, ...facts, outcome: "open" });
    const id = newId("dispute");
    await tx
      .insertInto("marketplace.dispute")
      .values({
        ...{ id, order_id: disputed.orderId, payment_id, buyer_id: buyer.id, currency: "USD" },
        ...{ status: "open", reason: "never came", opened_at: tx.at },
      })
      .execute();
    const at = tx.at.toISOString();
    for (const sellerId of [owner.id, buyer.id])
      await emit(tx, disputeOpened, {
        disputeId: id,
        orderId: disputed.orderId,
        buyerId: buyer.id,
        sellerId,
        at,
      });
  });
  await drain(t, listeners, { twice: true });
};

test("reports built again from the rows that the truth is in are the same to the gram and the minor unit", async () => {
  await aJourney();
  // People of tests are made without their event; the first rebuild counts them.
  const rebuilt = await t.transact((tx) => rebuildReports(tx, null));
  const before = await sums();
  expect(rebuilt).toMatchObject({
    batches: 1,
    sales: 2,
    retirements: 1,
    disputes: 1,
    objections: 1,
    decisions: 1,
    listings: 2,
  });
  expect(inAll(before, "sales")).toBe(2n);
  expect(inAll(before, "disputes")).toBe(2n);
  expect(new Set(before.map(({ at }) => at.toISOString().slice(0, 7))).size).toBeGreaterThanOrEqual(2);

  await aJourney();
  const users = (await t.db.selectFrom("identity.user").select("id").execute()).length;
  const counted = await sums();
  expect(counted).not.toEqual(before);
  await t.db.updateTable("reports.quarter_sum").set({ amount: 7n }).execute();
  await t.db.deleteFrom("reports.quarter_sum").where("metric", "=", "sales").execute();
  const again = await t.transact((tx) => rebuildReports(tx, null));
  expect(again).toMatchObject({ users, batches: 2, sales: 4, retirements: 2, disputes: 2, objections: 2 });

  // The second journey's people had no event, and their cars none.
  const told = (rows: readonly Row[]) =>
    rows.filter(({ metric }) => metric !== "users" && metric !== "cars" && !metric.startsWith("joined_"));
  expect(told(await sums())).toEqual(told(counted));
  expect(inAll(await sums(), "users")).toBe(BigInt(users));

  const settled = await sums();
  await t.transact((tx) => rebuildReports(tx, null));
  expect(await sums()).toEqual(settled);
}, 60_000);

test("a rebuild and jobs that count at the same time count each sale once", async () => {
  const before = await sums();
  const journey = aJourney();
  for (let time = 0; time < 5; time++) await t.transact((tx) => rebuildReports(tx, null));
  await journey;
  const counted = await sums();
  await t.transact((tx) => rebuildReports(tx, null));
  const sold = (rows: readonly Row[]) => inAll(rows, "sales");
  expect(sold(await sums())).toBe(sold(before) + 2n);
  expect(sold(counted)).toBe(sold(before) + 2n);
}, 60_000);

test("what an event missed is counted by the nightly sweep, once by two at once, to the sums of a rebuild", async () => {
  await t.transact((tx) => rebuildReports(tx, null));
  // Every event of this journey is lost to the reports, and to them alone.
  const reporting = handlers.filter(({ queue }) => queue.startsWith("reports."));
  const others = handlers.filter((handler) => !reporting.includes(handler));
  await aJourney(others);
  t.clock.advance(16 * 60_000);
  const before = await sums();
  const sweep = () => tick(t, reporting, "reports.count_missed");
  await Promise.all([sweep(), sweep()]);
  const swept = await sums();
  expect(swept).not.toEqual(before);
  await sweep();
  expect(await sums()).toEqual(swept);
  await t.transact((tx) => rebuildReports(tx, null));
  expect(await sums()).toEqual(swept);
}, 60_000);
