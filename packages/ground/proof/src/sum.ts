import { type Bytes, hex, joined, utf8 } from "./bytes.ts";

// Merkle-sum trees: each node commits to the grams under it, and the root to how many leaves there are and what they
// sum to. Nobody can leave a leaf out or invent one without another root.

/** A node of a tree: its hash, and the grams of all leaves under it. */
export type SumNode = { readonly hash: Bytes; readonly grams: bigint };

const nodeTag = Uint8Array.of(1);
const rootTag = Uint8Array.of(2);

/** More than all the grams that there can be. */
export const mostGrams = 2n ** 63n - 1n;

/** Eight bytes, big-endian. */
export const u64 = (value: bigint): Bytes => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
};

/** What is hashed of two neighbours: 0x01, and of each its hash and its grams. */
export const sumNodeBytes = (left: SumNode, right: SumNode): Bytes =>
  joined(nodeTag, left.hash, u64(left.grams), right.hash, u64(right.grams));

/** What is hashed of the whole: 0x02, what kind of tree, leaves, grams, and the hash at the top. */
export const sumRootBytes = (context: string, leaves: number, { hash, grams }: SumNode): Bytes =>
  joined(rootTag, utf8(`${context}\n`), u64(BigInt(leaves)), u64(grams), hash);

export type Hasher = (bytes: Bytes) => Bytes;

/** The node over two. Throws a RangeError past `mostGrams`. */
export const sumNode = (hash: Hasher, left: SumNode, right: SumNode): SumNode => {
  const grams = left.grams + right.grams;
  if (grams > mostGrams) throw new RangeError("More grams than there can be");
  return { hash: hash(sumNodeBytes(left, right)), grams };
};

/** Where a tree of n leaves parts: the largest power of two below n (RFC 9162 §2.1.1). No leaf is ever doubled. */
export const parting = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** Leaves by their place. */
type LeafAt = (place: number) => SumNode;

/** The node over leaves [from, to). */
export const sumOfRange = (hash: Hasher, leaf: LeafAt, from: number, to: number): SumNode => {
  if (to - from === 1) return leaf(from);
  const middle = from + parting(to - from);
  return sumNode(hash, sumOfRange(hash, leaf, from, middle), sumOfRange(hash, leaf, middle, to));
};

/** Root and grams over all leaves. Throws a RangeError for a tree without leaves. */
export const sumTree = (
  hash: Hasher,
  context: string,
  { count, leaf }: { count: number; leaf: LeafAt },
): { root: string; grams: bigint } => {
  if (count < 1) throw new RangeError("A tree needs one leaf at least");
  const top = sumOfRange(hash, leaf, 0, count);
  return { root: hex(hash(sumRootBytes(context, count, top))), grams: top.grams };
};

/** The nodes beside a leaf's way up, from the leaf to the root. */
export const sumPath = (
  hash: Hasher,
  leaf: LeafAt,
  { count, place }: { count: number; place: number },
): SumNode[] => {
  const path: SumNode[] = [];
  let [from, to] = [0, count];
  while (to - from > 1) {
    const middle = from + parting(to - from);
    if (place < middle) {
      path.unshift(sumOfRange(hash, leaf, middle, to));
      to = middle;
    } else {
      path.unshift(sumOfRange(hash, leaf, from, middle));
      from = middle;
    }
  }
  return path;
};

/**
 * What a leaf at a place leads to by its path in a tree of so many leaves: the root, and the grams that it commits to.
 * Null when the path is not of the length that the place asks for, or sums to more than there can be.
 */
export const sumRootByPath = (
  hash: Hasher,
  context: string,
  leaf: SumNode,
  { place, leaves, path }: { place: number; leaves: number; path: readonly SumNode[] },
): { root: string; grams: bigint } | null => {
  if (!Number.isSafeInteger(leaves) || !Number.isSafeInteger(place)) return null;
  if (place < 0 || place >= leaves || path.length > 48 || leaf.grams < 0n || leaf.grams > mostGrams)
    return null;
  let [at, last, node] = [place, leaves - 1, leaf];
  for (const beside of path) {
    if (last === 0 || beside.grams < 0n || node.grams + beside.grams > mostGrams) return null;
    if (at % 2 === 1 || at === last) {
      node = sumNode(hash, beside, node);
      // A right edge without a partner moves up until it has one.
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else node = sumNode(hash, node, beside);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return null;
  return { root: hex(hash(sumRootBytes(context, leaves, node))), grams: node.grams };
};

/** A node as JSON carries it. */
export type WrittenNode = { readonly hash: string; readonly grams: string };

const isGrams = (value: unknown): value is string =>
  typeof value === "string" && /^(0|[1-9]\d{0,18})$/.test(value);

/** Reads nodes of a file; null when one of them is none. */
export const readNodes = (nodes: readonly unknown[]): SumNode[] | null => {
  const read: SumNode[] = [];
  for (const node of nodes) {
    const [hash, grams] = [Reflect.get(Object(node), "hash"), Reflect.get(Object(node), "grams")];
    if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash) || !isGrams(grams)) return null;
    read.push({
      hash: Uint8Array.from(hash.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)) as Bytes,
      grams: BigInt(grams),
    });
  }
  return read;
};

export const writtenNode = ({ hash, grams }: SumNode): WrittenNode => ({
  hash: hex(hash),
  grams: String(grams),
});
