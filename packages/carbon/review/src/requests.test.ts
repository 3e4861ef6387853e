import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { enterKeys, testPorts } from "@evx/certificates/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { co2Factors } from "@evx/emissions";
import { aVehicle } from "@evx/garage/testing";
import { newId } from "@evx/kernel";
import { setRule } from "@evx/rules";
import { claimedTotals, tripsOfRequest } from "@evx/trips";
import { someTrips } from "@evx/trips/testing";
import { approveRequest } from "./approvals.ts";
import { fourEyes } from "./policy.ts";
import { requestRow } from "./queries/requests.ts";
import { ownDetail, requestsOf, requestView } from "./reads.ts";
import { answerQuestion, resubmitRequest, submitRequest } from "./requests.ts";
import { askOwner, refuseTrips, rejectRequest } from "./steps.ts";
import { aRequest } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const ask = (
  owner: Awaited<ReturnType<typeof aUser>>,
  vehicleId: Awaited<ReturnType<typeof aVehicle>>["id"],
  more = {},
) => t.transact((tx) => submitRequest(tx, owner, { id: newId("request"), vehicleId, ...more }));

const events = async (name: string, requestId: string): Promise<unknown[]> => {
  const rows = await t.admin.selectFrom("jobs.outbox").where("name", "=", name).select("payload").execute();
  return rows
    .map(({ payload }) => payload)
    .filter((payload) => (payload as { requestId?: string }).requestId === requestId);
};

describe("a request", () => {
  test("1,000 km by the flat method ask for a tenth of a credit", async () => {
    const { request } = await aRequest(t, { trips: { count: 50, distanceKm: 20 } });
    const view = requestView(request);
    expect(view).toMatchObject({
      status: "pending",
      creditsRequested: 100_000n,
      tripCount: 50n,
      method: "flat-v1",
    });
    expect(await events("verification.request_submitted", request.id)).toMatchObject([
      { grams: "100000", tripCount: 50 },
    ]);
  });

  test("two at once for the same trips: one gets them, the other is refused and nothing of it stays", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await someTrips(t, vehicle, { count: 20 });
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => ask(owner, vehicle.id)));
    const won = answers.filter((answer) => answer.status === "fulfilled");
    expect(won).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "trips_none_to_claim" });
    }
    expect((await requestsOf(t.db, owner, { limit: 50 })).items).toHaveLength(1);
  });

  test("the same id again, also at once, is the same request", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await someTrips(t, vehicle, { count: 3 });
    const id = newId("request");
    const once = () => t.transact((tx) => submitRequest(tx, owner, { id, vehicleId: vehicle.id }));
    const answers = await Promise.all([once(), once(), once()]);
    expect(new Set(answers.map((row) => row.id))).toEqual(new Set([id]));
    expect(await events("verification.request_submitted", id)).toHaveLength(1);
  });

  test("nothing to claim, another's vehicle and a period that runs backwards are refused", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await expect(ask(owner, vehicle.id)).rejects.toMatchObject({ code: "trips_none_to_claim" });
    await someTrips(t, vehicle, { count: 2 });
    const stranger = await aUser(t);
    await expect(ask(stranger, vehicle.id)).rejects.toMatchObject({ code: "vehicle_not_found" });
    const backwards = { from: new Date("2026-02-01"), to: new Date("2026-01-01") };
    await expect(ask(owner, vehicle.id, backwards)).rejects.toMatchObject({
      code: "request_period_backwards",
    });
    const never = { from: new Date("2020-01-01"), to: new Date("2020-02-01") };
    await expect(ask(owner, vehicle.id, never)).rejects.toMatchObject({ code: "trips_none_to_claim" });
    expect((await ask(owner, vehicle.id)).trip_count).toBe(2n);
  });

  test("a period takes the trips that start in it and leaves the others to the next request", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await someTrips(t, vehicle, { count: 31, from: "2026-01-01T08:00:00Z" });
    const first = await ask(owner, vehicle.id, { from: new Date("2026-01-01"), to: new Date("2026-01-11") });
    expect(first.trip_count).toBe(10n);
    expect((await ask(owner, vehicle.id)).trip_count).toBe(21n);
  });

  test("trips too short to avoid a gram are refused, and stay free", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await someTrips(t, vehicle, { count: 1, distanceKm: 0.005, minutes: 2 });
    await expect(ask(owner, vehicle.id)).rejects.toMatchObject({ code: "request_without_savings" });
    await someTrips(t, vehicle, { count: 1, from: "2026-02-20T08:00:00Z" });
    expect((await ask(owner, vehicle.id)).trip_count).toBe(2n);
  });

  test("method, factors and amount stay as they were frozen when the rules change", async () => {
    const { request } = await aRequest(t);
    await t.transact((tx) =>
      setRule(tx, co2Factors, {
        value: { ...co2Factors.initial, flat: { baseline_mg_per_km: 200_000, electric_mg_per_km: 20_000 } },
        reason: "test",
        setBy: null,
      }),
    );
    t.clock.advance(60_000);
    const after = await requestRow(t.db, request.id);
    expect(after?.factors).toEqual(request.factors);
    expect((await claimedTotals(t.db, request.id))?.co2Saved_g).toBe(request.co2_saved_g);
    const { request: later } = await aRequest(t);
    expect(later.co2_saved_g).toBe((request.co2_saved_g * 180n) / 100n);
    await t.transact((tx) =>
      setRule(tx, co2Factors, { value: co2Factors.initial, reason: "test", setBy: null }),
    );
    t.clock.advance(60_000);
  });

  test("above the configured amount a request says that two must approve it", async () => {
    await t.transact((tx) =>
      setRule(tx, fourEyes, { value: { above_g: 19_999 }, reason: "test", setBy: null }),
    );
    t.clock.advance(1_000);
    expect((await aRequest(t)).request.approvals_needed).toBe(2);
    await t.transact((tx) => setRule(tx, fourEyes, { value: fourEyes.initial, reason: "test", setBy: null }));
    t.clock.advance(1_000);
    expect((await aRequest(t)).request.approvals_needed).toBe(1);
  });
});

describe("an owner's page", () => {
  test("another's request is not found", async () => {
    const { request } = await aRequest(t);
    const stranger = await aUser(t);
    await expect(ownDetail(t.db, stranger, { id: request.id, locale: "en" })).rejects.toMatchObject({
      code: "request_not_found",
      kind: "not_found",
    });
  });

  test("lists go on where they stopped, without a gap or a twin", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    for (let month = 1; month <= 5; month++) {
      await someTrips(t, vehicle, { count: 2, from: `2025-0${month}-05T08:00:00Z` });
      await ask(owner, vehicle.id);
      if (month % 2) t.clock.advance(1_000);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await requestsOf(t.db, owner, { limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    await expect(requestsOf(t.db, owner, { limit: 2, cursor: "nonsense" })).rejects.toMatchObject({
      code: "cursor_unknown",
    });
  });

  test("an answer brings the request back to the reviewer who asked; only the owner can give it, and only when asked", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aUser(t, { role: "cva" });
    const answer = (by = owner) =>
      t.transact((tx) => answerQuestion(tx, by, { id: request.id, answer: "See the odometer." }));
    await expect(answer()).rejects.toMatchObject({ code: "request_wrong_state" });
    await t.transact((tx) => askOwner(tx, reviewer, { id: request.id, question: "How far did you drive?" }));
    await expect(answer(await aUser(t))).rejects.toMatchObject({ code: "request_not_found" });
    expect((await ownDetail(t.db, owner, { id: request.id, locale: "en" })).messages.at(-1)).toMatchObject({
      kind: "question",
      mine: false,
    });
    const answered = await answer();
    expect(answered).toMatchObject({ status: "in_review", reviewer_id: reviewer.id });
    await expect(answer()).rejects.toMatchObject({ code: "request_wrong_state" });
    expect((await ownDetail(t.db, owner, { id: request.id, locale: "en" })).messages.at(-1)).toMatchObject({
      kind: "answer",
      mine: true,
      body: "See the odometer.",
    });
  });
});

describe("resubmission", () => {
  test("only the refused trips are sent again, once, and the reviewer sees that they were refused", async () => {
    const { owner, request, vehicleId } = await aRequest(t);
    const reviewer = await aUser(t, { role: "cva" });
    const trips = (await tripsOfRequest(t.db, request.id, { limit: 3 }, "en")).items;
    await t.transact((tx) =>
      refuseTrips(tx, reviewer, {
        id: request.id,
        trips: trips.map(({ id }) => ({ tripId: id, reason: "evidence_missing" })),
      }),
    );
    await t.transact(async (tx) => approveRequest(tx, await testPorts(), reviewer, { id: request.id }));
    const detail = await ownDetail(t.db, owner, { id: request.id, locale: "vi" });
    expect(detail.resubmittable).toBe(true);
    expect(detail.refused.map(({ tripId }) => tripId).sort()).toEqual(trips.map(({ id }) => id).sort());
    expect(detail.refused[0]?.message).toContain("bằng chứng");
    expect(detail.refused[0]?.distanceKm).toBe(20_000n);

    // Other trips of the same time do not slip in.
    await someTrips(t, { id: vehicleId }, { count: 1, from: "2026-01-06T20:00:00Z" });
    const again = await t.transact((tx) =>
      resubmitRequest(tx, owner, {
        id: newId("request"),
        requestId: request.id,
        explanation: "Here is the photo.",
      }),
    );
    expect(again).toMatchObject({ trip_count: 3n, resubmits_id: request.id, status: "pending" });
    expect(again.risk_reasons).toContainEqual(expect.objectContaining({ code: "refused_before" }));
    expect((await ownDetail(t.db, owner, { id: again.id, locale: "en" })).messages.at(-1)?.body).toBe(
      "Here is the photo.",
    );
    const twice = t.transact((tx) =>
      resubmitRequest(tx, owner, { id: newId("request"), requestId: request.id }),
    );
    await expect(twice).rejects.toMatchObject({ code: "request_nothing_to_resubmit" });
  });

  test("sent twice at once: one request has the trips", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aUser(t, { role: "cva" });
    await t.transact((tx) => rejectRequest(tx, reviewer, { id: request.id, reason: "No evidence at all." }));
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() =>
        t.transact((tx) => resubmitRequest(tx, owner, { id: newId("request"), requestId: request.id })),
      ),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("an open, a fully approved and another's request cannot be sent again", async () => {
    const { owner, request } = await aRequest(t);
    const resubmit = (by = owner) =>
      t.transact((tx) => resubmitRequest(tx, by, { id: newId("request"), requestId: request.id }));
    await expect(resubmit()).rejects.toMatchObject({ code: "request_wrong_state" });
    await expect(resubmit(await aUser(t))).rejects.toMatchObject({ code: "request_not_found" });
    const reviewer = await aUser(t, { role: "cva" });
    const ports = await testPorts();
    await enterKeys(t, ports);
    await t.transact((tx) => approveRequest(tx, ports, reviewer, { id: request.id }));
    await expect(resubmit()).rejects.toMatchObject({ code: "request_nothing_to_resubmit" });
  });

  test("what was rejected may also be requested anew like any free trip", async () => {
    const { owner, vehicleId, request } = await aRequest(t);
    const reviewer = await aUser(t, { role: "cva" });
    await t.transact((tx) => rejectRequest(tx, reviewer, { id: request.id, reason: "Not enough evidence." }));
    expect((await ask(owner, vehicleId)).trip_count).toBe(10n);
  });
});
