/**
 * After a person's whole journey through the doors, no secret that was used can be read anywhere in the database: not
 * in a table of convenience, a queue, a trail or a log of answers, neither as it is nor as a plain digest.
 */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createHash, createHmac } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "@evx/db";
import { restClient, until } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(120_000);

let world: LiveWorld;
let rest: ReturnType<typeof restClient>;
beforeAll(async () => {
  world = await startLiveWorld({ REQUIRE_VERIFIED_EMAIL: "1" });
  rest = restClient(world.url);
});
afterAll(() => world.close());

/** Every secret of the journey by what it is. */
const secrets = new Map<string, string>();
const keep = (what: string, secret: string): string => {
  expect([what, secret.length >= 6, secret === "undefined"]).toEqual([what, true, false]);
  secrets.set(what, secret);
  return secret;
};

/** Random ones whose digest is kept to find them by: 128 bits and more, which no digest gives away. */
const digestIsKept = /^(refresh token|push token|API key|link) /;

const digestsOf = (secret: string) =>
  ["sha256", "sha1", "sha512", "md5"].flatMap((name) => {
    const digest = createHash(name).update(secret).digest();
    return [
      digest.toString("hex"),
      digest.toString("base64").replace(/=+$/, ""),
      digest.toString("base64url"),
    ];
  });

/** What would betray a secret in the text of a row: itself, as bytes or as base64, or its digest. */
const tracesOf = (what: string, secret: string): string[] => [
  // Six digits stand in many a moment and amount: a code is looked for as a value by itself.
  ...(secret.length > 6 ? [secret] : [`"${secret}"`, `,${secret},`, `(${secret},`, `,${secret})`]),
  Buffer.from(secret).toString("hex"),
  // Where base64 begins within a longer text is not known; a secret by itself begins at its first byte.
  ...(secret.length >= 12 ? [Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1)] : []),
  ...(digestIsKept.test(what) ? [] : digestsOf(secret)),
];

/** Where in the whole database a trace stands: every row of every table as text, whatever its columns are. */
const found = async (): Promise<string[]> => {
  const { admin } = world.database;
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`.execute(
    admin,
  );
  expect(tables.length).toBeGreaterThan(80);
  const traces = [...secrets].flatMap(([what, secret]) =>
    tracesOf(what, secret).map((trace) => ({ what, trace })),
  );
  const places: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ line: string }>`select t::text as line from ${sql.raw(name)} t`.execute(
      admin,
    );
    for (const { what, trace } of traces)
      if (rows.some(({ line }) => line.includes(trace))) places.push(`${what} in ${name}`);
  }
  return [...new Set(places)];
};

/** The mails so far, as their readers see them. */
const mails = async (): Promise<string[]> => {
  const folder = join(world.dataDir, "mail");
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".eml"));
  const texts = await Promise.all(files.map((name) => Bun.file(join(folder, name)).text()));
  return texts.map((text) =>
    text
      .replace(/=\r?\n/g, "")
      .replace(/=([0-9A-F]{2})/g, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16))),
  );
};
const linkOf = async (email: string, page: string): Promise<string> => {
  const token = (all: string[]) =>
    all
      .filter((text) => text.includes(`To: ${email}`))
      .map((text) => new RegExp(`/${page}\\?token=([\\w.%-]+)`).exec(text)?.[1])
      .find(Boolean);
  const all = await until(mails, (texts) => token(texts) !== undefined);
  return decodeURIComponent(token(all) ?? "");
};

const trpc = async (path: string, input: unknown, token?: string) => {
  const answer = await rest.post(`/trpc/${path}`, input, { token });
  return { ...answer, data: (at: string) => answer.text(`result.data.${at}`) };
};

/** Six digits as an authenticator shows them (RFC 6238). */
const digits = (uri: string, stepsAhead = 0): string => {
  const base32 = new URL(uri).searchParams.get("secret") ?? "";
  const bits = [...base32].map((char) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(char).toString(2).padStart(5, "0"),
  );
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac.readUInt8(19) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
};

const email = "every-door@journey.example";
const again = (name: string) => ({ headers: { "idempotency-key": `doors-${name}` } });
let password = "";
let token = "";

test("signing up, confirming, signing in, exchanging tokens: each asked for twice under one key", async () => {
  password = keep("password first", "first-password-71!");
  const person = { email, password, fullName: "Every Door", role: "ev_owner" };
  for (const _ of [1, 2])
    expect((await rest.post("/api/users/register", person, again("join"))).status).toBe(201);
  const link = keep("link of sign-up", await linkOf(email, "confirm-sign-up"));
  const web = await trpc("identity.confirmSignUp", { token: link, password });
  expect(web.status).toBe(200);
  const cookie = /session_token=([^;]+)/.exec(web.headers.get("set-cookie") ?? "")?.[1] ?? "";
  // Its first half is the session's name in the table; nobody is let in without the signature, which is not stored.
  keep("cookie", decodeURIComponent(cookie));
  keep("cookie's signature", decodeURIComponent(cookie).split(".")[1] ?? "");
  const login = await rest.post("/api/users/login", { email, password }, again("login"));
  keep("access token first", login.text("token"));
  keep("refresh token first", login.text("refreshToken"));
  const refreshed = await rest.post(
    "/api/users/refresh",
    { refreshToken: login.text("refreshToken") },
    again("refresh"),
  );
  expect(refreshed.status).toBe(200);
  token = keep("access token second", refreshed.text("token"));
  keep("refresh token second", refreshed.text("refreshToken"));
});

test("a second factor, an API key, a box's token, an account at a bank", async () => {
  const begun = await trpc("identity.twoFactor.begin", { password }, token);
  expect(begun.status).toBe(200);
  const uri = begun.data("uri");
  keep("secret of the authenticator", new URL(uri).searchParams.get("secret") ?? "");
  for (const [at, code] of begun.list("result.data.recoveryCodes").entries())
    keep(`recovery code ${at}`, String(code));
  const code = keep("code first", digits(uri));
  expect((await trpc("identity.twoFactor.confirm", { code }, token)).status).toBe(200);
  const next = keep("code second", digits(uri, 1));
  const signedIn = await rest.post("/api/users/login", { email, password, code: next }, again("second"));
  expect(signedIn.status).toBe(200);
  token = keep("access token third", signedIn.text("token"));
  keep("refresh token third", signedIn.text("refreshToken"));
  const made = await trpc("identity.apiKeys.create", { name: "Script", scopes: ["*:write"] }, token);
  const key = keep("API key first", made.data("key"));
  const vin = "RLLV1AB23RH000071";
  const car = { make: "VinFast", model: "VF 8", year: 2024, vin, countryCode: "VN", batteryKwh: 82 };
  const vehicle = (await rest.post("/api/vehicles", car, { token: key })).text("vehicle.id");
  const asked = await rest.post(
    `/api/fleet/vehicles/${vehicle}/drivers`,
    { email: "driver@journey.example" },
    { token, ...again("driver") },
  );
  expect(asked.status).toBe(201);
  keep("link of invitation", asked.text("secret"));
  const path = `/api/vehicles/${vehicle}/push-tokens`;
  const box = await rest.post(path, { label: "Box" }, { token, ...again("box") });
  expect(box.status).toBe(201);
  const pushed = keep("push token first", String(box.at("token") ?? box.at("pushToken.token")));
  const csv = "start_time,end_time,distance_km\n2026-02-01T08:00:00Z,2026-02-01T09:00:00Z,20\n";
  const sent = await rest.post("/api/push/trips", csv, {
    headers: { "content-type": "text/csv", "x-vehicle-token": pushed },
  });
  expect(sent.status).toBeLessThan(300);
  const bankAccount = keep("bank account", "DE89370400440532013000");
  await rest.post("/api/payments/withdraw", { amount: "5.00", bankAccount }, { token, ...again("bank") });
});

test("a forgotten password and another address", async () => {
  await trpc("identity.account.requestPasswordReset", { email });
  const link = keep("link of reset", await linkOf(email, "reset-password"));
  const chosen = keep("password second", "second-password-72!");
  const reset = await trpc("identity.account.resetPassword", { token: link, password: chosen });
  expect(reset.status).toBe(200);
  await trpc("identity.account.requestPasswordReset", { email });
  const wrong = keep("password wrong", "never-the-right-one-73");
  expect((await rest.post("/api/users/login", { email, password: wrong }, again("wrong"))).status).toBe(401);
});

test("nothing of it stands in any column of any table, while everything still waits in its queues", async () => {
  expect(secrets.size).toBeGreaterThan(25);
  expect(await found()).toEqual([]);
});

test("the search finds what is there: as text, in JSON, in bytes, and as a digest", async () => {
  const { admin } = world.database;
  const hidden = {
    password: secrets.get("password first") ?? "",
    token: secrets.get("refresh token first") ?? "",
  };
  const digest = createHash("sha256").update(hidden.password).digest();
  await sql`create table public.leak (a text, b jsonb, c bytea, d bytea)`.execute(admin);
  const leaks = [
    sql`insert into public.leak (a) values (${`why: ${hidden.token}`})`,
    sql`insert into public.leak (b) values (${JSON.stringify({ deep: [hidden.token] })}::jsonb)`,
    sql`insert into public.leak (c) values (${Buffer.from(hidden.token)})`,
    sql`insert into public.leak (d) values (${digest})`,
    sql`insert into public.leak (a) values (${digest.toString("base64")})`,
  ];
  for (const leak of leaks) {
    await leak.execute(admin);
    expect(await found()).toHaveLength(1);
    await sql`delete from public.leak`.execute(admin);
  }
  await sql`drop table public.leak`.execute(admin);
});
