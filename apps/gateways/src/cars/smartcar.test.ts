import { expect, test } from "bun:test";
import { fixedClock } from "@evx/kernel";
import { readingAt } from "./drive.ts";
import { smartcarCars } from "./smartcar.ts";

const vin = "RLLV8EA25PH001234";
const clock = fixedClock("2026-05-01T08:00:00Z");
const app = smartcarCars(clock);
const json = async (response: Response | Promise<Response>) =>
  (await response).json() as Promise<Record<string, unknown>>;

const allowed = async (): Promise<{ code: string; refusal: string }> => {
  const asked = new URLSearchParams({
    redirect_uri: "https://exchange.example/owner/vehicles/connected",
    single_select_vin: vin,
    state: "a state",
  });
  const page = await (await app.request(`/oauth/authorize?${asked}`)).text();
  const [allow = "", refuse = ""] = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) =>
    (href ?? "").replaceAll("&amp;", "&"),
  );
  expect(page).toContain(vin);
  expect(new URL(allow).searchParams.get("state")).toBe("a state");
  return { code: new URL(allow).searchParams.get("code") ?? "", refusal: refuse };
};

test("whoever allows a car gives a code for it, whoever does not says so; both come back with the state", async () => {
  const { code, refusal } = await allowed();
  expect(new URL(refusal).searchParams.get("error")).toBe("access_denied");
  const token = await json(
    app.request("/oauth/token", {
      method: "POST",
      body: new URLSearchParams({ grant_type: "authorization_code", code }),
    }),
  );
  const headers = { authorization: `Bearer ${token.access_token}` };
  expect(await json(app.request("/v2.0/vehicles/", { headers }))).toMatchObject({ vehicles: [vin] });
  expect(await json(app.request(`/v2.0/vehicles/${vin}/vin`, { headers }))).toEqual({ vin });
  expect((await app.request("/v2.0/vehicles/another/vin", { headers })).status).toBe(404);
  const again = await app.request("/oauth/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: String(token.refresh_token) }),
  });
  expect(again.status).toBe(200);
});

test("no code, no token, no address: refused as the real one does", async () => {
  expect(
    (await app.request("/oauth/authorize?redirect_uri=javascript:alert(1)&single_select_vin=x")).status,
  ).toBe(400);
  const token = await app.request("/oauth/token", {
    method: "POST",
    body: new URLSearchParams({ code: "x" }),
  });
  expect([token.status, (await json(token)).error]).toEqual([400, "invalid_grant"]);
  expect((await app.request("/v2.0/vehicles")).status).toBe(401);
});

test("a car drives five kilometres a quarter of an hour, and its odometer never runs back", () => {
  const kms = Array.from({ length: 400 }, (_, minute) => {
    return readingAt(vin, new Date(Date.UTC(2026, 4, 1) + minute * 60_000)).odometerKm;
  });
  for (let at = 1; at < kms.length; at++) expect(kms[at]).toBeGreaterThanOrEqual(kms[at - 1] as number);
  expect((kms[60] as number) - (kms[0] as number)).toBe(20);
});
