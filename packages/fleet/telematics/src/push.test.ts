import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { expectTotalsMatch } from "@evx/trips/testing";
import { fleetRouter } from "./fleet.testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const callerOf = createCallerFactory(fleetRouter);
const push = (token: string, body: unknown) =>
  callerOf(testContext(t, null, { headers: new Headers({ "x-vehicle-token": token }) })).push({
    content: new Blob([JSON.stringify(body)]).stream() as ReadableStream<Uint8Array>,
  });
const trip = (id: string, day: number, more = {}) => ({
  id,
  startTime: `2026-01-0${day}T08:00:00Z`,
  endTime: `2026-01-0${day}T08:30:00Z`,
  distanceKm: 20,
  energyKwh: 3.4,
  ...more,
});

test("a box sends one trip or many with its token; what it sends again adds nothing; the tier is earned", async () => {
  const owner = await aUser(t);
  const car = await aVehicle(t, owner);
  const mine = callerOf(testContext(t, owner));
  const { token, id } = await mine.createPushToken({ id: car.id, label: "Home server" });
  expect(await push(token, trip("a", 1))).toMatchObject({ imported: 1, duplicates: 0, status: "done" });
  expect(await push(token, [trip("a", 1), trip("b", 2), trip("c", 3)])).toMatchObject({
    imported: 2,
    duplicates: 1,
  });
  // Sent again with a corrected end: the box's own id says that it is the same trip.
  expect(await push(token, trip("a", 1, { endTime: "2026-01-01T09:45:00Z", distanceKm: 55 }))).toMatchObject({
    imported: 0,
    duplicates: 1,
  });
  // The same id a day or forty minutes later is no second trip.
  expect(await push(token, trip("a", 7))).toMatchObject({ imported: 0, duplicates: 1 });
  const later = { startTime: "2026-01-01T08:40:00Z", endTime: "2026-01-01T09:10:00Z" };
  expect(await push(token, trip("a", 1, later))).toMatchObject({ imported: 0, duplicates: 1 });
  expect((await mine.trips({ id: car.id })).items.map((item) => item.quality)).not.toContain("connected");
  const operator = callerOf(testContext(t, await aUser(t, { role: "admin" })));
  await operator.vetPushToken({ tokenId: id, reason: "Our own adapter, build 12." });
  await push(token, trip("e", 8));
  expect((await mine.trips({ id: car.id })).items.map((item) => item.quality)).toContain("connected");
  expect((await mine.pushTokens({ id: car.id })).items).toMatchObject([
    { id, label: "Home server", lastUsedAt: "2026-03-01T00:00:00.000Z", vetted: true },
  ]);
  await mine.revokePushToken({ id: car.id, tokenId: id });
  expect(await refusalCode(push(token, trip("d", 4)))).toBe("push_token_invalid");
  expect((await mine.pushTokens({ id: car.id })).items).toEqual([]);
  await expectTotalsMatch(t.db);
});

test("an Idempotency-Key is its sender's; under the same key another body is refused and can be sent again", async () => {
  const keyed = (token: string, key: string, body: unknown) =>
    callerOf(
      testContext(t, null, { headers: new Headers({ "x-vehicle-token": token, "idempotency-key": key }) }),
    ).push({ content: new Blob([JSON.stringify(body)]).stream() as ReadableStream<Uint8Array> });
  const tokens: string[] = [];
  for (const _ of [1, 2]) {
    const owner = await aUser(t);
    const car = await aVehicle(t, owner);
    tokens.push((await callerOf(testContext(t, owner)).createPushToken({ id: car.id, label: "x" })).token);
  }
  const [one = "", two = ""] = tokens;
  expect(await keyed(one, "1", trip("a", 1))).toMatchObject({ imported: 1 });
  expect(await keyed(one, "1", trip("a", 1))).toMatchObject({ imported: 1 });
  expect(await keyed(two, "1", trip("a", 2))).toMatchObject({ imported: 1 });
  expect(await refusalCode(keyed(one, "1", trip("b", 3)))).toBe("import_key_reused");
  expect(await keyed(one, "2", trip("b", 3))).toMatchObject({ imported: 1 });
});

test("no token, a wrong one, and another's vehicle get nowhere; the token's text is not stored", async () => {
  const owner = await aUser(t);
  const car = await aVehicle(t, owner);
  expect(await refusalCode(push("", trip("a", 1)))).toBe("push_token_invalid");
  expect(await refusalCode(push("evxp_guess", trip("a", 1)))).toBe("push_token_invalid");
  expect(
    await refusalCode(callerOf(testContext(t, await aUser(t))).createPushToken({ id: car.id, label: "x" })),
  ).toBe("vehicle_not_found");
  const { token } = await callerOf(testContext(t, owner)).createPushToken({ id: car.id, label: "x" });
  const stored = JSON.stringify(await t.db.selectFrom("vehicles.push_token").selectAll().execute());
  expect(stored).not.toContain(token);
});

test("an owner's savings are the sum over all their vehicles, by day, month or year", async () => {
  const owner = await aUser(t);
  for (const _ of [1, 2]) {
    const car = await aVehicle(t, owner);
    const { token } = await callerOf(testContext(t, owner)).createPushToken({ id: car.id, label: "x" });
    await push(token, [trip("a", 1), trip("b", 2)]);
  }
  expect(await callerOf(testContext(t, owner)).savings()).toMatchObject({
    vehicles: 2,
    trips: 4,
    distanceKm: 80,
    co2SavedKg: 8,
    credits: "0.008000",
    claimableCredits: "0.008000",
    series: [{ period: "2026-01", trips: 4 }],
  });
  const by = (period: "day" | "year") => callerOf(testContext(t, owner)).savings({ period });
  expect(await by("year")).toMatchObject({
    co2SavedKg: 8,
    series: [{ period: "2026", trips: 4, co2SavedKg: 8, claimedKg: 0 }],
  });
  const days = await by("day");
  expect(days.co2SavedKg).toBe(8);
  expect(days.series.reduce((sum, { co2SavedKg }) => sum + co2SavedKg, 0)).toBe(8);
  expect(days.series.every(({ period }) => /^2026-01-\d\d$/.test(period))).toBe(true);
});
