import { type Bytes, joined, sameBytes } from "../bytes.ts";
import { sha256Now } from "../sha256.ts";

// The log's Merkle tree as RFC 6962 §2.1 hashes it. Sizes and places are whole numbers below 2^53.

const leafTag = Uint8Array.of(0);
const nodeTag = Uint8Array.of(1);

export const leafHash = (entry: Uint8Array): Bytes => sha256Now(joined(leafTag, entry));
export const nodeHash = (left: Uint8Array, right: Uint8Array): Bytes =>
  sha256Now(joined(nodeTag, left, right));

/** The root of a tree without entries. */
export const emptyRoot: Bytes = sha256Now(new Uint8Array());

/** A tree's right edge: the roots of its full subtrees, largest first. All that is needed to append. */
export type Edge = { readonly size: number; readonly hashes: readonly Bytes[] };

export const emptyEdge: Edge = { size: 0, hashes: [] };

/** The edge after another leaf. */
export const withLeaf = ({ size, hashes }: Edge, leaf: Bytes): Edge => {
  const next = [...hashes];
  let hash = leaf;
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2))
    hash = nodeHash(next.pop() as Bytes, hash);
  next.push(hash);
  return { size: size + 1, hashes: next };
};

export const rootOfEdge = ({ hashes }: Edge): Bytes =>
  hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => nodeHash(left, right));

/** The root that a leaf at a place leads to by its path (RFC 9162 §2.1.3.2); null when the path does not fit. */
export const rootByPath = (
  leaf: Bytes,
  { index, size, path }: { index: number; size: number; path: readonly Bytes[] },
): Bytes | null => {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size || path.length > 64) return null;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const beside of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(beside, hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(hash, beside);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
};

const isPowerOfTwo = (n: number): boolean => n > 0 && 2 ** Math.round(Math.log2(n)) === n;

/** Whether a tree of `newSize` with `newRoot` begins with the tree of `oldSize` and `oldRoot` (RFC 9162 §2.1.4.2). */
export const isConsistent = (
  older: { size: number; root: Bytes },
  newer: { size: number; root: Bytes },
  proof: readonly Bytes[],
): boolean => {
  if (older.size > newer.size || proof.length > 64) return false;
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root);
  if (older.size === 0) return proof.length === 0;
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : [...proof];
  let at = older.size - 1;
  let last = newer.size - 1;
  while (at % 2 === 1) {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  const first = path.shift();
  if (!first) return false;
  let [was, is] = [first, first];
  for (const beside of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      was = nodeHash(beside, was);
      is = nodeHash(beside, is);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else is = nodeHash(is, beside);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(was, older.root) && sameBytes(is, newer.root);
};

/** Hashes of a tile: level and number, and how many of it are needed at least. */
export type TileReader = (level: number, n: number, width: number) => Promise<Bytes>;

/** The largest power of two below n. */
const parting = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** The hash of a full subtree: 2^level leaves from index · 2^level on. */
const nodeAt = async (read: TileReader, level: number, index: number): Promise<Bytes> => {
  const within = level % 8;
  const first = index * 2 ** within;
  const n = Math.floor(first / 256);
  const width = (first % 256) + 2 ** within;
  const tile = await read(Math.floor(level / 8), n, width);
  const from = (first % 256) * 32;
  let hashes = Array.from({ length: 2 ** within }, (_, i) =>
    tile.slice(from + i * 32, from + i * 32 + 32),
  ) as Bytes[];
  while (hashes.length > 1)
    hashes = Array.from({ length: hashes.length / 2 }, (_, i) =>
      nodeHash(hashes[i * 2] as Bytes, hashes[i * 2 + 1] as Bytes),
    );
  return hashes[0] as Bytes;
};

/** The root over leaves [from, to), where from is a multiple of the next power of two. */
export const hashOfRange = async (read: TileReader, from: number, to: number): Promise<Bytes> => {
  const size = to - from;
  if (size <= 0) return emptyRoot;
  if (isPowerOfTwo(size)) {
    const level = Math.round(Math.log2(size));
    return nodeAt(read, level, from / size);
  }
  const middle = from + parting(size);
  return nodeHash(await hashOfRange(read, from, middle), await hashOfRange(read, middle, to));
};

/** A tile and how much of it is needed. */
export type TileNeed = { readonly level: number; readonly n: number; readonly width: number };

/** The tiles that hold the hash of leaves [from, to). */
const needsOfRange = (from: number, to: number): TileNeed[] => {
  const size = to - from;
  if (size <= 0) return [];
  if (!isPowerOfTwo(size)) {
    const middle = from + parting(size);
    return [...needsOfRange(from, middle), ...needsOfRange(middle, to)];
  }
  const height = Math.round(Math.log2(size));
  const width = 2 ** (height % 8);
  const first = (from / size) * width;
  return [{ level: Math.floor(height / 8), n: Math.floor(first / 256), width: (first % 256) + width }];
};

/** Every tile that an inclusion path is read from, once each: so that all of them can be had in one read. */
export const tilesOfPath = (index: number, size: number): TileNeed[] => {
  const needs = new Map<string, TileNeed>();
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + parting(to - from);
    const beside = index < middle ? needsOfRange(middle, to) : needsOfRange(from, middle);
    for (const need of beside) {
      const known = needs.get(`${need.level}/${need.n}`);
      if (!known || known.width < need.width) needs.set(`${need.level}/${need.n}`, need);
    }
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return [...needs.values()];
};

/** The edge of a tree of so many entries, read from its tiles. */
export const edgeOf = async (read: TileReader, size: number): Promise<Edge> => {
  const hashes: Bytes[] = [];
  let from = 0;
  for (let power = 2 ** 52; power >= 1; power /= 2)
    if (Math.floor(size / power) % 2 === 1) {
      hashes.push(await hashOfRange(read, from, from + power));
      from += power;
    }
  return { size, hashes };
};

/** The hashes beside an entry's way up, from the leaf on (RFC 6962 §2.1.1). */
export const inclusionPath = async (read: TileReader, index: number, size: number): Promise<Bytes[]> => {
  const path: Bytes[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + parting(to - from);
    if (index < middle) {
      path.unshift(await hashOfRange(read, middle, to));
      to = middle;
    } else {
      path.unshift(await hashOfRange(read, from, middle));
      from = middle;
    }
  }
  return path;
};

/** That a tree of `size` begins with its first `older` entries (RFC 6962 §2.1.2). */
export const consistencyPath = async (read: TileReader, older: number, size: number): Promise<Bytes[]> => {
  if (older === 0 || older === size) return [];
  const path: Bytes[] = [];
  let [from, to] = [0, size];
  for (;;) {
    if (older === to) {
      // The part that both trees have in common: named, unless it is the old tree itself.
      if (from !== 0) path.unshift(await hashOfRange(read, from, to));
      return path;
    }
    const middle = from + parting(to - from);
    if (older <= middle) {
      path.unshift(await hashOfRange(read, middle, to));
      to = middle;
    } else {
      path.unshift(await hashOfRange(read, from, middle));
      from = middle;
    }
  }
};
