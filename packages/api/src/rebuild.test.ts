import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { emit } from "@evx/jobs";
import { drain, tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
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

const sums = async () => ({
  people: await t.db
    .selectFrom("reports.personal_month")
    .selectAll()
    .orderBy("user_id")
    .orderBy("month")
    .orderBy("metric")
    .execute(),
  venue: await t.db
    .selectFrom("reports.platform_month")
    .selectAll()
    .orderBy("month")
    .orderBy("metric")
    .execute(),
});

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
    await drain(t, listeners, { twice: true });
    t.clock.advance(31 * 86_400_000);
  }
  await doing(buyer).verification.certificates.retire({
    amount: "0.000500",
    beneficiaryName: "Công ty Xanh",
    reason: "event",
  });
  await t.transact((tx) =>
    emit(tx, paymentDisputed, {
      paymentId: newId("payment"),
      orderId: newId("order"),
      buyerId: buyer.id,
      sellerId: owner.id,
      amountMinor: "1000",
      currency: "USD",
      outcome: "open",
    }),
  );
  await drain(t, listeners, { twice: true });
};

test("reports built again from the rows that the truth is in are the same to the gram and the minor unit", async () => {
  await aJourney();
  // People of tests are made without their event; the first rebuild counts them.
  const rebuilt = await t.transact((tx) => rebuildReports(tx, null));
  const before = await sums();
  expect(rebuilt).toMatchObject({ batches: 1, sales: 2, retirements: 1, disputes: 1 });
  expect(before.venue.find(({ metric }) => metric === "trades")?.amount).toBe(1n);
  expect(new Set(before.venue.map(({ month }) => month)).size).toBeGreaterThanOrEqual(2);

  await aJourney();
  const users = (await t.db.selectFrom("identity.user").select("id").execute()).length;
  const counted = await sums();
  expect(counted).not.toEqual(before);
  await t.db.updateTable("reports.personal_month").set({ amount: 7n }).execute();
  await t.db
    .updateTable("reports.platform_month")
    .set({ amount: 7n, month: "1999-01" })
    .where("metric", "=", "trades")
    .where("month", "=", before.venue[0]?.month ?? "")
    .execute();
  expect(await sums()).not.toEqual(counted);
  const again = await t.transact((tx) => rebuildReports(tx, null));
  expect(again).toMatchObject({ users, batches: 2, sales: 4, retirements: 2, disputes: 2 });

  const withoutUsers = (all: Awaited<ReturnType<typeof sums>>) => ({
    people: all.people,
    venue: all.venue.filter(({ metric }) => metric !== "users"),
  });
  expect(withoutUsers(await sums())).toEqual(withoutUsers(counted));
  const registered = (await sums()).venue.filter(({ metric }) => metric === "users");
  expect(registered.reduce((sum, { amount }) => sum + amount, 0n)).toBe(BigInt(users));

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
  const sold = ({ venue }: Awaited<ReturnType<typeof sums>>) =>
    venue.filter(({ metric }) => metric === "trades").reduce((sum, { amount }) => sum + amount, 0n);
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
