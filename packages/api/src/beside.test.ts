/** Two workers may hold one job at once. Each handler is run beside itself, and what it does is done once. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { userRegistered } from "@evx/accounts/events";
import { aUser } from "@evx/accounts/testing";
import { databaseNow } from "@evx/auctions/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { fileOf, streamOf } from "@evx/imports/testing";
import { emit } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { day_ms, type Id, minute_ms, newId } from "@evx/kernel";
import { kycDecided } from "@evx/kyc/events";
import { expectBooksBalance } from "@evx/ledger/testing";
import { capturePayment, seePayment } from "@evx/payments/testing";
import { someTrips } from "@evx/trips/testing";
import { compose } from "./authorization/world.ts";
import { appHandlers } from "./jobs.ts";

// Generous, because tests share their machine.
setDefaultTimeout(120_000);

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

const { ports, doing } = await compose(t);
const handlers = appHandlers(ports);
const queues = new Set<string>();

type Person = Awaited<ReturnType<typeof aUser>>;
type Twice = false | "beside";
const work = async (twice: Twice) => {
  for (const { queue } of await drain(t, handlers, { twice })) queues.add(queue);
};

const aListing = async (owner: Person, creditsAmount: string, more = {}) => {
  const id = newId("listing");
  await doing(owner).marketplace.listings.create({
    id,
    creditsAmount,
    pricePerCredit: "10000.00",
    listingType: "fixed",
    ...more,
  });
  return id;
};

const paymentOf = async (id: Id<"order">): Promise<Id<"payment">> => {
  const { payment_id } = await t.db
    .selectFrom("marketplace.order")
    .select("payment_id")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return payment_id;
};

/** What happens in a venue: a file comes in, credits are issued, sold, sold too late, swept up and retired, bid for. */
const aJourney = async (twice: Twice): Promise<void> => {
  const owner = await aUser(t, { role: "ev_owner" });
  const buyer = await aUser(t, { role: "buyer" });
  const auditor = await aUser(t, { role: "cva", accredited: true });
  const { id: filed } = await aVehicle(t, owner);
  await doing(owner).vehicles.importTrips({
    id: filed,
    content: streamOf(fileOf(5_001)),
    fileName: "all.csv",
  });
  const { id: vehicleId } = await aVehicle(t, owner);
  await someTrips(t, { id: vehicleId }, { count: 4, distanceKm: 40 });
  const { request } = await doing(owner).verification.requests.submit({ vehicleId });
  if (!request) throw new Error("Four trips are claimed at once.");
  await doing(auditor).verification.review.ask({ id: request.id, question: "Whose car is it?" });
  await doing(owner).verification.requests.answer({ id: request.id, answer: "It is mine." });
  await doing(auditor).verification.review.approve({ id: request.id });
  await work(twice);
  t.clock.set(await databaseNow(t));

  // Paid in time; paid when it has expired, so the money goes back; never paid.
  for (const fate of ["paid", "late", "left"] as const) {
    const listingId = await aListing(owner, "0.001000");
    const id = newId("order");
    await doing(buyer).marketplace.orders.place({ id, listingId, creditsAmount: "0.001000" });
    if (fate !== "paid") {
      t.clock.advance(45 * minute_ms);
      await work(twice);
    }
    if (fate !== "left") await capturePayment(t, await paymentOf(id));
    await work(twice);
  }

  await aListing(owner, "0.000500");
  const { quote } = await doing(buyer).marketplace.orders.quote({ creditsAmount: "0.000500" });
  const retire = { beneficiaryName: "Acme", reason: "event" as const };
  const swept = await doing(buyer).marketplace.orders.place({ quoteId: quote.id, retire });
  await capturePayment(t, swept.order.paymentId as Id<"payment">);
  await work(twice);

  t.clock.set(await databaseNow(t));
  const auction = await aListing(owner, "0.000500", {
    listingType: "auction",
    auctionEndTime: new Date(t.clock.now().getTime() + day_ms).toISOString(),
  });
  await doing(buyer).marketplace.bids.place({ listingId: auction, id: newId("bid"), bidAmount: "10000.00" });
  const rival = await aUser(t, { role: "buyer" });
  await doing(rival).marketplace.bids.place({ listingId: auction, id: newId("bid"), bidAmount: "20000.00" });
  await work(twice);
  await t.admin
    .updateTable("marketplace.auction")
    .set({ ends_at: sql`now()`, first_ends_at: sql`now()` })
    .where("listing_id", "=", auction)
    .execute();
  t.clock.advance(day_ms + minute_ms);
  await work(twice);
  await endsOf({ owner, buyer, rival, request: request.id }, twice);
};

/** How things may end: a dispute, a withdrawal, a decision on who somebody is, a revoked certificate, a suspension. */
const endsOf = async (
  { owner, buyer, rival, request }: Record<"owner" | "buyer" | "rival", Person> & { request: string },
  twice: Twice,
): Promise<void> => {
  const admin = await aUser(t, { role: "admin" });
  const disputed = newId("order");
  const listingId = await aListing(owner, "0.000500");
  await doing(buyer).marketplace.orders.place({ id: disputed, listingId, creditsAmount: "0.000500" });
  const paymentId = await paymentOf(disputed);
  await capturePayment(t, paymentId);
  await seePayment(t, paymentId, { dispute: "open" });
  await work(twice);
  await seePayment(t, paymentId, { dispute: "lost" });
  await doing(owner).payments.withdraw({
    amount: "1.00",
    bankAccount: {
      bankName: "VCB",
      accountName: "OWNER",
      accountNumber: "0071001234567",
      country: "VN",
    } as never,
    withdrawalId: newId("withdrawal"),
  });
  await t.transact(async (tx) => {
    await emit(tx, userRegistered, { userId: rival.id, role: "buyer", locale: "en", by: null });
    await emit(tx, kycDecided, {
      fileId: newId("kycFile"),
      userId: rival.id,
      status: "verified",
      reason: null,
    });
  });
  await work(twice);
  const open = newId("order");
  const last = await aListing(owner, "0.000500");
  await doing(rival).marketplace.orders.place({ id: open, listingId: last, creditsAmount: "0.000500" });
  const [issued] = (await doing(owner).verification.certificates.list({ userId: owner.id, kind: "issuance" }))
    .items;
  if (!issued) throw new Error(`The request ${request} has no certificate`);
  await doing(admin).verification.certificates.revoke({
    id: issued.id,
    reason: "The odometer was turned back.",
  });
  await work(twice);
  await doing(admin).identity.users.suspend({ id: owner.id, reason: "Fraud" });
  await work(twice);
};

/**
 * Whose number depends on chance or on the day: shared accounts, how grams lie in them, months that have begun, and the
 * trainings, each of which leaves its row whether it found something new or not.
 */
const byChance = ["ledger.account", "ledger.block", "reports.quarter_sum", "pricing.model_run"];

/** How many rows each table has, but for those of the work itself. */
const counts = async (): Promise<Record<string, number>> => {
  const { rows } = await sql<{ name: string }>`
    select schemaname || '."' || relname || '"' as name from pg_stat_user_tables
    where schemaname not in ('jobs', 'pgboss', 'rpc', 'public')
      and schemaname || '.' || relname <> all (${byChance}) order by 1`.execute(t.admin);
  const found: Record<string, number> = {};
  for (const { name } of rows) {
    const counted = await sql<{ n: number }>`select count(*)::int as n from ${sql.raw(name)}`.execute(
      t.admin,
    );
    found[name] = counted.rows[0]?.n ?? 0;
  }
  // Two workers that both look at a bank account have both looked, and the trail says so of each.
  const looks = await sql<{ n: number }>`
    select count(*)::int as n from identity.audit where action = 'bank_account.read'`.execute(t.admin);
  found['identity."audit"'] = (found['identity."audit"'] ?? 0) - (looks.rows[0]?.n ?? 0);
  return found;
};

/** How many rows a journey adds to each table. */
const added = async (twice: Twice): Promise<Record<string, number>> => {
  const before = await counts();
  await aJourney(twice);
  const after = Object.entries(await counts());
  return Object.fromEntries(
    after.map(([name, n]) => [name, n - (before[name] ?? 0)] as const).filter(([, n]) => n > 0),
  );
};

test("every handler beside itself: the same rows come about as when each job runs once", async () => {
  // The first journey makes what is made once in a life: months, keys, the venue's accounts.
  await aJourney(false);
  const once = await added(false);
  const beside = await added("beside");
  expect(beside).toEqual(once);
  await expectBooksBalance(t.db);
  // Most of what listens was run; the rest waits for a gateway's word or a mail, and is run beside itself in its room.
  expect(queues.size).toBeGreaterThanOrEqual(45);
});
