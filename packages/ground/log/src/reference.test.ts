/** The tiles that the venue serves, against the hashes that RFC 6962 gives for the same entries, reckoned here anew. */

import { afterAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { entriesOf, readCheckpoint, tilePath } from "@evx/proof/log";
import { sequencePending } from "./sequencer.ts";
import { publishedCheckpoint, tileBytes } from "./serving.ts";
import { testLog } from "./testing.ts";

const ports = await testLog();
const t = await testDatabase();
afterAll(() => t.close());

const size = 70_000;

const sha256 = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();

const leafOf = (entry: Uint8Array) => sha256(Uint8Array.of(0), entry);

/** MTH(D[n]) of RFC 6962 §2.1 over leaves [from, to). */
const headOf = (leaves: readonly Buffer[], from: number, to: number): Buffer => {
  if (to - from === 1) return leaves[from] as Buffer;
  let k = 1;
  while (k * 2 < to - from) k *= 2;
  return sha256(Uint8Array.of(1), headOf(leaves, from, from + k), headOf(leaves, from + k, to));
};

/** Each level of tiles as C2SP's tlog-tiles has it: the leaves, and above them the heads of 256 each. */
const levelsOf = (leaves: Buffer[]): Buffer[][] => {
  const levels = [leaves];
  for (let below = leaves; below.length >= 256; levels.push(below))
    below = Array.from({ length: Math.floor(below.length / 256) }, (_, n) =>
      headOf(below, n * 256, n * 256 + 256),
    );
  return levels;
};

const served = async (level: number | "entries", n: number, width: number): Promise<Uint8Array> =>
  (await tileBytes(t.db, tilePath(level, n, width).slice("tile/".length))) ?? new Uint8Array();

test("of 70,000 entries every tile, every entry and the root are the reference's", async () => {
  await sql`select log.enter('void', n::text, jsonb_build_object('batch', n::text), '2026-03-01Z')
    from generate_series(1, ${size}::int) n`.execute(t.admin);
  // Steps of another size than a tile's, so that tiles are left and taken up in every state.
  for (let done = 0; done < size; ) done = (await t.transact((tx) => sequencePending(tx, ports)))?.size ?? 0;
  const entries = Array.from({ length: size }, (_, n) =>
    Buffer.from(`{"at":"2026-03-01T00:00:00.000Z","batch":"${n + 1}","kind":"void","v":1}`),
  );
  const levels = levelsOf(entries.map(leafOf));
  const tiles = levels.map((hashes) => [Math.floor(hashes.length / 256), hashes.length % 256]);
  expect(tiles).toEqual([
    [273, 112],
    [1, 17],
    [0, 1],
  ]);
  for (const [level, hashes] of levels.entries())
    for (let n = 0; n * 256 < hashes.length; n++) {
      const wanted = Buffer.concat(hashes.slice(n * 256, n * 256 + 256));
      const tile = await served(level, n, wanted.length / 32);
      expect([level, n, wanted.equals(tile)]).toEqual([level, n, true]);
    }
  for (let n = 0; n * 256 < size; n++) {
    const wanted = entries.slice(n * 256, n * 256 + 256);
    const bundle = entriesOf(await served("entries", n, wanted.length), wanted.length) ?? [];
    expect([n, wanted.every((entry, at) => entry.equals(bundle[at] ?? new Uint8Array()))]).toEqual([n, true]);
  }
  const checkpoint = readCheckpoint((await publishedCheckpoint(t.db))?.note ?? "");
  expect([checkpoint?.size, Buffer.from(checkpoint?.root ?? []).toString("hex")]).toEqual([
    size,
    headOf(levels[0] ?? [], 0, size).toString("hex"),
  ]);
}, 120_000);
