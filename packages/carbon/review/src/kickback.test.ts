import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { transferCredits } from "@evx/credits";
import { testDatabase } from "@evx/db/testing";
import { odometerRows } from "@evx/garage";
import { drain } from "@evx/jobs/testing";
import { day_ms, type Id, newId } from "@evx/kernel";
import { alertsOf, allAlerts } from "./alerts.ts";
import { reviewJobs } from "./jobs.ts";
import { isPair } from "./policy.ts";
import { type RequestRow, requestRow } from "./queries/requests.ts";
import { noteSeenOdometer } from "./readings.ts";
import { reviewing } from "./reviewing.testing.ts";
import { anIssuedRequest, aRequest } from "./testing.ts";

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
