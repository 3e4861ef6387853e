import { aUser, testAccounts } from "@evx/accounts/testing";
import { payOrder } from "@evx/auctions/testing";
import { testPorts as verificationPorts } from "@evx/certificates/testing";
import type { Tx } from "@evx/db";
import type { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { drain } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { aListing, givenBatch } from "@evx/listings/testing";
import { notify } from "@evx/notifications";
import { memoryMailer, testPorts as testNotifications } from "@evx/notifications/testing";
import { anOrder } from "@evx/orders/testing";
import { testPorts as paymentsPorts } from "@evx/payments/testing";
import { testPorts as payoutsPorts, testSettings as payoutsSettings } from "@evx/payouts/testing";
import { anIssuedRequest, aRequest } from "@evx/review/testing";
import type { Actor } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { testCars } from "@evx/telematics/testing";
import { someTrips } from "@evx/trips/testing";
import { identityOf } from "../identity.ts";
import { createAppRouter, createCaller, type Ports } from "../index.ts";
import { appHandlers } from "../jobs.ts";

type Base = Awaited<ReturnType<typeof testDatabase>>;

/** Six kinds of people, in the order of the table's columns. */
export const people = ["nobody", "owner", "buyer", "cva", "auditor", "admin"] as const;
export type Who = (typeof people)[number];

const png = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);
const picture = () => new Blob([png]).stream() as ReadableStream<Uint8Array>;
export const trips = () =>
  new Blob(["start_time,end_time,distance_km\n2026-02-01T08:00:00Z,2026-02-01T09:00:00Z,20\n"]).stream();

export const compose = async (t: Base) => {
  const ports: Ports = {
    identity: identityOf(testAccounts(t)),
    vehicles: { cars: testCars() },
    verification: await verificationPorts(),
    payments: paymentsPorts(),
    payouts: payoutsPorts(),
    payoutsSettings: payoutsSettings(),
    marketplace: { holdDays: 0, requireVerifiedEmail: false, requireKyc: false },
    notifications: testNotifications(memoryMailer()),
    notificationsSettings: { currency: "USD" },
  };
  const router = createAppRouter(ports);
  const call = createCaller(router);
  /** Calls as somebody. What the call writes is undone when it has answered, so every cell sees the same world. */
  const trying = (actor: Actor | null, signal: AbortSignal, { lasts }: { lasts: boolean }) => {
    const context = testContext(t, actor);
    const undone = Symbol("undone");
    const transact = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      let answer: { value: T } | undefined;
      await t
        .transact(async (tx) => {
          answer = { value: await work(tx) };
          throw undone;
        })
        .catch((error: unknown) => {
          if (error !== undone) throw error;
        });
      return (answer as { value: T }).value;
    };
    return {
      api: call(lasts ? context : { ...context, transact }, { signal }),
      stop: () => context.live.stop(),
    };
  };
  return { ports, router, trying, doing: (actor: Actor | null) => call(testContext(t, actor)) };
};

export type Composed = Awaited<ReturnType<typeof compose>>;

const everybody = async (t: Base) => ({
  owner: await aUser(t, { role: "ev_owner" }),
  buyer: await aUser(t, { role: "buyer" }),
  cva: await aUser(t, { role: "cva", accredited: false, kycStatus: "none" }),
  auditor: await aUser(t, { role: "cva" }),
  admin: await aUser(t, { role: "admin" }),
});

type People = Awaited<ReturnType<typeof everybody>>;

/** The owner's car, its trips, and what was asked and issued for them. */
const drivingOf = async (t: Base, { ports, doing }: Composed, { owner }: People) => {
  const vehicle = await aVehicle(t, owner);
  await someTrips(t, { id: vehicle.id }, { count: 3, from: "2026-02-10T08:00:00Z" });
  const { importId } = (await doing(owner).vehicles.importTrips({
    id: vehicle.id,
    content: trips() as ReadableStream<Uint8Array>,
    contentType: "text/csv",
  })) as { importId: string };
  const pushToken = await doing(owner).vehicles.createPushToken({ id: vehicle.id, label: "Box" });
  const trip = (await doing(owner).vehicles.trips({ id: vehicle.id })).items[0];
  const content = () =>
    new Blob([
      `vehicle,start_time,end_time,distance_km\n${vehicle.vin},2026-02-01T10:00:00Z,2026-02-01T11:00:00Z,20\n`,
    ]).stream();
  const fleet = await doing(owner).fleet.importTrips({
    content: content() as ReadableStream<Uint8Array>,
    contentType: "text/csv",
  });
  const guest = await aUser(t);
  const { driver } = await doing(owner).fleet.inviteDriver({ id: vehicle.id, email: `${guest.id}@test.evx` });
  await doing(guest).driving.join({ driverId: driver.id });
  const other = await aVehicle(t, owner);
  await someTrips(t, { id: other.id }, { count: 2 });
  const submission = await doing(owner).fleet.request({ vehicleIds: [other.id] });
  // So few that one life's are not taken for copies of another's.
  const few = { owner, trips: { count: 2 } };
  const { request } = await aRequest(t, few);
  const { certificate, request: issued } = await anIssuedRequest(t, ports.verification, few);
  const issuedTrip = (await doing(owner).verification.requests.trips({ id: issued.id })).items[0];
  return {
    vehicle: vehicle.id,
    trip: trip?.id ?? "",
    import: importId,
    fleetImport: fleet.id,
    driver: driver.id,
    submission: submission.id,
    pushToken: pushToken.id,
    request: request.id,
    issued: issued.id,
    issuedTrip: issuedTrip?.id ?? "",
    number: certificate.number,
  };
};

/** A listing of the owner's, one order that the buyer paid and one that waits, and money on its way to a bank. */
const tradeOf = async (t: Base, { ports, doing }: Composed, { owner, buyer }: People) => {
  await givenBatch(t, owner.id, 5_000_000n);
  const listing = await aListing(t, { seller: owner, creditsAmount: 2_000_000n });
  const sold = await anOrder(t, listing.id, { buyer, creditsAmount: 100_000n });
  await payOrder(t, sold);
  const order = await anOrder(t, listing.id, { buyer, creditsAmount: 100_000n });
  await drain(t, appHandlers(ports));
  const withdrawalId = newId("withdrawal");
  await doing(owner).payments.withdraw({
    amount: "0.50",
    bankAccount: {
      bankName: "VCB",
      accountName: "OWNER",
      accountNumber: "0071001234567",
      country: "VN",
    } as never,
    withdrawalId,
  });
  const { wanted } = await doing(buyer).marketplace.wanted.place({ creditsAmount: "1", maxPrice: "0.60" });
  const { dispute } = await doing(buyer).marketplace.disputes.open({ id: sold.id, reason: "Not what I saw" });
  return {
    dispute: dispute.id,
    listing: listing.id,
    order: order.id,
    payment: order.payment_id,
    withdrawal: withdrawalId,
    wanted: wanted.id,
  };
};

/** One notice for each person, by who it is. */
const noticesOf = async (t: Base, { doing }: Composed, people: People): Promise<Map<Who, string>> => {
  const notices = new Map<Who, string>();
  for (const [who, user] of Object.entries(people)) {
    const source = `welcome:${people.owner.id}:${user.id}`;
    await t.transact((tx) => notify(tx, { userId: user.id, template: "welcome", details: {}, source }));
    notices.set(who as Who, (await doing(user).notifications.list({ userId: user.id })).items[0]?.id ?? "");
  }
  return notices;
};

/** The auditor-to-be's identity file, with one document in it and one that is in none. */
const identityFileOf = async ({ doing }: Composed, { cva }: People) => {
  const { document } = await doing(cva).identity.kyc.upload({ content: picture() });
  const loose = await doing(cva).identity.kyc.upload({ content: picture() });
  const { file } = await doing(cva).identity.kyc.submit({
    legalName: "Somebody",
    countryCode: "VN",
    documentType: "passport",
    documentNumber: "C1234567",
    documentIds: [document.id],
  });
  return { kycFile: file?.id ?? "", document: document.id, looseDocument: loose.document.id };
};

/** A life in the venue: an owner with a car, trips, requests, credits and a sale; their buyer; what each of them left. */
export const aLife = async (t: Base, composed: Composed) => {
  const people = await everybody(t);
  const driving = await drivingOf(t, composed, people);
  const trade = await tradeOf(t, composed, people);
  const notices = await noticesOf(t, composed, people);
  const identity = await identityFileOf(composed, people);
  return {
    actors: { nobody: null, ...people } as const,
    ids: { ...driving, ...trade, ...identity },
    notices,
  };
};

export type Life = Awaited<ReturnType<typeof aLife>>;
