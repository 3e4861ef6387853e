import { type Book, type Entry, emptyBook } from "./book.ts";
import { type Bytes, hex, utf8 } from "./bytes.ts";
import { readInto } from "./entries.ts";
import { crossText, isSignedBy } from "./keys.ts";
import {
  type Checkpoint,
  type Edge,
  emptyEdge,
  entriesOf,
  leafHash,
  longestEntry,
  rootOfEdge,
  tilePath,
  withLeaf,
} from "./log/index.ts";
import { readStrictly } from "./strict-json.ts";
import { holds, Tiled } from "./tiled.ts";

/** Reads an address's bytes, no more than so many of them; null when there is nothing. */
export type Fetch = (address: string, most?: number) => Promise<Uint8Array | null>;

/** What a monitor makes of a log's entries, from the first to the last it has read. */
export type Replay = {
  readonly book: Book;
  readonly faults: string[];
  edge: Edge;
  readonly tiled: Tiled;
  /** Roots of the tree at sizes that somebody asked for. */
  readonly roots: Map<number, string>;
};

export const startReplay = (sizes: readonly number[]): Replay => ({
  book: emptyBook(),
  faults: [],
  edge: emptyEdge,
  tiled: new Tiled(),
  roots: new Map(sizes.map((size) => [size, hex(rootOfEdge(emptyEdge))])),
});

const decoder = new TextDecoder("utf-8", { fatal: true });

const entryIn = (bytes: Uint8Array): Entry => {
  const value = readStrictly(decoder.decode(bytes));
  if (typeof Reflect.get(Object(value), "kind") !== "string") throw new SyntaxError("no entry");
  return value as Entry;
};

/** The signature with which an older key vouches for a newer one. */
const crossFault = async (book: Book, entry: Entry): Promise<string | null> => {
  const { cross } = entry;
  if (typeof cross !== "object" || cross === null) return null;
  const by = book.keys.get(String(Reflect.get(cross, "by")));
  const about = utf8(crossText({ id: String(entry.id), publicKey: String(entry.publicKey) }));
  const holds = by && (await isSignedBy(by.publicKey, about, String(Reflect.get(cross, "signature"))));
  if (!holds) return `Key ${entry.id} is not signed by the one that is said to vouch for it`;
  // Whoever stole a key that was withdrawn would make themselves another with it.
  return by.until !== null && entry.at >= by.until
    ? `Key ${entry.id} is vouched for by one that was withdrawn before, on ${by.until}`
    : null;
};

/** Tiles that are asked for ahead, so that a network's way is gone once for many. */
const ahead = 16;

/** Faults that are kept; a registry with more has been told enough. */
const mostFaults = 1_000;

/** Is shown each entry as it is read: its place, its leaf, and the book before and after. */
export type Onlooker = (place: number, leaf: Uint8Array, read: () => void) => void;

type From = { readonly fetch: Fetch; readonly url: string };

/** Asks for the bundles of entries in turn, some ahead. */
const bundles = ({ fetch, url }: From, size: number) => {
  const widthOf = (n: number) => Math.min(256, size - n * 256);
  const asked = new Map<number, Promise<Uint8Array | null>>();
  const ask = (n: number) => {
    if (n * 256 >= size || asked.has(n)) return;
    const bytes = fetch(`${url}/log/${tilePath("entries", n, widthOf(n))}`, widthOf(n) * (longestEntry + 2));
    // Awaited in its turn; until then a failure is nobody's.
    bytes.catch(() => {});
    asked.set(n, bytes);
  };
  return async (n: number): Promise<Bytes[]> => {
    for (let next = n; next < n + ahead; next++) ask(next);
    const bytes = await asked.get(n);
    asked.delete(n);
    const entries = bytes && entriesOf(bytes, widthOf(n));
    if (!bytes) throw new Error(`The entries from ${n * 256} on are missing.`);
    if (!entries)
      throw new Error(`The entries from ${n * 256} on are cut short, or more stands there than them.`);
    return entries;
  };
};

/** Reads one entry: its place in the tree, and what it says. */
const take = async (replay: Replay, bytes: Bytes, look: Onlooker): Promise<void> => {
  const { book, faults } = replay;
  const place = replay.edge.size;
  const leaf = leafHash(bytes);
  replay.edge = withLeaf(replay.edge, leaf);
  replay.tiled.add(leaf);
  if (replay.roots.has(place + 1)) replay.roots.set(place + 1, hex(rootOfEdge(replay.edge)));
  let fault: string | null = null;
  let key: Entry | null = null;
  try {
    const entry = entryIn(bytes);
    look(place, leaf, () => {
      fault = readInto(book, entry);
    });
    if (entry.kind === "key") key = entry;
  } catch {
    fault = "It is not JSON that everybody reads alike";
  }
  if (key && !fault) fault = await crossFault(book, key);
  if (fault && faults.length < mostFaults) faults.push(`Entry ${place}: ${fault}.`);
};

/** Bytes of a full tile of hashes. */
const mostTile = 256 * 32;

/** The tiles of hashes, from which everybody's proofs are made, are those of the entries. */
const compareTiles = async (
  { faults }: Replay,
  { fetch, url }: From,
  due: ReturnType<Tiled["full"]>,
): Promise<void> => {
  const served = await Promise.all(due.map(({ path }) => fetch(`${url}/log/${path}`, mostTile)));
  for (const [at, { path, hashes }] of due.entries())
    if (!holds(served[at] ?? null, hashes) && faults.length < mostFaults)
      faults.push(`The log's ${path} does not hold the hashes of its entries.`);
};

/**
 * Reads the entries up to a checkpoint, from where the last one ended, and the tiles over them. Throws an Error with a
 * sentence for entries that are cut short or missing; that they do not give the checkpoint's root is a fault.
 */
export const advance = async (
  replay: Replay,
  from: From,
  { size, root }: Pick<Checkpoint, "size" | "root">,
  look: Onlooker = (_place, _leaf, read) => read(),
): Promise<void> => {
  const { faults } = replay;
  const before = replay.edge.size;
  const bundle = bundles(from, size);
  let due: ReturnType<Tiled["full"]> = [];
  for (let n = Math.floor(before / 256); n * 256 < size && replay.edge.size < size; n++) {
    const entries = await bundle(n);
    for (const bytes of entries.slice(replay.edge.size - n * 256)) await take(replay, bytes, look);
    due.push(...replay.tiled.full());
    if (due.length < ahead) continue;
    await compareTiles(replay, from, due);
    due = [];
  }
  if (size > before) await compareTiles(replay, from, [...due, ...replay.tiled.growing()]);
  const fault = "The entries do not give the checkpoint's root.";
  if (hex(rootOfEdge(replay.edge)) !== hex(root) && !faults.includes(fault)) faults.unshift(fault);
};
