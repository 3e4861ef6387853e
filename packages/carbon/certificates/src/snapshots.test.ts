/** A day's snapshot in a stranger's hands: an honest one holds, and one that its operator signed over other rows is named. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { strictly, type TestDatabase, testDatabase } from "@evx/db/testing";
import { sequencePending } from "@evx/log";
import { signSnapshot, trustIn, utf8, verifySnapshot } from "@evx/proof";
import { checkSnapshot } from "@evx/proof/daily";
import type { Fetch } from "@evx/proof/monitor";
import { asOwner, ports, world } from "./attacks.testing.ts";
import { closeDay } from "./books.ts";
import { dueSnapshots, publicSnapshots, snapshotFile, snapshotStatement, takeSnapshot } from "./snapshots.ts";
import { anIssuedBatch } from "./testing.ts";
import { fromInside, verifyAll } from "./verification.ts";

setDefaultTimeout(60_000);

const day = "2026-02-28";
let t: TestDatabase;
let lines: string[];
let facts: { day: string; at: string; rows: number; checkpoint: string };
beforeAll(async () => {
  t = await testDatabase();
  await strictly(t);
  await world(t);
  await t.transact((tx) => sequencePending(tx, ports.log));
  // One that is in no log yet when the snapshot is taken.
  await anIssuedBatch(t, ports);
  await t.transact((tx) => takeSnapshot(tx, ports, day));
  await t.transact((tx) => sequencePending(tx, ports.log));
  const { content } = await snapshotFile(t.db, day);
  const packed = new Uint8Array(await new Response(content).arrayBuffer());
  lines = new TextDecoder().decode(Bun.gunzipSync(packed)).split("\n").slice(0, -1);
  const [kept] = (await publicSnapshots(t.db, { limit: 1 })).items;
  facts = JSON.parse(kept?.statement ?? "{}");
});
afterAll(() => t.close());

const inside = (): Fetch => fromInside(t.db, ports, t.clock.now());

/** The registry as it is served, with snapshots beside it. */
const served =
  (over: { file?: Uint8Array; statement?: { statement: string; signature: string } } = {}): Fetch =>
  async (address, most) => {
    const { pathname } = new URL(address);
    if (pathname === "/api/public/snapshots") {
      const cursor = new URL(address).searchParams.get("cursor") ?? undefined;
      const { items, nextCursor } = await publicSnapshots(t.db, { limit: 1, ...(cursor && { cursor }) });
      return utf8(
        JSON.stringify({ items: items.map((item) => ({ ...item, ...over.statement })), nextCursor }),
      );
    }
    if (!pathname.startsWith("/api/public/snapshots/")) return inside()(address, most);
    return (
      over.file ?? new Uint8Array(await new Response((await snapshotFile(t.db, day)).content).arrayBuffer())
    );
  };

const trust = async () => {
  const kept = await inside()(`${ports.publicUrl}/.well-known/evx-registry.json`);
  return trustIn(JSON.parse(new TextDecoder().decode(kept ?? undefined))) ?? {};
};

const faultsOf = async (over: Parameters<typeof served>[0] = {}, known = trust(), of = day) =>
  (await checkSnapshot({ url: ports.publicUrl, day: of, fetch: served(over), patience_ms: 0 }, await known))
    .faults;

/** A statement that was signed anew is another one, although its signature fits. */
const unlogged = `The snapshot of ${day} is not the one that was logged.`;

/** As an operator would who has the signing key: other rows, and a statement that fits them. */
const signedAnew = async (rows: readonly string[], more: Partial<typeof facts> = {}) => {
  const bytes = utf8(rows.map((row) => `${row}\n`).join(""));
  const { day, at, checkpoint } = facts;
  const statement = await signSnapshot(ports.keys.current, bytes, {
    day,
    at,
    checkpoint,
    rows: rows.length,
    ...more,
  });
  return { file: Bun.gzipSync(bytes), statement };
};

test("an honest one holds, also with a row that had no number in the log yet", async () => {
  const { faults, rows, entries } = await checkSnapshot(
    { url: `${ports.publicUrl}/`, day, fetch: served() },
    await trust(),
  );
  expect(faults).toEqual([]);
  expect(rows).toBe(lines.length);
  expect(entries).toBeGreaterThan(5);
});

test("rows that an operator changed, left out, doubled or invented are named, although the signature fits", async () => {
  expect(await faultsOf(await signedAnew(lines))).toEqual([]);
  const grams = lines.map((line) =>
    line.includes('"row":"batches"') ? line.replace(/"grams":"\d/, '"grams":"9') : line,
  );
  expect((await faultsOf(await signedAnew(grams)))[0]).toMatch(/^Batch 00000\d: the registry says grams "9/);
  const without = lines.filter((line) => !line.includes('"row":"retirements"'));
  expect((await faultsOf(await signedAnew(without)))[0]).toMatch(
    /^Retirement ret_\w+ is in the log, and the registry hides it/,
  );
  expect((await faultsOf(await signedAnew([...lines, lines[0] as string])))[0]).toMatch(/is shown twice/);
  const invented = lines.flatMap((line) =>
    line.includes('"batch":"000001"') && line.includes('"row":"batches"')
      ? [line, line.replace('"000001"', '"000077"')]
      : [line],
  );
  expect((await faultsOf(await signedAnew(invented))).join()).toContain("000077");
});

test("what is cut, exchanged, of another day, by another key or of another log is said in a sentence", async () => {
  const honest = await signedAnew(lines);
  const cut = { file: honest.file.slice(0, honest.file.length / 2) };
  expect(await faultsOf(cut)).toEqual(["The snapshot cannot be unpacked: it is cut off, or no gzip."]);
  expect(await faultsOf({ file: utf8("no gzip") })).toEqual([
    "The snapshot cannot be unpacked: it is cut off, or no gzip.",
  ]);
  expect(await faultsOf({ file: Bun.gzipSync(utf8(`${lines[0]}\n`)) })).toEqual([
    "The snapshot is not the one that the statement is about.",
  ]);
  expect(await faultsOf({ file: Bun.gzipSync(utf8(lines[0] as string)) })).toEqual([
    "The snapshot's last row is cut off.",
  ]);
  expect(await faultsOf({}, trust(), "2026-02-11")).toEqual([
    "The registry shows no snapshot of 2026-02-11.",
  ]);
  expect((await faultsOf({}, Promise.resolve({})))[0]).toContain("a key you do not know");
  expect(await faultsOf(await signedAnew(lines, { rows: 3 }))).toEqual([
    `The snapshot has ${lines.length} rows, its statement says 3.`,
    unlogged,
  ]);
  expect(await faultsOf(await signedAnew(lines, { at: "2020-01-01T00:00:00.000Z" }))).toEqual([
    "The snapshot is dated outside the time in which its key was in use.",
    unlogged,
  ]);
  expect(
    await faultsOf(await signedAnew(lines, { checkpoint: facts.checkpoint.replace(/^\S+/, "other.test") })),
  ).toHaveLength(2);
  expect((await faultsOf(await signedAnew(['{"row":"riches"}'])))[0]).toBe(
    "Row 1 of the snapshot is of no kind that the registry has.",
  );
});

test("its statement carries the log's proof: with the lines and the registry's facts it holds without the registry", async () => {
  const file = await snapshotStatement(t.db, day);
  const bytes = utf8(lines.map((line) => `${line}\n`).join(""));
  expect(await verifySnapshot(file, bytes, { ...(await trust()), wanted: 0 })).toBeNull();
  expect(await verifySnapshot({ ...file, log: null }, bytes, await trust())).toBe(
    `The snapshot of ${day} was never logged.`,
  );
});

test("one that is hidden, or was never logged, is named, by whoever asks for it and by a monitor", async () => {
  const hidden: Fetch = async (address, most) =>
    new URL(address).pathname === "/api/public/snapshots"
      ? utf8('{"items":[],"nextCursor":null}')
      : served()(address, most);
  const of = async (fetch: Fetch, asked = day) =>
    (await checkSnapshot({ url: ports.publicUrl, day: asked, fetch, patience_ms: 0 }, await trust())).faults;
  expect(await of(hidden)).toEqual([`The snapshot of ${day} is in the log, and the registry hides it.`]);
  expect(await of(hidden, "2026-02-11")).toEqual(["The registry shows no snapshot of 2026-02-11."]);
  // Taken, and not entered: as by a database whose trigger sleeps.
  await asOwner(
    t,
    `insert into verification.snapshot select '2026-02-27', content, replace(statement, '${day}', '2026-02-27'), signature, key_id, at from verification.snapshot`,
  );
  expect((await of(served(), "2026-02-27")).at(-1)).toBe("The snapshot of 2026-02-27 was never logged.");
  const { faults } = await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 });
  expect(faults).toContain("The snapshot of 2026-02-27 is in the registry and was never logged.");
  await asOwner(t, "delete from verification.snapshot where day = '2026-02-27'");
});

test("days that were missed are made up for, since the first that was taken; two books later one that is missing is named", async () => {
  const close = async (...days: string[]) => {
    for (const each of days) {
      t.clock.advance(24 * 3_600_000);
      await t.transact((tx) => closeDay(tx, each));
    }
    await t.transact((tx) => sequencePending(tx, ports.log));
    return (await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults;
  };
  expect(await dueSnapshots(t.db, day)).toEqual([]);
  expect(await close("2026-03-01", "2026-03-02")).toEqual([]);
  expect(await close("2026-03-03")).toEqual([
    "The day 2026-03-01 was closed, and no snapshot of it was ever logged.",
  ]);
  const due = await dueSnapshots(t.db, "2026-03-03");
  expect(due).toEqual(["2026-03-01", "2026-03-02", "2026-03-03"]);
  for (const each of due) await t.transact((tx) => takeSnapshot(tx, ports, each));
  expect(await close("2026-03-04")).toEqual([]);
});

test("a row that the registry changed afterwards does not change what was kept", async () => {
  await asOwner(t, "update credits.retirement set message = 'For somebody else.'");
  expect(await faultsOf()).toEqual([]);
});
