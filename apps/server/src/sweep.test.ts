/**
 * A sweep over every procedure, every REST route, streams, boxes and batches with the credentials of somebody who was suspended:
 * each answers as it answers a stranger, from the moment of the operator's answer on. What was found is written to
 * docs/suspended.md (`WRITE_TABLE=1`), and compared with it.
 */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { register } from "@evx/accounts";
import { restClient } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(300_000);

const password = "a-long-password-1";
const file = join(import.meta.dir, "../../../docs/suspended.md");

type Ways = Record<"token" | "cookie" | "key", Record<string, string>>;
type Found = { status: number; code: string };

let world: LiveWorld;
let rest: ReturnType<typeof restClient>;
const ids = new Map<string, string>();

const trpc = async (
  path: string,
  {
    type = "mutation",
    input,
    headers = {},
  }: { type?: string; input?: unknown; headers?: Record<string, string> },
): Promise<Found & { body: string; answer: Headers }> => {
  const reads = type !== "mutation";
  const query = reads && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : "";
  const response = await fetch(`${world.url}/trpc/${path}${query}`, {
    method: reads ? "GET" : "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(reads ? {} : { body: JSON.stringify(input ?? {}) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    const reader = response.body?.getReader();
    const first = await Promise.race([reader?.read(), Bun.sleep(300)]);
    await reader?.cancel();
    const text = first && "value" in first && first.value ? new TextDecoder().decode(first.value) : "";
    return {
      status: response.status,
      code: /"code":"(\w+)"/.exec(text)?.[1] ?? "stream",
      body: text,
      answer: response.headers,
    };
  }
  const body = await response.text();
  return {
    status: response.status,
    code: /"code":"(\w+)"/.exec(body)?.[1] ?? "",
    body,
    answer: response.headers,
  };
};

const enter = async (name: string, by: string | null): Promise<Ways> => {
  const { accounts } = world.runtime.ports.identity;
  const email = `${name}@sweep.example`;
  const person = {
    email,
    password,
    fullName: `Sweep ${name}`,
    role: "admin" as const,
    locale: "en" as const,
  };
  const context = { request: { headers: new Headers(), ip: "127.0.0.1" }, transact: world.database.transact };
  const hand = by ? { id: ids.get(by) as `usr_${string}`, role: "admin" as const } : null;
  const operator = hand && { ...hand, accredited: false, emailVerified: true, kycStatus: "none" as const };
  const { user } = await register(context, accounts, person, { by: operator, session: false });
  ids.set(name, user.id);
  return waysOf(email);
};

const waysOf = async (email: string): Promise<Ways> => {
  const web = await trpc("identity.signIn", { input: { email, password } });
  const cookie = (web.answer.get("set-cookie") ?? "").split(";")[0] ?? "";
  const login = await rest.post("/api/users/login", { email, password });
  const token = { authorization: `Bearer ${login.text("token")}` };
  const made = await trpc("identity.apiKeys.create", {
    input: { name: "All", scopes: ["*:write"] },
    headers: token,
  });
  const key = /"key":"([^"]+)"/.exec(made.body)?.[1] ?? "";
  expect([cookie.length > 20, key.length > 20]).toEqual([true, true]);
  return { token, cookie: { cookie }, key: { authorization: `Bearer ${key}` } };
};

const procedures = () =>
  Object.entries(
    world.runtime.router._def.procedures as unknown as Record<string, { _def: { type: string } }>,
  )
    .map(([path, { _def }]) => ({ path, type: _def.type }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
/** These would end the credential that the sweep goes on with. */
const ending = /^identity\.(signOut|account\.endSessions)$/;

let before: Ways;
let suspended: Ways;
let box = "";
beforeAll(async () => {
  world = await startLiveWorld();
  rest = restClient(world.url);
  before = await enter("first", null);
  suspended = await enter("shut", "first");
  const email = "boxes@sweep.example";
  await rest.post("/api/users/register", { email, password, fullName: "Boxes", role: "ev_owner" });
  const owner = (await rest.post("/api/users/login", { email, password })).text("token");
  ids.set("boxes", (await rest.get("/api/users/profile", { token: owner })).text("user.id"));
  const car = { make: "VinFast", model: "VF 8", year: 2024, vin: "RLLV1AB23RH000099", countryCode: "VN" };
  const vehicle = (await rest.post("/api/vehicles", car, { token: owner })).text("vehicle.id");
  const made = await rest.post(`/api/vehicles/${vehicle}/push-tokens`, { label: "Box" }, { token: owner });
  box = String(made.at("token") ?? made.at("pushToken.token"));
});
afterAll(() => world.close());

const pushed = async (): Promise<number> => {
  const csv = `start_time,end_time,distance_km\n2026-02-01T08:00:00Z,2026-02-01T09:00:00Z,20\n`;
  const headers = { "content-type": "text/csv", "x-vehicle-token": box };
  return (await rest.post("/api/push/trips", csv, { headers })).status;
};

/** A stream that is open: how long after a moment it ended, or null while it goes on. */
const opened = async (path: string, headers: Record<string, string>) => {
  const stopped = new AbortController();
  const response = await fetch(`${world.url}/trpc/${path}`, { headers, signal: stopped.signal });
  expect([path, response.status]).toEqual([path, 200]);
  const reader = response.body?.getReader();
  if (!reader) throw new Error(`${path} has no stream`);
  const ended = (async () => {
    while (!(await reader.read()).done);
    return performance.now();
  })().catch(() => performance.now());
  return {
    endedWithin: (ms: number) => Promise.race([ended, Bun.sleep(ms).then(() => null)]),
    stop: () => stopped.abort(),
  };
};

type Row = { name: string; kind: string; person: string; suspended: string };
const said = ({ status, code }: Found): string =>
  code && code !== "stream" ? `${status} ${code}` : String(status);
const rows: Row[] = [];

test("every procedure answers a suspended person's token, cookie and key as it answers a stranger; streams end, boxes are refused", async () => {
  const all = procedures();
  const person = new Map<string, Found>();
  for (const { path, type } of all)
    if (!ending.test(path)) person.set(path, await trpc(path, { type, headers: before.token }));
  expect(await pushed()).toBeLessThan(300);
  const watched = ["notifications.watch", "payments.watchBalance"];
  const streams = await Promise.all(
    watched.map(async (path) => ({ path, stream: await opened(path, suspended.token) })),
  );
  for (const { stream } of streams) expect(await stream.endedWithin(300)).toBeNull();

  const fresh = (await waysOf("first@sweep.example")).token;
  for (const name of ["shut", "boxes"]) {
    const done = await trpc("identity.users.suspend", {
      input: { id: ids.get(name), reason: "Under review" },
      headers: fresh,
    });
    expect([name, done.status]).toEqual([name, 200]);
  }
  const since = performance.now();

  const unlike: string[] = [];
  let closed = 0;
  for (const { path, type } of all) {
    const nobody = await trpc(path, { type });
    for (const [way, headers] of Object.entries(suspended)) {
      const shut = await trpc(path, { type, headers });
      if (said(shut) !== said(nobody))
        unlike.push(`${path} by ${way}: ${said(shut)}, a stranger ${said(nobody)}`);
    }
    const known = person.get(path);
    if (known && said(known) !== said(nobody)) closed++;
    rows.push({
      name: path,
      kind: type,
      person: known ? said(known) : "ends the session",
      suspended: said(nobody),
    });
  }
  expect(unlike).toEqual([]);
  // Were suspended people let in, most of the table would differ: the sweep can fail.
  expect(closed).toBeGreaterThan(all.length * 0.6);

  for (const { path, stream } of streams) {
    const at = await stream.endedWithin(3_000);
    expect([path, at !== null && at - since < 3_000]).toEqual([path, true]);
    stream.stop();
    rows.push({ name: path, kind: "open stream", person: "goes on", suspended: "ends within 1 s" });
  }
  const refused = await pushed();
  expect(refused).toBe(401);
  rows.push({ name: "POST /api/push/trips", kind: "push token", person: "200", suspended: String(refused) });
});

test("every REST route refuses a suspended person's token and key as it refuses a stranger", async () => {
  const { paths } = (await rest.get("/api/openapi.json")).body as {
    paths: Record<string, Record<string, unknown>>;
  };
  const unlike: string[] = [];
  let tried = 0;
  for (const [path, methods] of Object.entries(paths))
    for (const method of Object.keys(methods)) {
      if (/webhook/.test(path)) continue;
      const ask = async (headers: Record<string, string>): Promise<number> => {
        const address = `${world.url}${path.startsWith("/api") ? "" : "/api"}${path.replace(/\{\w+\}/g, "none")}`;
        const reads = method === "get" || method === "delete";
        const response = await fetch(address, {
          method: method.toUpperCase(),
          headers: { "content-type": "application/json", ...headers },
          ...(reads ? {} : { body: "{}" }),
        });
        await response.body?.cancel();
        return response.status;
      };
      tried++;
      const nobody = await ask({});
      for (const headers of [suspended.token, suspended.key]) {
        const status = await ask(headers);
        if (status !== nobody) unlike.push(`${method} ${path}: ${status}, a stranger ${nobody}`);
      }
    }
  expect(tried).toBeGreaterThan(60);
  expect(unlike).toEqual([]);
});

test("twenty calls in one request are no way around", async () => {
  // Files travel alone.
  const files = /csv|pdf|file|report|document/i;
  const members = rows
    .filter(
      ({ name, kind, suspended: shut }) => kind === "query" && shut.startsWith("401") && !files.test(name),
    )
    .slice(0, 20);
  expect(members).toHaveLength(20);
  for (const headers of Object.values(suspended)) {
    const response = await fetch(`${world.url}/trpc/${members.map(({ name }) => name).join(",")}?batch=1`, {
      headers,
    });
    const answers = (await response.json()) as { error?: { data: { code: string } } }[];
    expect(answers.map(({ error }) => error?.data.code)).toEqual(Array(20).fill("sign_in_required"));
  }
});

/** Work that goes on without anybody asking, for a person or because of them; each tried by the test beside it. */
const work = [
  [
    "auctions' ends",
    "a suspended leader's bid does not count; a seller's auction is withdrawn",
    "a buyer's unpaid orders are given up, and an auction that they lead goes to the next bidder",
  ],
  [
    "listings",
    "withdrawn; the grams come back",
    "a seller's listings and auctions leave the market, with bids or without",
  ],
  [
    "unpaid orders",
    "given up; what is paid goes on to those it is owed to",
    "a buyer's unpaid orders are given up, and an auction that they lead goes to the next bidder",
  ],
] as const;

test("the table of docs says what was found, and every test that it names is there", async () => {
  const source = await Bun.file(join(import.meta.dir, "../../../packages/api/src/suspended.test.ts")).text();
  for (const [, , name] of work) expect(source).toContain(`"${name}"`);
  const text = [
    "# Who is suspended",
    "",
    "What every procedure answers an administrator without input, and the same person once they are suspended, whether they come with",
    "an access token, a cookie or an API key: what a stranger is answered. Written by `apps/server/src/sweep.test.ts`.",
    "",
    "| what | kind | a person | suspended |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ name, kind, person, suspended: shut }) => `| ${name} | ${kind} | ${person} | ${shut} |`),
    ...work.map(([what, then]) => `| ${what} | job | goes on | ${then} |`),
    "",
  ].join("\n");
  if (Bun.env.WRITE_TABLE) await Bun.write(file, text);
  const closing = (table: string) =>
    table.split("\n").map((line) =>
      line
        .split("|")
        .filter((_, at) => at !== 3)
        .join("|"),
    );
  expect(closing(await Bun.file(file).text())).toEqual(closing(text));
});
