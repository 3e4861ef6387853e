import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { requestsRouter } from "@evx/review/router";
import { createCallerFactory, mergeRouters } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { expectTotalsMatch, someTrips } from "@evx/trips/testing";
import { submissionJobs } from "./jobs.ts";
import { lineRows, submissionRow } from "./queries/submissions.ts";
import { fleetRequestsRouter, submissionsRouter } from "./router.ts";
import { aLargeCar } from "./testing.ts";
import { workOff } from "./work.ts";

setDefaultTimeout(240_000);

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());
const fleet = createCallerFactory(fleetRequestsRouter);
const requests = createCallerFactory(mergeRouters(requestsRouter, submissionsRouter));
type Owner = Awaited<ReturnType<typeof aUser>>;
const as = (owner: Owner) => requests(testContext(t, owner));

test("a claim over 20,000 trips answers with where to look, and a job makes the one request of it", async () => {
  const { owner, vehicleId } = await aLargeCar(t, 20_001);
  const answer = await as(owner).submit({ vehicleId });
  expect(answer).toMatchObject({
    request: null,
    submission: { status: "queued", linesTotal: 1, linesDone: 0, tripsTotal: 20_001, tripsDone: 0 },
  });
  const id = answer.submission?.id as Id<"submission">;
  await drain(t, submissionJobs, { twice: true });
  const ended = await as(owner).submission({ id });
  expect(ended).toMatchObject({ status: "done", tripsDone: 20_001 });
  expect(ended.lines).toMatchObject([{ status: "done", request: { tripCount: 20_001, status: "pending" } }]);
  expect((await as(owner).list({})).items).toHaveLength(1);
  expect(await refusalCode(as(await aUser(t)).submission({ id }))).toBe("submission_not_found");
  await expectTotalsMatch(t.db);
});

test("killed between two months it goes on, shows how far it is, and takes no trip twice", async () => {
  const { owner, vehicleId } = await aLargeCar(t, 20_400);
  const { submission } = await as(owner).submit({ vehicleId });
  const id = submission?.id as Id<"submission">;
  let steps = 0;
  const dying = {
    db: t.db,
    transact: ((work: Parameters<typeof t.transact>[0]) => {
      if (++steps > 5) throw new Error("killed");
      return t.transact(work);
    }) as typeof t.transact,
  };
  await expect(workOff(dying, id)).rejects.toThrow("killed");
  const half = await as(owner).submission({ id });
  expect(half.status).toBe("running");
  expect(half.tripsDone).toBeGreaterThan(0);
  expect(half.tripsDone).toBeLessThan(20_400);
  // What is taken is nobody else's meanwhile.
  expect(await refusalCode(as(owner).submit({ vehicleId, from: "2024-02-01", to: "2024-03-01" }))).toBe(
    "trips_none_to_claim",
  );
  await drain(t, submissionJobs);
  const ended = await as(owner).submission({ id });
  expect(ended.lines[0]?.request).toMatchObject({ tripCount: 20_400 });
  await expectTotalsMatch(t.db);
});

test("a fleet asks for all cars at once: a request for each car and year of its zone, refusals by car", async () => {
  const owner = await aUser(t);
  const cars = [await aVehicle(t, owner), await aVehicle(t, owner), await aVehicle(t, owner)] as const;
  // The second lies in 2025 by Greenwich and in 2026 in Vietnam.
  await someTrips(t, cars[0], { count: 1, from: "2025-12-30T08:00:00Z" });
  await someTrips(t, cars[0], { count: 1, from: "2025-12-31T20:00:00Z" });
  await someTrips(t, cars[1], { count: 3, from: "2026-01-10T08:00:00Z" });
  // A hundred metres by the metered method with much energy save nothing: the request of this car is refused.
  await someTrips(t, cars[2], {
    count: 1,
    distanceKm: 0.001,
    minutes: 2,
    energyKwh: null,
    from: "2026-01-11T08:00:00Z",
  });
  const answer = await fleet(testContext(t, owner)).request({});
  expect(answer.status).toBe("done");
  const lines = new Map(answer.lines.map((line) => [`${line.vehicleId} ${line.year}`, line]));
  expect(lines.size).toBe(4);
  expect(lines.get(`${cars[0].id} 2025`)?.request).toMatchObject({ tripCount: 1 });
  expect(lines.get(`${cars[0].id} 2026`)?.request).toMatchObject({ tripCount: 1 });
  expect(lines.get(`${cars[1].id} 2026`)?.request).toMatchObject({ tripCount: 3 });
  expect(lines.get(`${cars[2].id} 2026`)).toMatchObject({
    status: "refused",
    request: null,
    refusal: { code: "request_without_savings" },
  });
  expect(await refusalCode(fleet(testContext(t, owner)).request({ vehicleIds: [cars[1].id] }))).toBe(
    "request_fleet_nothing",
  );
  expect(await refusalCode(fleet(testContext(t, owner)).request({ vehicleIds: [newId("vehicle")] }))).toBe(
    "request_vehicle_unknown",
  );
  await drain(t, submissionJobs);
  expect((await lineRows(t.db, answer.id)).length).toBe(4);
  expect((await submissionRow(t.db, answer.id))?.status).toBe("done");
  await expectTotalsMatch(t.db);
});

test("a large fleet is worked off by a job", async () => {
  const owner = await aUser(t);
  for (let n = 0; n < 30; n++) await someTrips(t, await aVehicle(t, owner), { count: 2 });
  const answer = await fleet(testContext(t, owner)).request({ year: 2026 });
  expect(answer).toMatchObject({ status: "queued", linesTotal: 30, linesDone: 0 });
  await drain(t, submissionJobs);
  expect(await fleet(testContext(t, owner)).submission({ id: answer.id })).toMatchObject({
    status: "done",
    linesDone: 30,
  });
});

test("what waits for somebody who was suspended meanwhile is not handed in, and its trips stay free", async () => {
  const owner = await aUser(t);
  for (let n = 0; n < 30; n++) await someTrips(t, await aVehicle(t, owner), { count: 2 });
  const answer = await fleet(testContext(t, owner)).request({ year: 2026 });
  const mark = (at: Date | null) =>
    t.admin.updateTable("identity.user").set({ suspended_at: at, suspension_reason: at && "test" });
  await mark(t.clock.now()).where("id", "=", owner.id).execute();
  await drain(t, submissionJobs);
  await mark(null).where("id", "=", owner.id).execute();
  const { lines } = await fleet(testContext(t, owner)).submission({ id: answer.id });
  expect(new Set(lines.map(({ refusal }) => refusal?.code))).toEqual(new Set(["request_owner_suspended"]));
  // Open again, the same cars can be asked for.
  const again = await fleet(testContext(t, owner)).request({ year: 2026 });
  await drain(t, submissionJobs);
  const done = await fleet(testContext(t, owner)).submission({ id: again.id });
  expect(done.lines.map(({ refusal }) => refusal)).toEqual(Array(30).fill(null));
});

test("both days of a period are whole ones of the vehicle's zone, and malformed input asks for nothing", async () => {
  const owner = await aUser(t);
  const vehicle = await aVehicle(t, owner);
  await someTrips(t, vehicle, { count: 5, from: "2026-02-10T08:00:00Z" });
  for (const bad of ["", "veh_x", "usr_01m827tt9je44sqx0aqcz26193", "' or 1=1"])
    expect(await refusalCode(as(owner).submit({ vehicleId: bad }))).toBe("input_invalid");
  const auditor = await aUser(t, { role: "cva" });
  expect(await refusalCode(as(auditor).generate({ id: vehicle.id }))).toBe("role_required");
  const { request } = await as(owner).submit({ vehicleId: vehicle.id, from: "2026-02-01", to: "2026-02-28" });
  expect(request).toMatchObject({
    tripCount: 5,
    periodFrom: "2026-01-31T17:00:00.000Z",
    periodTo: "2026-02-28T17:00:00.000Z",
  });
});
