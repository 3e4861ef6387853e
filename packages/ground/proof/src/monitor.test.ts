import { expect, test } from "bun:test";
import { emptyBook } from "./book.ts";
import { type Bytes, hex, joined, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { readInto } from "./entries.ts";
import { fromBase64url, generateSigningKey, readSigningKeys } from "./index.ts";
import {
  bundleOf,
  emptyEdge,
  leafHash,
  type NoteKey,
  noteKeyText,
  readTilePath,
  rootOfEdge,
  signCheckpoint,
  withLeaf,
} from "./log/index.ts";
import { type Fetch, monitor } from "./monitor.ts";

const { current: key } = await readSigningKeys(generateSigningKey());
const name = "evx.test/log";
const log: NoteKey = { name, kind: "log", publicKey: fromBase64url(key.publicKey) as Bytes };
const at = "2026-03-01T00:00:00.000Z";

type Entry = Record<string, unknown> & { kind: string };
const written = (entry: Entry) => utf8(canonical({ v: 1, at, ...entry } as Parameters<typeof canonical>[0]));

const keyEntry: Entry = { kind: "key", id: "ed25519-a", publicKey: key.publicKey, cross: null };
const tree = { root: "ab".repeat(32), size: 1, sum: "100" };
const batch = (n: number, grams = "100"): Entry => ({
  kind: "batch_issued",
  batch: String(n).padStart(6, "0"),
  grams,
  tree: { ...tree, sum: grams },
  certificate: "cd".repeat(32),
});
const gramsOf = (ranges: string[]): number =>
  ranges.reduce((sum, range) => {
    const [, first, last] = range.split("-").map(Number);
    return sum + (last ?? 0) - (first ?? 0) + 1;
  }, 0);
const certificate = (number: string, ranges: string[], kind = "purchase", hash = "00"): Entry => ({
  kind: "certificate",
  number,
  certificate: kind,
  part: 1,
  ranges,
  hash,
  grams: String(gramsOf(ranges)),
  key: "ed25519-a",
});
/** The certificate that all batches here were issued with; of no grams, so that it stands in nobody's way. */
const issuance = certificate("EVXC-I", [], "issuance", "cd".repeat(32));
const standing = (number: string, by: string | null, ranges: string[]): Entry => ({
  kind: "standing",
  number,
  by,
  ranges,
  part: 1,
});

/** A registry whose log shows `logged` at first and more with each look at its checkpoint, and whose rows are those of `entries`. */
const registryOf = (
  given: Entry[],
  shown: () => number,
  more: Partial<Record<string, unknown>> = {},
  rowsOf = given.length,
): Fetch => {
  const entries = [...given.slice(0, 1), issuance, ...given.slice(1)];
  const bytes = entries.map(written);
  const issued = entries
    .filter(({ kind }) => kind === "batch_issued")
    .reduce((sum, { grams }) => sum + BigInt(String(grams)), 0n);
  const rows = (kind: string, name: string) =>
    entries
      .slice(0, rowsOf + 1)
      .filter((entry) => entry.kind === kind)
      .map((entry) => ({
        at,
        ...entry,
        book: entry.grams,
        gone: "0",
        revoked: false,
        issuedAt: at,
        name: entry[name],
        current: String(book.current.gramsOf(String(entry.number))),
      }));
  const book = emptyBook();
  // What a row says is of the moment when it is read: of all entries, unless told.
  for (const entry of entries.slice(0, rowsOf + 1)) readInto(book, { at, ...entry });
  const json = (value: unknown) => utf8(JSON.stringify(value));
  return async (address) => {
    const path = address.slice("https://evx.test".length);
    const size = Math.min(shown() + 1, entries.length);
    if (path === "/.well-known/evx-registry.json") return json({ log: { key: noteKeyText(log) } });
    if (path === "/log/checkpoint") {
      const edge = bytes.slice(0, size).reduce((known, entry) => withLeaf(known, leafHash(entry)), emptyEdge);
      return utf8(await signCheckpoint(name, key, { size, root: rootOfEdge(edge) }));
    }
    if (path === "/log/state.json")
      return json({
        format: "evx-state/3",
        factorSets: [],
        size,
        pending: bytes.slice(size, rowsOf + 1).map((entry) => hex(leafHash(entry))),
        keys: [{ id: "ed25519-a", publicKey: key.publicKey, addedAt: at, withdrawnAt: null }],
        audit: [],
        books: [],
        totals: { issued: String(issued), circulating: String(issued), retired: "0", cancelled: "0" },
        ...more,
      });
    if (path.startsWith("/log/state/batches"))
      return json({ rows: rows("batch_issued", "batch"), next: null });
    if (path.startsWith("/log/state/certificates"))
      return json({ rows: rows("certificate", "number"), next: null });
    if (path.startsWith("/log/state/")) return json({ rows: [], next: null });
    const tile = readTilePath(path.replace(/^\/log\/tile\//, ""));
    const within = bytes.slice((tile?.n ?? 0) * 256, (tile?.n ?? 0) * 256 + (tile?.width ?? 0));
    return tile && (tile.level === 0 ? joined(...within.map(leafHash)) : bundleOf(within));
  };
};

const watched = async (
  entries: Entry[],
  shown = () => entries.length,
  more = {},
  rowsOf = entries.length,
): Promise<readonly string[]> => {
  const fetch = registryOf(entries, shown, more, rowsOf);
  return (await monitor({ url: "https://evx.test", fetch, patience_ms: 1_500 })).faults;
};

test("rows that are a moment ahead of the log are no fault, once the log shows them", async () => {
  let looks = 0;
  const entries = [keyEntry, batch(1), batch(2), batch(3)];
  expect(await watched(entries, () => (looks++ < 6 ? 2 : 4))).toEqual([]);
});

test("a row of what the log did not know yet may be older than what comes before the log knows it", async () => {
  const entries = [
    keyEntry,
    batch(1),
    certificate("EVXC-1", ["000001-1-60"]),
    certificate("EVXC-2", ["000001-1-20"], "transfer"),
    standing("EVXC-1", "EVXC-2", ["000001-1-20"]),
    { kind: "revoked", number: "EVXC-1", reason: "Not driven." },
  ];
  // The rows are read when there was the first certificate, and the log showed none yet; it catches up with all of it.
  let looks = 0;
  const shown = () => (looks++ < 6 ? 2 : entries.length);
  expect(await watched(entries, shown, {}, 3)).toEqual([]);
});

const closed = (day: string): Entry => ({
  kind: "book",
  day,
  audit: [{ chain: 0, seq: 4, hash: "ef".repeat(32) }],
});

test("a head is older than a book that was closed, a key that was withdrawn and a set that was named after it was read", async () => {
  const entries = [
    keyEntry,
    batch(1),
    batch(2),
    closed("2026-02-28"),
    { kind: "factor_set", name: "flat", hash: "ab".repeat(32) },
    { kind: "key_withdrawn", id: "ed25519-a", reason: "Stolen." },
  ];
  let looks = 0;
  expect(await watched(entries, () => (looks++ < 6 ? 2 : entries.length), {}, 3)).toEqual([]);
  const faults = await watched(entries, undefined, {}, entries.length);
  for (const fault of [
    "Line 0/4 of the audit trail is not the one that a book named.",
    "Factor set flat was logged as",
    "Key ed25519-a was withdrawn on",
  ])
    expect(faults.join("\n")).toContain(fault);
});

test("a row that hides what the log showed before it was read is a fault", async () => {
  const entries = [
    keyEntry,
    batch(1),
    certificate("EVXC-1", ["000001-1-60"]),
    certificate("EVXC-2", ["000001-1-20"], "transfer"),
    standing("EVXC-1", "EVXC-2", ["000001-1-20"]),
    { kind: "revoked", number: "EVXC-1", reason: "Not driven." },
  ];
  const faults = await watched(entries, undefined, {}, 4);
  expect(faults.join("\n")).toContain("EVXC-1 was revoked, and the registry has taken that back");
  expect(faults.join("\n")).toContain("EVXC-1: the registry says 60 g current");
});

test("what the log never shows is a fault, named", async () => {
  const faults = await watched([keyEntry, batch(1), batch(2)], () => 2);
  expect(faults[0]).toBe("Batch 000002 is in the registry and was never logged.");
  expect(faults.join()).toContain("1 entries wait to be numbered and are not.");
});

test("a registry that shows older books than its log, or other totals, is named", async () => {
  expect((await watched([keyEntry, batch(1)], undefined, { size: 1 }))[0]).toContain(
    "shows itself as of 1 entries, its log has 3",
  );
  expect(
    await watched([keyEntry, batch(1)], undefined, {
      totals: { issued: "101", circulating: "100", retired: "0", cancelled: "0" },
    }),
  ).toEqual(["The registry says 101 g issued, the log's entries give 100 g."]);
});

test("two certificates of one gram: a fault unless an entry says which gave way", async () => {
  const both = [keyEntry, batch(1), certificate("A", ["000001-1-100"]), certificate("B", ["000001-41-60"])];
  expect(await watched(both)).toEqual(["Certificates A and B both read current for grams 000001-41-60."]);
  expect(await watched([...both, standing("A", "B", ["000001-41-60"])])).toEqual([]);
  expect(await watched([...both, standing("B", null, ["000001-41-60"])])).toEqual([]);
  expect(await watched([...both, standing("A", "B", ["000001-41-50"])])).toEqual([
    "Certificates A and B both read current for grams 000001-51-60.",
  ]);
  const again = [
    ...both,
    standing("A", "B", ["000001-41-60"]),
    certificate("C", ["000001-60-61"]),
    standing("A", "C", ["000001-61-61"]),
    standing("B", "C", ["000001-60-60"]),
  ];
  expect(await watched(again)).toEqual([]);
  expect((await watched([...again, standing("B", "C", ["000001-61-61"])]))[0]).toContain(
    "Certificate B passes on 000001-61-61, for which it was not current",
  );
  expect((await watched([keyEntry, batch(1), certificate("A", ["000001-1-101"])]))[0]).toContain(
    "of grams up to 101 of batch 000001, which were never issued",
  );
});

test("a tree that gives other grams, or none after others did, is named", async () => {
  const light = { ...batch(2), tree: { ...tree, sum: "99" } };
  expect((await watched([keyEntry, batch(1), light]))[0]).toContain("has 100 g, its trips give 99 g");
  const bare = { ...batch(2), tree: { ...tree, sum: null } };
  expect((await watched([keyEntry, batch(1), bare]))[0]).toContain("a tree that commits to no grams");
  expect((await watched([keyEntry, bare, batch(3)]))[0]).toContain("Batch 1 is missing before 000002");
});

test("a log of another origin, a checkpoint of the future, entries cut short, nothing at all: a sentence each", async () => {
  const entries = [keyEntry, batch(1)];
  const honest = registryOf(entries, () => 2);
  const lying = (path: string, bytes: Bytes | null): Promise<string | undefined> =>
    monitor({
      url: "https://evx.test/",
      patience_ms: 0,
      fetch: (address) => (address.includes(path) ? Promise.resolve(bytes) : honest(address)),
    }).then(({ faults }) => faults[0]);
  const foreign = utf8(await signCheckpoint("other.test/log", key, { size: 2, root: new Uint8Array(32) }));
  const future = utf8(await signCheckpoint(name, key, { size: 9, root: new Uint8Array(32) }));
  expect(await lying("/log/checkpoint", foreign)).toContain("is of other.test/log, not of evx.test/log");
  expect(await lying("/log/checkpoint", future)).toContain("cut short or missing");
  expect(await lying("/log/checkpoint", utf8("what"))).toContain("checkpoint is none");
  expect(await lying("/log/tile/", utf8("x"))).toContain("cut short or missing");
  expect(await lying("/log/tile/", null)).toContain("cut short or missing");
  expect(await lying("/log/state.json", utf8("{"))).toContain("Not JSON");
  expect(await lying("/log/state/batches", utf8("{}"))).toContain("does not show its batches");
  expect(await lying("/.well-known", null)).toContain("answers nothing");
});
