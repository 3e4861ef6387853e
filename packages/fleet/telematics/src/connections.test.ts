import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle, aVin } from "@evx/garage/testing";
import { drain, jobContext } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { expectTotalsMatch } from "@evx/trips/testing";
import { fleetJobs, fleetRouter } from "./fleet.testing.ts";
import { pollConnections } from "./polling.ts";
import type { TelematicsPorts } from "./ports.ts";
import { connectionsRouter } from "./router.ts";
import { smartcarProvider } from "./smartcar.ts";
import { testVault } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

/** A stand-in that speaks Smartcar's wire: tokens, the list of cars, VIN and batch readings. */
const fake = (() => {
  const state = {
    vin: "",
    km: 12_000,
    percent: 0.8,
    at: "",
    fail: 0,
    refused: false,
    refreshes: 0,
    disconnected: 0,
    token: "t1",
  };
  const json = (body: unknown, headers: Record<string, string> = {}, status = 200) =>
    Response.json(body as object, { status, headers: { "sc-request-id": "r", ...headers } });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/oauth/token") {
        const form = new URLSearchParams(await request.text());
        if (form.get("code") === "bad")
          return json({ error: "invalid_grant", error_description: "no" }, {}, 400);
        if (form.get("grant_type") === "refresh_token") state.refreshes++;
        return json({
          access_token: state.token,
          refresh_token: "refresh",
          expires_in: 7_200,
          token_type: "Bearer",
        });
      }
      if (state.refused)
        return json({ type: "AUTHENTICATION", code: null, description: "gone", statusCode: 401 }, {}, 401);
      if (state.fail > 0) {
        state.fail--;
        return json(
          { type: "RATE_LIMIT", code: "VEHICLE", description: "slow down" },
          { "retry-after": "1200" },
          429,
        );
      }
      if (/^.v2.0.vehicles.?$/.test(pathname))
        return json({ vehicles: ["car-1"], paging: { count: 1, offset: 0 } });
      if (pathname.endsWith("/vin")) return json({ vin: state.vin });
      if (pathname.endsWith("/application")) {
        state.disconnected++;
        return json({ status: "success" });
      }
      if (pathname.endsWith("/batch")) {
        const headers = { "sc-data-age": state.at, "sc-unit-system": "metric" };
        return json({
          responses: [
            { path: "/odometer", code: 200, body: { distance: state.km }, headers },
            { path: "/battery", code: 200, body: { percentRemaining: state.percent, range: 300 }, headers },
            {
              path: "/location",
              code: 403,
              body: { type: "PERMISSION", description: "not allowed" },
              headers,
            },
          ],
        });
      }
      return json({ type: "RESOURCE_NOT_FOUND", description: pathname }, {}, 404);
    },
  });
  return { state, server, origin: `http://127.0.0.1:${server.port}` };
})();

Bun.env.SMARTCAR_API_ORIGIN = fake.origin;
Bun.env.SMARTCAR_AUTH_ORIGIN = fake.origin;

const t = await testDatabase();
afterAll(async () => {
  await t.close();
  await fake.server.stop(true);
});
afterEach(() => expectTotalsMatch(t.db));

const provider = smartcarProvider({
  clientId: "id",
  clientSecret: "secret",
  redirectUri: "https://exchange.example/owner/connected",
  mode: "simulated",
});
const ports: TelematicsPorts = { cars: { provider, vault: testVault } };
const callerOf = createCallerFactory(connectionsRouter(ports));

const connected = async () => {
  const owner = await aUser(t);
  const vin = aVin();
  const car = await aVehicle(t, owner, { vin, batteryKwh: 80 });
  Object.assign(fake.state, {
    vin,
    km: 12_000,
    percent: 0.8,
    at: "2026-03-01T08:00:00.000Z",
    fail: 0,
    refused: false,
  });
  t.clock.set("2026-03-01T08:00:00Z");
  const caller = callerOf(testContext(t, owner));
  const { url } = await caller.start({ id: car.id });
  const state = new URL(url).searchParams.get("state") as string;
  await caller.finish({ code: "good", state });
  return {
    owner,
    car,
    caller,
    state,
    trips: () => createCallerFactory(fleetRouter)(testContext(t, owner)).trips({ id: car.id }),
  };
};
const released = async (vehicleId: string) => {
  const before = fake.state.disconnected;
  await drain(t, fleetJobs(ports));
  expect(fake.state.disconnected).toBe(before + 1);
  const rows = await t.db
    .selectFrom("vehicles.connection")
    .select("sealed_grant")
    .where("vehicle_id", "=", vehicleId as never)
    .execute();
  return rows.map((row) => row.sealed_grant);
};
const poll = async (minutes: number, more: Partial<typeof fake.state> = {}) => {
  t.clock.advance(minutes * 60_000);
  Object.assign(fake.state, { at: t.clock.now().toISOString() }, more);
  await pollConnections(jobContext(t), ports);
};

test("an owner allows the car at the provider's, and only the registered car is connected", async () => {
  const { caller, car, owner, state } = await connected();
  const { url } = await caller.start({ id: car.id });
  expect(url).toStartWith(`${fake.origin}/oauth/authorize?`);
  expect(new URL(url).searchParams.get("single_select_vin")).toBe(car.vin);
  expect((await caller.byVehicle({ id: car.id })).connection).toMatchObject({
    provider: "smartcar",
    state: "active",
    odometerKm: null,
  });
  expect(await refusalCode(caller.finish({ code: "bad", state }))).toBe("connection_state_invalid");
  expect(await refusalCode(caller.finish({ code: "good", state: "guess" }))).not.toBe("none");
  expect(await refusalCode(callerOf(testContext(t, await aUser(t))).finish({ code: "good", state }))).toBe(
    "connection_state_invalid",
  );
  t.clock.advance(31 * 60_000);
  expect(await refusalCode(caller.finish({ code: "good", state }))).toBe("connection_state_invalid");
  fake.state.vin = aVin();
  const fresh = new URL((await caller.start({ id: car.id })).url).searchParams.get("state") as string;
  expect(await refusalCode(caller.finish({ code: "good", state: fresh }))).toBe("connection_other_car");
  const stored = JSON.stringify(
    await t.db.selectFrom("vehicles.connection").select("sealed_grant").execute(),
  );
  expect(stored).not.toContain("refresh");
  fake.state.vin = car.vin;
  expect((await callerOf(testContext(t, owner)).end({ id: car.id })).connection).toBeNull();
  expect(await released(car.id)).toEqual([""]);
});

test("what the odometer moves between two readings is a trip of the best tier, once", async () => {
  const { car, caller, trips } = await connected();
  await poll(0);
  expect((await trips()).items).toEqual([]);
  await poll(16, { km: 12_008, percent: 0.78 });
  await poll(16, { km: 12_008 });
  await poll(16, { km: 12_008.05 });
  await poll(600, { km: 12_208.05, percent: 0.28 });
  const { items } = await trips();
  expect(items.map((trip) => [trip.distanceKm, trip.energyKwh, trip.quality, trip.precision])).toEqual([
    [200, 40, "connected", "estimated"],
    [8, null, "connected", "estimated"],
  ]);
  expect((await caller.byVehicle({ id: car.id })).connection).toMatchObject({
    state: "active",
    odometerKm: 12_208.05,
  });
  const readings = await t.db
    .selectFrom("vehicles.odometer")
    .select("odometer_m")
    .where("vehicle_id", "=", car.id)
    .orderBy("read_at")
    .execute();
  expect(readings.map((row) => row.odometer_m)).toEqual([
    12_000_000, 12_008_000, 12_008_000, 12_008_050, 12_208_050,
  ]);
});

test("a car whose owner was suspended is not asked; what it drove meanwhile is no trip afterwards", async () => {
  const { car, owner, trips } = await connected();
  await poll(0);
  const mark = (at: Date | null) =>
    t.admin
      .updateTable("identity.user")
      .set({ suspended_at: at, suspension_reason: at && "test" })
      .where("id", "=", owner.id)
      .execute();
  await mark(t.clock.now());
  await poll(16, { km: 12_050 });
  await mark(null);
  const { next_poll_at } = await t.db
    .selectFrom("vehicles.connection")
    .select("next_poll_at")
    .where("vehicle_id", "=", car.id)
    .executeTakeFirstOrThrow();
  expect(next_poll_at.getTime()).toBeGreaterThan(t.clock.now().getTime() + 3_600_000);
  await poll(800, { km: 12_100 });
  expect((await trips()).items).toEqual([]);
  await poll(60, { km: 12_110 });
  expect((await trips()).items.map((trip) => trip.distanceKm)).toEqual([10]);
});

test("a car that is handed over tells its former owner nothing any more, and the permission is given back", async () => {
  const { car, caller, owner, state } = await connected();
  await poll(0);
  t.clock.advance(3_600_000);
  const garage = createCallerFactory(fleetRouter)(testContext(t, owner));
  await garage.handOver({ id: car.id, at: t.clock.now().toISOString() });
  await poll(600, { km: 14_000 });
  expect((await caller.byVehicle({ id: car.id })).connection).toBeNull();
  expect((await garage.trips({ id: car.id })).items).toEqual([]);
  expect(await released(car.id)).toEqual([""]);
  expect(await refusalCode(caller.start({ id: car.id }))).toBe("vehicle_handed_over");
  t.clock.set("2026-03-01T08:10:00Z");
  expect(await refusalCode(caller.finish({ code: "good", state }))).toBe("vehicle_handed_over");
});

test("a grant whose key is gone asks the owner to connect again, and holds no other car up", async () => {
  const { car, caller } = await connected();
  const other = await connected();
  await t.admin
    .updateTable("vehicles.connection")
    .set({ sealed_grant: "x" })
    .where("vehicle_id", "=", car.id)
    .execute();
  fake.state.vin = other.car.vin;
  await poll(1);
  expect((await caller.byVehicle({ id: car.id })).connection).toMatchObject({ state: "lost" });
  expect((await other.caller.byVehicle({ id: other.car.id })).connection).toMatchObject({
    state: "active",
    odometerKm: 12_000,
  });
});

test("two workers at once note a drive once", async () => {
  const { trips } = await connected();
  await poll(0);
  t.clock.advance(16 * 60_000);
  Object.assign(fake.state, { km: 12_010, at: t.clock.now().toISOString() });
  await Promise.all([pollConnections(jobContext(t), ports), pollConnections(jobContext(t), ports)]);
  expect((await trips()).items.length).toBe(1);
});

test("a provider that fails is asked later and later, as long as it says itself; then all is well again", async () => {
  const { car, caller, trips } = await connected();
  await poll(0);
  await poll(16, { fail: 1 });
  const waiting = (await caller.byVehicle({ id: car.id })).connection;
  expect(waiting).toMatchObject({ state: "waiting", failures: 1 });
  expect(Date.parse(waiting?.nextPollAt ?? "") - t.clock.now().getTime()).toBe(1_200_000);
  await poll(10, { km: 12_020 });
  expect((await trips()).items).toEqual([]);
  await poll(11, { km: 12_020 });
  expect((await trips()).items.length).toBe(1);
  expect((await caller.byVehicle({ id: car.id })).connection).toMatchObject({ state: "active", failures: 0 });
});

test("a permission that was taken back stops the asking until the owner connects again", async () => {
  const { car, caller } = await connected();
  await poll(0);
  await poll(16, { refused: true });
  expect((await caller.byVehicle({ id: car.id })).connection).toMatchObject({ state: "lost" });
  await poll(600, { refused: false, km: 13_000 });
  expect((await caller.byVehicle({ id: car.id })).connection).toMatchObject({ state: "lost" });
  const state = new URL((await caller.start({ id: car.id })).url).searchParams.get("state") as string;
  await caller.finish({ code: "good", state });
  await poll(1);
  expect((await caller.byVehicle({ id: car.id })).connection).toMatchObject({
    state: "active",
    odometerKm: 13_000,
  });
});

test("a grant that is about to end is renewed first", async () => {
  await connected();
  const before = fake.state.refreshes;
  await poll(0);
  expect(fake.state.refreshes).toBe(before);
  const rows = await t.db
    .selectFrom("vehicles.connection")
    .select(["id", "vehicle_id", "sealed_grant"])
    .where("state", "=", "active")
    .execute();
  for (const row of rows) {
    const grant = JSON.parse(await testVault.openText(row.sealed_grant, row.vehicle_id));
    const sealed_grant = await testVault.sealText(
      JSON.stringify({ ...grant, expiresAt: t.clock.now().toISOString() }),
      row.vehicle_id,
    );
    await t.admin.updateTable("vehicles.connection").set({ sealed_grant }).where("id", "=", row.id).execute();
  }
  await poll(16);
  expect(fake.state.refreshes).toBeGreaterThan(before);
});

test("without credentials there are no connections, and the page can say so", async () => {
  const owner = await aUser(t);
  const car = await aVehicle(t, owner);
  const none = createCallerFactory(connectionsRouter({ cars: null }))(testContext(t, owner));
  expect(await none.byVehicle({ id: car.id })).toEqual({ configured: false, connection: null });
  expect(await refusalCode(none.start({ id: car.id }))).toBe("connections_not_configured");
  await pollConnections(jobContext(t), { cars: null });
});
