import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { accredit } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { transferCredits, walletOf } from "@evx/credits";
import { testDatabase } from "@evx/db/testing";
import { upsertOdometer } from "@evx/garage";
import { aVehicle } from "@evx/garage/testing";
import { type Id, newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import type { Actor } from "@evx/rpc";
import { setRule } from "@evx/rules";
import { someTrips } from "@evx/trips/testing";
import { clearInterest, declareInterest, interestsOf } from "./interests.ts";
import { fourEyes } from "./policy.ts";
import { requestRow } from "./queries/requests.ts";
import { reviewQueue } from "./reads.ts";
import { reviewing } from "./reviewing.testing.ts";
import { anIssuedRequest, aRequest } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

const t = await testDatabase({ max: 20 });
const ports = await testPorts();
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const { aReviewer, takeUp, approve, reject, refuse, tripIds } = reviewing(t, ports);

/** Changes the amount above which two must approve, for the requests that are made meanwhile. */
const withFourEyes = async <T>(above_g: number, work: () => Promise<T>): Promise<T> => {
  await t.transact((tx) => setRule(tx, fourEyes, { value: { above_g }, reason: "test", setBy: null }));
  try {
    return await work();
  } finally {
    await t.transact((tx) => setRule(tx, fourEyes, { value: fourEyes.initial, reason: "test", setBy: null }));
  }
};

describe("four eyes", () => {
  test("above the amount the first approval only counts; a second reviewer issues", async () => {
    const { request, owner } = await withFourEyes(19_999, () => aRequest(t));
    const [one, two] = [await aReviewer(), await aReviewer()];
    const first = await approve(one, request.id, "Looks right.");
    expect(first).toMatchObject({ certificate: null, request: { status: "in_review", reviewer_id: null } });
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
    await expect(approve(one, request.id)).rejects.toMatchObject({ code: "request_second_reviewer_needed" });
    const second = await approve(two, request.id);
    expect(second.request).toMatchObject({ status: "approved", decided_by: two.id });
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
  });

  test("amounts add up over a car, and over an owner and a reviewer, however they are split", async () => {
    const { owner, vehicleId, request } = await aRequest(t);
    const split = [request];
    for (const from of ["2026-01-20T08:00:00Z", "2026-02-05T08:00:00Z"]) {
      await someTrips(t, { id: vehicleId }, { count: 10, from });
      split.push((await aRequest(t, { owner, vehicleId })).request);
    }
    const [one, two] = [await aReviewer(), await aReviewer()];
    await withFourEyes(40_000, async () => {
      const [first, second, third] = split as [typeof request, typeof request, typeof request];
      expect((await approve(one, first.id)).certificate).not.toBeNull();
      expect((await approve(one, second.id)).certificate).not.toBeNull();
      expect(await approve(one, third.id)).toMatchObject({
        certificate: null,
        request: { approvals_needed: 2 },
      });
      await expect(approve(one, third.id)).rejects.toMatchObject({
        code: "request_second_reviewer_needed",
        details: { credits: "0.040000" },
      });
      expect((await approve(two, third.id)).certificate).not.toBeNull();
      // Another car of the same owner: this reviewer has given them enough, a new one has not.
      const other = await aRequest(t, { owner });
      expect((await approve(one, other.request.id)).certificate).toBeNull();
      expect((await approve(two, other.request.id)).certificate).not.toBeNull();
      const fresh = await aRequest(t, { owner });
      expect((await approve(await aReviewer(), fresh.request.id)).certificate).not.toBeNull();
    });
  });

  test("two requests of a car approved at once do not slip under the sum", async () => {
    const { owner, vehicleId, request } = await aRequest(t);
    await someTrips(t, { id: vehicleId }, { count: 10, from: "2026-01-20T03:33:00Z" });
    const { request: other } = await aRequest(t, { owner, vehicleId });
    const reviewers = [await aReviewer(), await aReviewer()] as const;
    await withFourEyes(30_000, async () => {
      const answers = await Promise.all([approve(reviewers[0], request.id), approve(reviewers[1], other.id)]);
      expect(answers.filter(({ certificate }) => certificate !== null)).toHaveLength(1);
    });
  });

  test("above the odometer a second reviewer must approve, and one false reading hides nothing", async () => {
    const owner = await aUser(t);
    const { id: vehicleId } = await aVehicle(t, owner);
    await someTrips(t, { id: vehicleId }, { count: 28, distanceKm: 300, minutes: 300 });
    const readings: [string, number][] = [
      ["2026-01-04T00:00:00Z", 900_000],
      ["2026-01-05T00:00:00Z", 10_000],
      ["2026-01-15T00:00:00Z", 10_100],
      ["2026-02-03T00:00:00Z", 10_280],
    ];
    const { car_id } = await t.db
      .selectFrom("vehicles.vehicle")
      .select("car_id")
      .where("id", "=", vehicleId)
      .executeTakeFirstOrThrow();
    await t.transact(async (tx) => {
      for (const [at, km] of readings) {
        await upsertOdometer(tx, {
          car_id,
          read_at: new Date(at),
          vehicle_id: vehicleId,
          odometer_m: km * 1000,
          source: "owner",
        });
      }
    });
    const { request } = await aRequest(t, { owner, vehicleId });
    expect(request.approvals_needed).toBe(2);
    const codes = (request.risk_reasons as { code: string }[]).map(({ code }) => code);
    expect(codes).toContain("odometer_excess");
    expect(codes).toContain("odometer_falls");
    expect((await approve(await aReviewer(), request.id)).certificate).toBeNull();
  });

  test("two first approvals at once are two approvals, and one batch", async () => {
    const { request, owner } = await withFourEyes(19_999, () => aRequest(t));
    const answers = await Promise.allSettled([
      approve(await aReviewer(), request.id),
      approve(await aReviewer(), request.id),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
    expect(await requestRow(t.db, request.id)).toMatchObject({ status: "approved" });
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
  });

  test("one reviewer clicking many times never counts as two", async () => {
    const { request, owner } = await withFourEyes(19_999, () => aRequest(t));
    const one = await aReviewer();
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => approve(one, request.id)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
  });

  test("when the second reviewer refuses another trip, the first approval is void", async () => {
    const { request, owner } = await withFourEyes(19_999, () => aRequest(t));
    const [one, two] = [await aReviewer(), await aReviewer()];
    await approve(one, request.id);
    const [bad] = (await tripIds(request.id, 1)) as [Id<"trip">];
    await refuse(two, request.id, [{ tripId: bad, reason: "other" }]);
    expect((await approve(two, request.id)).certificate).toBeNull();
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
    expect((await approve(one, request.id)).request).toMatchObject({ status: "approved", issued_g: 18_000n });
  });

  test("the approval of one who lost the accreditation since does not count", async () => {
    const { request } = await withFourEyes(19_999, () => aRequest(t));
    const [one, two, three] = [await aReviewer(), await aReviewer(), await aReviewer()];
    await approve(one, request.id);
    const admin = await aUser(t, { role: "admin" });
    await t.transact((tx) => accredit(tx, admin, { id: one.id, accredited: false }));
    expect((await approve(two, request.id)).certificate).toBeNull();
    expect((await approve(three, request.id)).certificate).not.toBeNull();
  });
});

describe("conflict of interest", () => {
  test("a declared interest in the owner or the vehicle bars a reviewer from every step, until an operator ends it", async () => {
    const { owner, vehicleId, request } = await aRequest(t);
    const [reviewer, admin] = [await aReviewer(), await aUser(t, { role: "admin" })];
    await t.transact((tx) => declareInterest(tx, reviewer, { subjectId: owner.id, reason: "My brother." }));
    const barred = { code: "request_interest_declared", kind: "forbidden" };
    await expect(takeUp(reviewer, request.id)).rejects.toMatchObject(barred);
    await expect(approve(reviewer, request.id)).rejects.toMatchObject(barred);
    await expect(reject(reviewer, request.id)).rejects.toMatchObject(barred);
    const queue = await reviewQueue(t.db, reviewer, { status: "open", limit: 100 });
    expect(queue.items.find(({ id }) => id === request.id)?.interest).toBe("declared");
    await t.transact((tx) => clearInterest(tx, admin, { reviewerId: reviewer.id, subjectId: owner.id }));
    expect(await takeUp(reviewer, request.id)).toMatchObject({ reviewer_id: reviewer.id });

    const other = await aReviewer();
    await t.transact((tx) =>
      declareInterest(tx, admin, { subjectId: vehicleId, reason: "Leased it out.", reviewerId: other.id }),
    );
    await expect(approve(other, request.id)).rejects.toMatchObject({ code: "request_interest_declared" });
    expect(await interestsOf(t.db, other)).toMatchObject([{ subjectId: vehicleId, reviewerId: other.id }]);
  });

  test("nobody declares for another, nor for themselves, nor about nobody", async () => {
    const [reviewer, other] = [await aReviewer(), await aReviewer()];
    const declare = (wish: Parameters<typeof declareInterest>[2]) =>
      t.transact((tx) => declareInterest(tx, reviewer, wish));
    const unknown = { code: "reviewer_unknown" };
    await expect(
      declare({ subjectId: other.id, reason: "Friend", reviewerId: other.id }),
    ).rejects.toMatchObject(unknown);
    await expect(declare({ subjectId: reviewer.id, reason: "Myself" })).rejects.toMatchObject(unknown);
    await expect(declare({ subjectId: newId("user"), reason: "Nobody" })).rejects.toMatchObject(unknown);
  });

  test("an owner who became a reviewer cannot judge their own car, nor one that they sold", async () => {
    const person = await aUser(t);
    const { request, vehicleId } = await aRequest(t, { owner: person });
    await t.admin
      .updateTable("identity.user")
      .set({ role: "cva", accredited: true })
      .where("id", "=", person.id)
      .execute();
    const turned: Actor<"cva"> = { ...person, role: "cva", accredited: true };
    await expect(approve(turned, request.id)).rejects.toMatchObject({ code: "request_interest_own_request" });
    // As after a hand-over: the same vehicle, a request of somebody else.
    await t.admin
      .updateTable("vehicles.vehicle")
      .set({ owner_id: person.id })
      .where("id", "=", vehicleId)
      .execute();
    const { request: next } = await aRequest(t);
    await t.admin
      .updateTable("vehicles.vehicle")
      .set({ owner_id: person.id })
      .where("id", "=", next.vehicle_id)
      .execute();
    await expect(approve(turned, next.id)).rejects.toMatchObject({ code: "request_interest_own_vehicle" });
  });

  test("a reviewer who holds credits of this owner cannot judge the owner's next request", async () => {
    const { owner, vehicleId } = await anIssuedRequest(t, ports);
    const reviewer = await aReviewer();
    await t.transact((tx) =>
      transferCredits(tx, owner, { id: newId("transfer"), toUserId: reviewer.id, amount: 5_000n }),
    );
    await someTrips(t, { id: vehicleId }, { count: 2, from: "2026-02-01T08:00:00Z" });
    const { request } = await aRequest(t, { owner, vehicleId });
    await expect(approve(reviewer, request.id)).rejects.toMatchObject({ code: "request_interest_traded" });
  });
});
