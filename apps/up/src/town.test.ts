import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createPool } from "@evx/db";
import { type RunningPostgres, startPostgres } from "@evx/db/embedded";
import { isSignedBy, readSigningKeys, utf8 } from "@evx/proof";
import { openFolder } from "@evx/tooling/folders";
import { localSecrets } from "./environment.ts";
import { differences, factsOf } from "./facts.ts";
import { keptAgainstMade } from "./town.ts";
import { makeOwn, restoreYear } from "./year.ts";

const root = resolve(import.meta.dir, "../../..");
const dataDir = openFolder("evx-town-");
let postgres: RunningPostgres;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir: join(dataDir, "postgres"), port: 0 });
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

/** Asks a database as its owner. */
const ask = async <Row extends object>(url: string, text: string): Promise<Row[]> => {
  const pool = createPool(url);
  try {
    return (await pool.query<Row>(text)).rows;
  } finally {
    await pool.end();
  }
};

const { SIGNING_KEY: signingKey = "" } = localSecrets(dataDir);
const own = { root, publicUrl: "https://demo.example:8443", signingKey };

test("the kept year is what the verbs make for the same moment, fact by fact", async () => {
  expect(await keptAgainstMade({ serverUrl: postgres.url, dataDir })).toEqual([]);
}, 300_000);

test("a gram, a price, a name or a row too many is a difference", async () => {
  const url = await restoreYear(postgres.url, { ...own, name: "evx_year_other" });
  const facts = await factsOf(url);
  expect(facts.length).toBeGreaterThan(500);
  for (const change of [
    "update ledger.account set balance = balance + 1 where id = (select id from ledger.account where kind = 'wallet' limit 1)",
    "update marketplace.listing set price_minor = price_minor + 1 where id = (select id from marketplace.listing limit 1)",
    `update identity."user" set full_name = 'Nobody' where email = 'driver7@demo.evx'`,
    "insert into venue.announcement (id, level, text_en, text_vi, from_at, until_at, created_by, created_at) select 'ann_x', 'info', 'a', 'b', now(), now() + interval '1 h', id, now() from identity.\"user\" limit 1",
  ]) {
    await ask(url, `set session_replication_role = replica; ${change}`);
    const found = differences(facts, await factsOf(url));
    expect(found.length, change).toBeGreaterThan(1);
    facts.splice(0, facts.length, ...(await factsOf(url)));
  }
}, 60_000);

test("a restored year names this venue alone, is signed by its key, and its log says so", async () => {
  const url = await restoreYear(postgres.url, { ...own, name: "evx_year_own" });
  const { current } = await readSigningKeys(signingKey);
  const rows = await ask<{ document: string; signature: string; key_id: string }>(
    url,
    "select document, signature, key_id from verification.certificate",
  );
  expect(rows.length).toBeGreaterThan(200);
  const entries = await ask<{ body: string }>(
    url,
    "select convert_from(body, 'UTF8') as body from log.pending",
  );
  const log = entries.map(({ body }) => body).join("\n");
  for (const { document, signature, key_id } of rows) {
    expect(key_id).toBe(current.id);
    expect(document).toContain('"verifyUrl":"https://demo.example:8443/c/EVXC-');
    expect(await isSignedBy(current.publicKey, utf8(document), signature)).toBe(true);
    const hash = new Bun.CryptoHasher("sha256").update(document).digest("hex");
    expect(log).toContain(hash);
  }
  expect(log).toContain(current.publicKey);
  expect(new Set(log.match(/ed25519-[0-9a-f]{16}/g))).toEqual(new Set([current.id]));
}, 60_000);

test("what may have been public is never changed", async () => {
  const url = await restoreYear(postgres.url, { ...own, name: "evx_year_public" });
  await ask(url, "insert into log.checkpoint (size, root, note, at) values (0, sha256(''), 'note', now())");
  await expect(makeOwn(url, own)).rejects.toThrow("has a checkpoint");
}, 60_000);
