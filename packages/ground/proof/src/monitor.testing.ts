/** A registry of a few entries, as a monitor sees it over the network. */
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

export const { current: key } = await readSigningKeys(generateSigningKey());
export const name = "evx.test/log";
const log: NoteKey = { name, kind: "log", publicKey: fromBase64url(key.publicKey) as Bytes };
export const at = "2026-03-01T00:00:00.000Z";

export type Entry = Record<string, unknown> & { kind: string };
const written = (entry: Entry) => utf8(canonical({ v: 1, at, ...entry } as Parameters<typeof canonical>[0]));

export const keyEntry: Entry = { kind: "key", id: key.id, publicKey: key.publicKey, cross: null };
export const tree = { root: "ab".repeat(32), size: 1, sum: "100" };
export const batch = (n: number, grams = "100"): Entry => ({
  kind: "batch_issued",
  batch: String(n).padStart(6, "0"),
  grams,
  tree: { ...tree, root: String(n).padStart(64, "0"), sum: grams },
  certificate: "cd".repeat(32),
});
const gramsOf = (ranges: string[]): number =>
  ranges.reduce((sum, range) => {
    const [, first, last] = range.split("-").map(Number);
    return sum + (last ?? 0) - (first ?? 0) + 1;
  }, 0);
export const certificate = (number: string, ranges: string[], kind = "purchase", hash = "00"): Entry => ({
  kind: "certificate",
  number,
  certificate: kind,
  part: 1,
  ranges,
  hash,
  grams: String(gramsOf(ranges)),
  key: key.id,
});
/** The certificate that all batches here were issued with; from before ranges were logged, so that it stands in nobody's way. */
const issuance: Entry = {
  ...certificate("EVXC-I", [], "issuance", "cd".repeat(32)),
  ranges: undefined,
};
export const standing = (number: string, by: string | null, ranges: string[]): Entry => ({
  kind: "standing",
  number,
  by,
  ranges,
  part: 1,
});

/** The key's row, in the registry's facts and in its state. */
export const keyRow = { id: key.id, publicKey: key.publicKey, addedAt: at, withdrawnAt: null };

/** What a registry says otherwise: of itself, and of its state. */
export type Shown = Partial<Record<string, unknown>> & { wellKnown?: Record<string, unknown> };

/** A registry whose log shows `logged` at first and more with each look at its checkpoint, and whose rows are those of `entries`. */
export const registryOf = (
  given: Entry[],
  shown: () => number,
  { wellKnown, ...more }: Shown = {},
  rowsOf = given.length,
): Fetch => {
  const entries = [...given.slice(0, 1), issuance, ...given.slice(1)];
  const bytes = entries.map(written);
  const rows = (kind: string, name: string) =>
    entries
      .slice(0, rowsOf + 1)
      .filter((entry) => entry.kind === kind)
      .map((entry) => ({
        at,
        ...entry,
        book: entry.grams,
        gone: String(book.batches.get(String(entry.batch))?.goneGrams ?? 0n),
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
    if (path === "/.well-known/evx-registry.json")
      return json({ log: { key: noteKeyText(log) }, keys: [keyRow], ...wellKnown });
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
        keys: [keyRow],
        audit: [],
        books: [],
        totals: {
          issued: String(book.issued),
          circulating: String(book.issued - book.retired - book.cancelled),
          retired: String(book.retired),
          cancelled: String(book.cancelled),
        },
        ...more,
      });
    if (path.startsWith("/log/state/batches"))
      return json({ rows: rows("batch_issued", "batch"), next: null });
    if (path.startsWith("/log/state/certificates"))
      return json({ rows: rows("certificate", "number"), next: null });
    if (path.startsWith("/log/state/retirements")) return json({ rows: rows("retired", "id"), next: null });
    if (path.startsWith("/log/state/")) return json({ rows: [], next: null });
    const tile = readTilePath(path.replace(/^\/log\/tile\//, ""));
    const within = bytes.slice((tile?.n ?? 0) * 256, (tile?.n ?? 0) * 256 + (tile?.width ?? 0));
    return tile && (tile.level === 0 ? joined(...within.map(leafHash)) : bundleOf(within));
  };
};

export const watched = async (
  entries: Entry[],
  shown = () => entries.length,
  more: Shown = {},
  rowsOf = entries.length,
): Promise<readonly string[]> => {
  const fetch = registryOf(entries, shown, more, rowsOf);
  return (await monitor({ url: "https://evx.test", fetch, patience_ms: 1_500 })).faults;
};

export const closed = (day: string): Entry => ({
  kind: "book",
  day,
  audit: [{ chain: 0, seq: 4, hash: "ef".repeat(32) }],
});
