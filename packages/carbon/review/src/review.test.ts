import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { accredit, suspend } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { issuanceNumbers, issueCertificate } from "@evx/certificates";
import { testPorts } from "@evx/certificates/testing";
import { batchesOfRequest, walletOf } from "@evx/credits";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { type Id, newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import type { Actor } from "@evx/rpc";
import { claimedTotals, tripsOfRequest } from "@evx/trips";
import { someTrips } from "@evx/trips/testing";
import { declareInterest, interestsOf } from "./interests.ts";
import { requestRow } from "./queries/requests.ts";
import { reviewDetail, reviewQueue, reviewTrips } from "./reads.ts";
import { reviewing } from "./reviewing.testing.ts";
import { statisticsOf } from "./statistics.ts";
import { askOwner, keepTrips, releaseRequest } from "./steps.ts";
import { anIssuedRequest, aRequest } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

const t = await testDatabase({ max: 20 });
const ports = await testPorts();
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const { aReviewer, takeUp, approve, reject, issue, refuse, tripIds } = reviewing(t, ports);

describe("taking a request", () => {
  test("ten reviewers at once: one has it, the others are told to take another", async () => {
    const { request } = await aRequest(t);
    const reviewers = await Promise.all(Array.from({ length: 10 }, aReviewer));
    const answers = await Promise.allSettled(reviewers.map((by) => takeUp(by, request.id)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === "rejected")
        expect(answer.reason).toMatchObject({ code: "request_taken", kind: "conflict" });
    }
    expect(await requestRow(t.db, request.id)).toMatchObject({ status: "in_review" });
  });

  test("an auditor reads a pseudonym in the queue, and the owner's name once the request is theirs", async () => {
    const owner = await aUser(t, { fullName: "Nguyễn Thị Lan" });
    const { request } = await aRequest(t, { owner });
    const [one, other, admin] = [await aReviewer(), await aReviewer(), await aUser(t, { role: "admin" })];
    const told = async (by: Actor) => {
      const queued = (await reviewQueue(t.db, by, { limit: 100 })).items.find(({ id }) => id === request.id);
      const detail = await reviewDetail(t.db, by, { id: request.id, locale: "en" });
      return [queued?.ownerName, detail.request.ownerName, detail.messages[0]?.authorName];
    };
    const [pseudonym, ...more] = await told(one);
    expect(pseudonym).toMatch(/^H(-[0-9A-F]{4}){3}$/);
    expect(more).toEqual([pseudonym, pseudonym]);
    await takeUp(one, request.id);
    const name = "Nguyễn Thị Lan";
    expect(await told(one)).toEqual([name, name, name]);
    expect(await told(other)).toEqual([pseudonym, pseudonym, pseudonym]);
    expect(await told(admin)).toEqual([name, name, name]);
    // Whoever declares an interest in a wallet's number is not told whose it is.
    const reason = "A neighbour";
    await t.transact((tx) => declareInterest(tx, other, { subjectId: owner.id, reason }));
    expect((await interestsOf(t.db, other)).map(({ subjectName }) => subjectName)).toEqual([pseudonym ?? ""]);
  });

  test("taking it twice is taking it once, and giving it back puts it into the queue again", async () => {
    const { request } = await aRequest(t);
    const [one, other] = [await aReviewer(), await aReviewer()];
    await takeUp(one, request.id);
    await takeUp(one, request.id);
    const release = (by: Actor) => t.transact((tx) => releaseRequest(tx, by, request.id));
    await expect(release(other)).rejects.toMatchObject({ code: "request_not_claimed" });
    expect(await release(one)).toMatchObject({ status: "pending", reviewer_id: null });
    await expect(release(one)).rejects.toMatchObject({ code: "request_not_claimed" });
    await takeUp(other, request.id);
    expect(await release(await aUser(t, { role: "admin" }))).toMatchObject({ status: "pending" });
    const { messages } = await reviewDetail(t.db, one, { id: request.id, locale: "en" });
    expect(messages.map(({ kind }) => kind)).toEqual([
      "submitted",
      "claimed",
      "released",
      "claimed",
      "released",
    ]);
  });

  test("one whose accreditation is withdrawn in the middle of a review can do nothing more, and another takes over", async () => {
    const { request } = await aRequest(t);
    const [reviewer, next, admin] = [await aReviewer(), await aReviewer(), await aUser(t, { role: "admin" })];
    await takeUp(reviewer, request.id);
    await t.transact((tx) => accredit(tx, admin, { id: reviewer.id, accredited: false }));
    const [tripId] = await tripIds(request.id, 1);
    const gone = { code: "reviewer_not_accredited", kind: "forbidden" };
    await expect(approve(reviewer, request.id)).rejects.toMatchObject(gone);
    await expect(reject(reviewer, request.id)).rejects.toMatchObject(gone);
    await expect(issue(reviewer, request.id)).rejects.toMatchObject(gone);
    await expect(
      refuse(reviewer, request.id, [{ tripId: tripId as Id<"trip">, reason: "other" }]),
    ).rejects.toMatchObject(gone);
    await expect(
      t.transact((tx) => askOwner(tx, reviewer, { id: request.id, question: "Why?" })),
    ).rejects.toMatchObject(gone);
    expect(await batchesOfRequest(t.db, request.id)).toEqual([]);
    expect(await takeUp(next, request.id)).toMatchObject({ reviewer_id: next.id });
  });

  test("a suspended reviewer is refused as well", async () => {
    const { request } = await aRequest(t);
    const [reviewer, admin] = [await aReviewer(), await aUser(t, { role: "admin" })];
    await takeUp(reviewer, request.id);
    await t.transact((tx) => suspend(tx, admin, { id: reviewer.id, reason: "Investigation." }));
    await expect(approve(reviewer, request.id)).rejects.toMatchObject({ code: "reviewer_not_accredited" });
  });

  test("a request that does not exist is not found", async () => {
    const reviewer = await aReviewer();
    await expect(takeUp(reviewer, newId("request"))).rejects.toMatchObject({ code: "request_not_found" });
    await expect(issue(reviewer, newId("request"))).rejects.toMatchObject({ code: "request_not_found" });
  });
});

describe("approval", () => {
  test("puts exactly the counted grams into the owner's wallet, under a serial number, with a certificate", async () => {
    const { owner, request, reviewer, certificate } = await anIssuedRequest(t, ports);
    expect(request).toMatchObject({
      status: "approved",
      decided_by: reviewer.id,
      issued_g: 20_000n,
      buffer_g: 0n,
    });
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
    const [batch] = await batchesOfRequest(t.db, request.id);
    expect(batch).toMatchObject({
      grams: 20_000n,
      vintageYear: 2026,
      countryCode: "VN",
      methodCode: "flat-v1",
      cvaId: reviewer.id,
    });
    expect(certificate).toMatchObject({ kind: "issuance", holder_id: owner.id, credits_g: 20_000n });
    const trips = await tripsOfRequest(t.db, request.id, { limit: 50 }, "en");
    expect(new Set(trips.items.map(({ status }) => status))).toEqual(new Set(["verified"]));
  });

  test("twice at once, and again, by the same reviewer: one batch, one certificate, the same answer", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aReviewer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => approve(reviewer, request.id)));
    answers.push(await approve(reviewer, request.id));
    expect(new Set(answers.map(({ certificate }) => certificate?.number)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.request.batch_id)).size).toBe(1);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
  });

  test("two reviewers at once: one decides, the other is refused, one batch", async () => {
    const { owner, request } = await aRequest(t);
    const answers = await Promise.allSettled([
      approve(await aReviewer(), request.id),
      approve(await aReviewer(), request.id),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [lost] = answers.filter((answer) => answer.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "request_decided" });
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
  });

  test("approved and rejected at once by one reviewer: one of the two, never both", async () => {
    for (let round = 0; round < 5; round++) {
      const { owner, request } = await aRequest(t);
      const reviewer = await aReviewer();
      await takeUp(reviewer, request.id);
      const answers = await Promise.allSettled([approve(reviewer, request.id), reject(reviewer, request.id)]);
      expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const row = await requestRow(t.db, request.id);
      const { balance } = await walletOf(t.db, owner.id);
      expect(balance).toBe(row?.status === "approved" ? 20_000n : 0n);
    }
  });

  test("issuing is approving for the one who reviews, and afterwards answers the same batch", async () => {
    const { owner, request } = await aRequest(t);
    const [reviewer, other] = [await aReviewer(), await aReviewer()];
    await takeUp(reviewer, request.id);
    await expect(issue(other, request.id)).rejects.toMatchObject({ code: "request_not_claimed" });
    const [first, second] = await Promise.all([issue(reviewer, request.id), issue(reviewer, request.id)]);
    expect(first.batch).toEqual(second.batch);
    expect(first.batch?.serial).toMatch(/^EVX-VN-flat-v1-2026-\d{6}-1-20000$/);
    expect(await issue(reviewer, request.id)).toMatchObject({ batch: { serial: first.batch?.serial } });
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
  });

  test("issuing a request that nobody reviews takes it; of two at once one issues", async () => {
    const { owner, request } = await aRequest(t);
    const [one, other] = [await aReviewer(), await aReviewer()];
    const answers = await Promise.allSettled([issue(one, request.id), issue(other, request.id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
  });

  test("another reviewer's decision cannot be repeated or turned", async () => {
    const { request } = await anIssuedRequest(t, ports);
    const other = await aReviewer();
    for (const attempt of [approve, reject, takeUp]) {
      await expect(attempt(other, request.id)).rejects.toMatchObject({ code: "request_decided" });
    }
  });

  test("refused trips leave with their reasons, the rest is issued", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aReviewer();
    const [one, two, three] = (await tripIds(request.id, 3)) as [Id<"trip">, Id<"trip">, Id<"trip">];
    await refuse(reviewer, request.id, [
      { tripId: one, reason: "duplicate_suspected" },
      { tripId: two, reason: "The photo shows another car." },
      { tripId: three, reason: "other", note: "Looked at again." },
    ]);
    await t.transact((tx) => keepTrips(tx, reviewer, { id: request.id, tripIds: [three] }));
    const { request: done } = await approve(reviewer, request.id);
    expect(done).toMatchObject({ issued_g: 16_000n, rejected_count: 2n });
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 16_000n });
    expect((await claimedTotals(t.db, request.id))?.tripCount).toBe(8);
  });

  test("a trip of another request cannot be refused, and refusing every trip is no approval", async () => {
    const [{ request }, { request: other }] = [await aRequest(t), await aRequest(t)];
    const reviewer = await aReviewer();
    const [strange] = await tripIds(other.id, 1);
    const attempt = refuse(reviewer, request.id, [{ tripId: strange as Id<"trip">, reason: "other" }]);
    await expect(attempt).rejects.toMatchObject({ code: "request_trip_unknown", kind: "invalid" });
    const all = await tripIds(request.id, 50);
    await refuse(
      reviewer,
      request.id,
      all.map((tripId) => ({ tripId, reason: "wrong_vehicle" })),
    );
    await expect(approve(reviewer, request.id)).rejects.toMatchObject({ code: "request_all_trips_refused" });
    expect(await requestRow(t.db, request.id)).toMatchObject({ status: "in_review" });
  });

  test("a rejected request frees its trips and issues nothing", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aReviewer();
    const [bad] = (await tripIds(request.id, 1)) as [Id<"trip">];
    const rejected = await reject(reviewer, request.id, [{ tripId: bad, reason: "consumption_implausible" }]);
    expect(rejected).toMatchObject({
      status: "rejected",
      decision_note: "Not plausible.",
      rejected_count: 1n,
    });
    expect(await claimedTotals(t.db, request.id)).toBeNull();
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
    await expect(approve(reviewer, request.id)).rejects.toMatchObject({ code: "request_decided" });
    await expect(issue(reviewer, request.id)).rejects.toMatchObject({ code: "request_decided" });
  });

  test("a decided request cannot be changed even by a statement", async () => {
    const { request } = await anIssuedRequest(t, ports);
    const change = t.db
      .updateTable("verification.request")
      .set({ decision_note: "Something else" })
      .where("id", "=", request.id)
      .execute();
    await expect(change).rejects.toThrow("stands as it is");
  });
});

describe("the queue", () => {
  test("orders open requests by risk, goes on without gap or twin, and filters by state and reviewer", async () => {
    const owner = await aUser(t);
    for (let place = 0; place < 6; place++) {
      const vehicle = await aVehicle(t, owner);
      await someTrips(t, vehicle, { count: 2, quality: place % 2 ? "manual" : "connected" });
      await aRequest(t, { owner, vehicleId: vehicle.id });
    }
    const reviewer = await aReviewer();
    const seen: { id: string; risk: number }[] = [];
    let cursor: string | undefined;
    do {
      const page = await reviewQueue(t.db, reviewer, { status: "open", limit: 4, cursor });
      seen.push(...page.items.map(({ id, riskScore }) => ({ id, risk: riskScore })));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ risk }) => risk)).toEqual(seen.map(({ risk }) => risk).toSorted((a, b) => b - a));
    const [riskiest] = seen;
    await takeUp(reviewer, riskiest?.id as Id<"request">);
    const mine = await reviewQueue(t.db, reviewer, { mine: true, limit: 50 });
    expect(mine.items.map(({ id }) => id as string)).toEqual([riskiest?.id as string]);
    const pending = await reviewQueue(t.db, reviewer, { status: "pending", limit: 100 });
    expect(pending.items.every(({ status }) => status === "pending")).toBe(true);
    const oldest = await reviewQueue(t.db, reviewer, { sort: "oldest", limit: 3 });
    expect(oldest.nextCursor).not.toBeNull();
  });

  test("a request's page shows both methods, flags, trips with marks, and who said what", async () => {
    const { request } = await aRequest(t, { trips: { count: 12, energyKwh: 9 } });
    const reviewer = await aReviewer();
    const [tripId] = (await tripIds(request.id, 1)) as [Id<"trip">];
    await refuse(reviewer, request.id, [
      { tripId, reason: "consumption_implausible", note: "45 kWh/100 km" },
    ]);
    const detail = await reviewDetail(t.db, reviewer, { id: request.id, locale: "vi" });
    expect(detail.methods.map(({ method, counted }) => [method, counted])).toEqual([
      ["flat-v1", true],
      ["metered-v1", false],
    ]);
    expect(detail.flags).toMatchObject([{ code: "energy_high", count: 12 }]);
    expect(detail.trips).toHaveLength(12);
    expect(detail.trips[0]).toMatchObject({
      rejection: { reason: "consumption_implausible", note: "45 kWh/100 km" },
    });
    expect(detail.trips[0]?.rejection?.message).toContain("Điện năng");
    expect(detail.request).toMatchObject({ reviewerId: reviewer.id, flaggedTripCount: 12n });
    const flagged = await reviewTrips(t.db, { id: request.id, limit: 5, flagged: true, locale: "en" });
    expect(flagged.items).toHaveLength(5);
    expect(flagged.nextCursor).not.toBeNull();
  });
});

test("a reviewer's statistics count their own decisions and nobody else's", async () => {
  const { reviewer, request } = await anIssuedRequest(t, ports);
  const { request: second } = await aRequest(t);
  await takeUp(reviewer, second.id);
  t.clock.advance(3 * 3_600_000);
  const [bad] = (await tripIds(second.id, 1)) as [Id<"trip">];
  await reject(reviewer, second.id, [{ tripId: bad, reason: "other" }]);
  const { request: third } = await aRequest(t);
  await takeUp(reviewer, third.id);
  const figures = await statisticsOf(t.db, reviewer.id);
  expect(figures).toMatchObject({
    open: 1,
    decided: 2,
    approved: 1,
    rejected: 1,
    creditsIssued: 20_000n,
    tripsReviewed: 20n,
    tripsRefused: 1n,
    medianHours: 1.5,
  });
  expect(figures.months).toEqual([{ period: "2026-03", approved: 1, rejected: 1, creditsIssued: 20_000n }]);
  expect((await issuanceNumbers(t.db, [request.id])).size).toBe(1);
  expect(await statisticsOf(t.db, (await aReviewer()).id)).toMatchObject({
    decided: 0,
    medianHours: null,
    months: [],
  });
});

test("a certificate from a server that does not name the reviewer yet gets the one who holds the request", async () => {
  const { request: issued } = await anIssuedRequest(t, ports);
  const { request } = await aRequest(t);
  const reviewer = await aReviewer();
  await takeUp(reviewer, request.id);
  const batchId = issued.batch_id;
  if (!batchId) throw new Error("no batch");
  const row = await t.transact((tx) =>
    issueCertificate(tx, ports, {
      kind: "issuance",
      subjectId: request.id,
      holderId: request.owner_id,
      lots: [{ batchId, first_g: 1n, last_g: 1n }],
    }),
  );
  expect(row.decided_by).toBe(reviewer.id);
});
