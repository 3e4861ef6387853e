/** A car is connected over real HTTP, through the provider's SDK and the emulator's consent page, and let go again. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { freePorts } from "@evx/tooling/ports";
import { restClient, until } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

const origins = ["SMARTCAR_API_ORIGIN", "SMARTCAR_AUTH_ORIGIN"] as const;
const vin = "VF1AGVYB055555555";
let world: LiveWorld;
let rest: ReturnType<typeof restClient>;
let token: string;

beforeAll(async () => {
  // The SDK itself reads where the provider is; the port is known before the world that needs it starts.
  const port = await freePorts();
  for (const name of origins) Bun.env[name] = `http://localhost:${port}`;
  world = await startLiveWorld({ SMARTCAR_CLIENT_ID: "id", SMARTCAR_CLIENT_SECRET: "secret" }, port);
  rest = restClient(world.url);
  const person = { email: "car@example.com", password: "a-long-password-1" };
  await rest.post("/api/users/register", { ...person, fullName: "Owner", role: "ev_owner" });
  token = (await rest.post("/api/users/login", person)).text("token");
});
afterAll(async () => {
  for (const name of origins) delete Bun.env[name];
  await world.close();
});

test("consent, connection, and its end at the provider's", async () => {
  const car = { make: "Renault", model: "Zoe R135", year: 2022, vin, countryCode: "VN" };
  const id = (await rest.post("/api/vehicles", car, { token })).text("vehicle.id");
  const path = `/api/vehicles/${id}/connection`;
  expect((await rest.get(path, { token })).body).toEqual({ configured: true, connection: null });
  const started = await rest.post(path, {}, { token });
  expect(started.status).toBe(200);
  const page = await (await fetch(started.text("url"))).text();
  expect(page).toContain(vin);
  const allow = new URL((/href="([^"]+)"/.exec(page)?.[1] ?? "").replaceAll("&amp;", "&"));
  expect(allow.href).toStartWith(`${world.url}/owner/vehicles/connected?`);
  const { code, state } = Object.fromEntries(allow.searchParams);
  const finished = await rest.post("/api/connections/finish", { code, state }, { token });
  expect([finished.status, finished.at("connection.state"), finished.at("connection.vehicleId")]).toEqual([
    201,
    "active",
    id,
  ]);
  const wrong = await rest.post("/api/connections/finish", { code, state: "guess" }, { token });
  expect([wrong.status, wrong.at("error.code")]).toEqual([400, "connection_state_invalid"]);
  const ended = await rest.delete(path, { token });
  expect([ended.status, ended.at("connection")]).toEqual([200, null]);
  await until(
    () => world.database.db.selectFrom("vehicles.connection").select(["state", "sealed_grant"]).execute(),
    ([row]) => row?.state === "ended" && row.sealed_grant === "",
  );
});
