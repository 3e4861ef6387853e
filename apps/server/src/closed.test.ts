/** A venue that an operator closed: changes are refused in the reader's language, reading and signing in go on. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { restClient } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld();
}, 60_000);
afterAll(() => world.close(), 30_000);

const password = "a-good-password";

test("what people would change is refused with the time to come again; they read and sign in, operators act", async () => {
  const rest = restClient(world.url);
  const account = async (role: "buyer" | "ev_owner") => {
    const email = `${role}@closed.test`;
    await rest.post("/api/users/register", { email, password, fullName: "An Nguyen", role });
    const { text } = await rest.post("/api/users/login", { email, password });
    return { email, token: text("token") };
  };
  const owner = await account("ev_owner");
  const admin = await aUser(world.database, { role: "admin" });
  const context = world.runtime.createContext({
    actor: admin,
    headers: new Headers(),
    ip: "127.0.0.1",
    requestId: "req-closing",
  });
  const operator = world.runtime.callAs(context);
  await operator.venue.set({ mode: "read_only", reason: "A gateway is away" });
  await Bun.sleep(1_100);

  const car = { make: "VinFast", model: "VF 8", year: 2024, vin: "RLLV2CCA0PH000001", countryCode: "VN" };
  const refused = await rest.post("/api/vehicles", car, owner);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "300"]);
  expect(refused.text("error.code") || refused.text("code")).toBe("venue_closed");
  const vietnamese = await rest.post("/api/vehicles", car, {
    token: owner.token,
    headers: { "accept-language": "vi" },
  });
  expect(JSON.stringify(vietnamese.body)).toContain("bảo trì");
  const overTrpc = await fetch(`${world.url}/trpc/vehicles.create`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${owner.token}` },
    body: JSON.stringify(car),
  });
  expect([overTrpc.status, overTrpc.headers.get("retry-after")]).toEqual([503, "300"]);

  expect((await rest.get("/api/vehicles", owner)).status).toBe(200);
  expect((await rest.post("/api/users/login", { email: owner.email, password })).status).toBe(200);
  expect((await rest.get("/api/public/venue")).text("mode")).toBe("read_only");
  await operator.venue.announce({
    en: "We will be back soon.",
    vi: "Chúng tôi sẽ sớm hoạt động lại.",
    until: new Date(world.runtime.clock.now().getTime() + 3_600_000).toISOString(),
  });
  await operator.venue.set({ mode: "open", reason: "It is back" });
  await Bun.sleep(1_100);
  expect((await rest.post("/api/vehicles", car, owner)).status).toBe(201);
}, 60_000);
