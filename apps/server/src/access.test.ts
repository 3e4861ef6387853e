/** Who gets in over HTTP: the REST contract of accounts, and what is tried at every door. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { register } from "@evx/accounts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(60_000);

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld();
});
afterAll(() => world.close());

type Sent = { method?: string; body?: unknown; headers?: Record<string, string> };
// Bodies are whatever the server says; each test names what it expects of them.
type Answer = { status: number; headers: Headers; body: Record<string, never> & { [name: string]: never } };

const send = async (path: string, { method, body, headers = {} }: Sent = {}, url = world.url) => {
  const json = body !== undefined && !(body instanceof Blob);
  const response = await fetch(`${url}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...(json ? { "content-type": "application/json" } : {}), ...headers },
    ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : (body as Blob) }),
  });
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, body: {} };
  return { ...answer, body: text.startsWith("{") ? JSON.parse(text) : {} } as Answer;
};

const password = "a-good-password";
let made = 0;
const wish = (role = "buyer") => ({
  email: `http${++made}@example.com`,
  password,
  fullName: "Over HTTP",
  role,
});
const signedIn = async (role = "buyer") => {
  const person = wish(role);
  await send("/api/users/register", { body: person });
  const { body } = await send("/api/users/login", { body: { email: person.email, password } });
  const { token, refreshToken, user } = body as unknown as {
    token: string;
    refreshToken: string;
    user: { id: string };
  };
  return { person, token, refreshToken, id: user.id, bearer: { authorization: `Bearer ${token}` } };
};
const code = (answer: Answer) => (answer.body as unknown as { error?: { code: string } }).error?.code;

describe("accounts over REST", () => {
  test("register answers 201 with exactly what the contract names, and more", async () => {
    const person = wish("cva");
    const { status, body } = await send("/api/users/register", { body: person });
    expect(status).toBe(201);
    expect(body.user as unknown).toMatchObject({
      id: expect.stringMatching(/^usr_[0-9a-z]{26}$/),
      email: person.email,
      fullName: "Over HTTP",
      role: "cva",
      phone: null,
      kycStatus: "none",
      accredited: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(JSON.stringify(body)).not.toContain("password");
  });

  test("what cannot be is refused: admin 400, taken 409, nonsense 400, each with a code and the fields", async () => {
    const person = wish();
    expect((await send("/api/users/register", { body: { ...person, role: "admin" } })).status).toBe(400);
    expect((await send("/api/users/register", { body: person })).status).toBe(201);
    const taken = await send("/api/users/register", { body: person });
    expect([taken.status, code(taken)]).toEqual([409, "email_taken"]);
    const empty = await send("/api/users/register", { body: {} });
    expect([empty.status, code(empty)]).toEqual([400, "input_invalid"]);
    const { issues } = (empty.body as unknown as { error: { issues: { path: string }[] } }).error;
    expect(issues.map((issue) => issue.path).sort()).toEqual(["email", "fullName", "password", "role"]);
  });

  test("login, profile, refresh and reuse go as the contract says", async () => {
    const { person, token, refreshToken, id, bearer } = await signedIn();
    const wrong = await send("/api/users/login", { body: { email: person.email, password: "wrong-one" } });
    const unknown = await send("/api/users/login", {
      body: { email: "no@example.com", password: "wrong-one" },
    });
    expect([wrong.status, code(wrong)]).toEqual([401, "credentials_wrong"]);
    expect([unknown.status, code(unknown)]).toEqual([401, "credentials_wrong"]);
    expect((await send("/api/users/profile", { headers: bearer })).body.user as unknown).toMatchObject({
      id,
    });
    const put = { method: "PUT", headers: bearer, body: { fullName: "Renamed", phone: "+84 901 234 567" } };
    expect((await send("/api/users/profile", put)).body.user as unknown).toMatchObject({
      fullName: "Renamed",
    });
    expect((await send("/api/users/profile")).status).toBe(401);
    const next = await send("/api/users/refresh", { body: { refreshToken } });
    expect(Object.keys(next.body).sort()).toEqual(["expiresAt", "refreshToken", "token", "user"]);
    expect((await send("/api/users/refresh", { body: { refreshToken } })).status).toBe(401);
    const family = next.body as unknown as { token: string; refreshToken: string };
    expect((await send("/api/users/refresh", { body: { refreshToken: family.refreshToken } })).status).toBe(
      401,
    );
    for (const ended of [token, family.token])
      expect(
        (await send("/api/users/profile", { headers: { authorization: `Bearer ${ended}` } })).status,
      ).toBe(401);
  });

  test("another's account is 404, one's own 200", async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    expect((await send(`/api/users/${one.id}`, { headers: one.bearer })).status).toBe(200);
    expect((await send(`/api/users/${one.id}`, { headers: two.bearer })).status).toBe(404);
    expect((await send("/api/users/nonsense", { headers: two.bearer })).status).toBe(404);
  });

  test("documents: over 10 MB is 413, what is no picture is 415 whatever it is called, a picture is 201", async () => {
    const { bearer } = await signedIn();
    const upload = (content: Uint8Array | string, type: string) =>
      send("/api/account/kyc/documents", { body: new Blob([content as never], { type }), headers: bearer });
    expect((await upload(new Uint8Array(10_600_000), "image/png")).status).toBe(413);
    expect((await upload("<html><script>alert(1)</script></html>".repeat(9), "image/png")).status).toBe(415);
    const png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const stored = await upload(Uint8Array.fromBase64(png), "text/html");
    expect(stored.status).toBe(201);
    const { id, contentType } = stored.body.document as unknown as { id: string; contentType: string };
    expect(contentType).toBe("image/png");
    const read = await fetch(`${world.url}/api/account/kyc/documents/${id}`, { headers: bearer });
    expect([read.headers.get("content-type"), read.headers.get("x-content-type-options")]).toEqual([
      "image/png",
      "nosniff",
    ]);
    expect(read.headers.get("content-disposition")).toStartWith("attachment");
  });
});

describe("the browser's session", () => {
  test("is one httpOnly, SameSite cookie, and works for no other site's page", async () => {
    const answer = await send("/trpc/identity.signUp", { body: wish() });
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^evx\.session_token=[^;]+;.*HttpOnly.*SameSite=Lax/);
    const pair = cookie.split(";")[0] ?? "";
    const change = (headers: Record<string, string>) =>
      send("/trpc/identity.updateProfile", {
        body: { fullName: "By cookie" },
        headers: { cookie: pair, ...headers },
      });
    expect((await change({ origin: world.url })).status).toBe(200);
    expect((await change({ origin: "https://evil.example" })).status).toBe(401);
    expect((await change({ origin: "null" })).status).toBe(401);
    expect((await change({ "sec-fetch-site": "cross-site" })).status).toBe(401);
  });

  test("over TLS the cookie is Secure under a name that plain HTTP cannot set, and browsers are told to stay", async () => {
    const secure = await startLiveWorld({ PUBLIC_URL: "https://exchange.example" });
    try {
      const answer = await send("/trpc/identity.signUp", { body: wish() }, secure.url);
      expect(answer.headers.getSetCookie()[0]).toMatch(/^__Secure-evx\.session_token=.*Secure/);
      expect(answer.headers.get("strict-transport-security")).toContain("max-age=");
    } finally {
      await secure.close();
    }
  });

  test("another origin's page may call only where the operator lists it", async () => {
    const open = await startLiveWorld({ CORS_ORIGINS: "https://partner.example" });
    try {
      const preflight = (origin: string) =>
        fetch(`${open.url}/api/users/profile`, {
          method: "OPTIONS",
          headers: { origin, "access-control-request-method": "PUT" },
        });
      const allowed = "access-control-allow-origin";
      expect((await preflight("https://partner.example")).headers.get(allowed)).toBe(
        "https://partner.example",
      );
      expect((await preflight("https://evil.example")).headers.get(allowed)).toBeNull();
      expect((await preflight("https://partner.example.evil.example")).headers.get(allowed)).toBeNull();
      const origin = { headers: { origin: "https://partner.example" } };
      expect((await send("/api/users/profile", origin)).headers.get(allowed)).toBeNull();
    } finally {
      await open.close();
    }
  });

  test("a body over a megabyte is 413 over tRPC and REST, whether or not it says its length", async () => {
    const long = JSON.stringify({ email: "a@example.com", password: "x".repeat(1_100_000) });
    for (const path of ["/trpc/identity.signIn", "/api/users/login"]) {
      const headers = { "content-type": "application/json" };
      const said = await fetch(`${world.url}${path}`, { method: "POST", headers, body: long });
      expect([path, said.status]).toEqual([path, 413]);
      const untold = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(long));
          controller.close();
        },
      });
      const streamed = await fetch(`${world.url}${path}`, { method: "POST", headers, body: untold });
      expect([path, streamed.status]).toEqual([path, 413]);
    }
  });

  test("every answer forbids inline scripts, framing and guessing of types", async () => {
    const { headers } = await fetch(`${world.url}/api/users/profile`);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(/script-src[^;]*unsafe-inline/.test(policy)).toBe(false);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("limits", () => {
  test("a client has its requests a minute, then 429 with Retry-After; no header gives it more", async () => {
    const narrow = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "12" });
    try {
      const ask = (n: number) =>
        send(
          "/api/marketplace/listings",
          {
            headers: {
              "x-forwarded-for": `198.51.100.${n}`,
              "x-real-ip": `198.51.100.${n}`,
              "x-client-ip": `198.51.100.${n}`,
              forwarded: `for=198.51.100.${n}`,
            },
          },
          narrow.url,
        );
      const statuses: number[] = [];
      for (let n = 0; n < 20; n++) statuses.push((await ask(n)).status);
      expect(statuses).toEqual([...Array(12).fill(200), ...Array(8).fill(429)]);
      const refused = await ask(99);
      expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 61);
      expect(code(refused)).toBe("rate_limited");
      const health = await send("/health", {}, narrow.url);
      expect(health.status).not.toBe(429);
    } finally {
      await narrow.close();
    }
  });

  test("figures are for this machine, or for whoever bears the token: a private address says nothing", async () => {
    expect((await send("/metrics")).status).toBe(200);
    const outside = { headers: { "x-forwarded-for": "203.0.113.9" } };
    expect((await send("/metrics", outside)).status).toBe(404);
    expect((await send("/metrics", { headers: { "x-forwarded-for": "10.0.0.1" } })).status).toBe(404);
    const proxied = await startLiveWorld({ TRUSTED_PROXIES: "127.0.0.1,::1" });
    try {
      expect((await send("/metrics", outside, proxied.url)).status).toBe(404);
      expect(
        (await send("/metrics", { headers: { "x-forwarded-for": "10.0.0.1" } }, proxied.url)).status,
      ).toBe(404);
    } finally {
      await proxied.close();
    }
    const METRICS_TOKEN = "a-token-of-thirty-characters-1";
    const guarded = await startLiveWorld({ METRICS_TOKEN });
    try {
      const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
      expect((await send("/metrics", {}, guarded.url)).status).toBe(404);
      expect((await send("/metrics", bearing("another-one"), guarded.url)).status).toBe(404);
      expect((await send("/metrics", bearing(METRICS_TOKEN), guarded.url)).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });

  test("guessing a password is stopped after ten tries, under however many names the client comes", async () => {
    const { person } = await signedIn();
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) {
      const headers = { "x-forwarded-for": `198.51.100.${n}`, "x-client-ip": `198.51.100.${n}` };
      const answer = await send("/api/users/login", {
        body: { email: person.email, password: "guess" },
        headers,
      });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  });
});

describe("suspension", () => {
  test("has shut an issued token out by the time the operator has the answer", async () => {
    const { accounts } = world.runtime.ports.identity;
    const admin = { ...wish(), role: "admin" as const, locale: "en" as const };
    const context = {
      request: { headers: new Headers(), ip: "127.0.0.1" },
      transact: world.database.transact,
    };
    await register(context, accounts, admin, { by: null, session: false });
    const login = await send("/api/users/login", { body: { email: admin.email, password } });
    const operator = { authorization: `Bearer ${login.body.token}` };
    const { id, bearer } = await signedIn();
    expect((await send("/api/users/profile", { headers: bearer })).status).toBe(200);
    const body = { id, reason: "Stolen identity" };
    expect((await send("/trpc/identity.users.suspend", { body, headers: operator })).status).toBe(200);
    expect((await send("/api/users/profile", { headers: bearer })).status).toBe(401);
  });
});
