import { type Bytes, hex } from "./bytes.ts";
import { bookTree, type HoldingLeaf, holdingBytes, holdingSaltBytes } from "./holding.ts";
import { batchTree, type InclusionProof, type LeafTrip, leafBytes, nodeBytes, saltBytes } from "./merkle.ts";
import {
  parting,
  type SumNode,
  sumNode,
  sumOfRange,
  sumPath,
  sumTree,
  type WrittenNode,
  writtenNode,
} from "./sum.ts";

// The server's side of merkle.ts. Bun's hasher is synchronous: 100,000 trips took 2.5 s on two busy cores, where
// WebCrypto would make 300,000 promises of it.

const sha256 = (bytes: Uint8Array): Bytes =>
  new Uint8Array(new Bun.CryptoHasher("sha256").update(bytes).digest().buffer as ArrayBuffer);

/** A batch's secret, from which each leaf's salt follows. Kept by the venue; whoever has it can guess trips. */
export const newTreeSecret = (): Bytes => crypto.getRandomValues(new Uint8Array(32));

export const saltOf = (secret: Uint8Array, tripId: string): Bytes =>
  new Uint8Array(
    new Bun.CryptoHasher("sha256", secret).update(saltBytes(tripId)).digest().buffer as ArrayBuffer,
  );

/** A trip's leaf under a batch's secret. The id goes into the salt alone: it tells equal trips apart. */
export const leafOf = (tripId: string, trip: LeafTrip, secret: Uint8Array): Bytes =>
  sha256(leafBytes(trip, saltOf(secret, tripId)));

/** A trip's leaf, and the grams that it stands for. */
export const tripNode = (tripId: string, trip: LeafTrip, secret: Uint8Array): SumNode => ({
  hash: leafOf(tripId, trip, secret),
  grams: BigInt(trip.co2Saved_g),
});

/** What is stored of a tree: its leaves in their order, 32 bytes each, and their grams, eight bytes each. */
export type Planted = { readonly leaves: Bytes; readonly sums: Bytes };

const leafAt = (leaves: Bytes, place: number): Bytes => leaves.subarray(place * 32, place * 32 + 32) as Bytes;

const nodeAt =
  ({ leaves, sums }: Planted) =>
  (place: number): SumNode => ({
    hash: leafAt(leaves, place),
    grams: new DataView(sums.buffer, sums.byteOffset).getBigUint64(place * 8),
  });

/** A batch's tree over its leaves, ordered by hash. Throws a RangeError for none. */
export const plantTree = (nodes: readonly SumNode[]): Planted & { root: string; grams: bigint } => {
  const sorted = nodes.toSorted((a, b) => Buffer.compare(a.hash, b.hash));
  const [leaves, sums] = [new Uint8Array(sorted.length * 32), new Uint8Array(sorted.length * 8)];
  const view = new DataView(sums.buffer);
  for (const [at, { hash, grams }] of sorted.entries()) {
    leaves.set(hash, at * 32);
    view.setBigUint64(at * 8, grams);
  }
  const planted = { leaves, sums };
  return { ...planted, ...rootOf(planted) };
};

/** Root and grams over stored leaves. */
export const rootOf = (planted: Planted): { root: string; grams: bigint } =>
  sumTree(sha256, batchTree, { count: planted.leaves.length / 32, leaf: nodeAt(planted) });

const plainRootOfRange = (leaves: Bytes, from: number, to: number): Bytes => {
  if (to - from === 1) return leafAt(leaves, from);
  const middle = from + parting(to - from);
  return sha256(nodeBytes(plainRootOfRange(leaves, from, middle), plainRootOfRange(leaves, middle, to)));
};

/** The root over the leaves of a tree that was grown before nodes committed to grams. */
export const plainRootOf = (leaves: Bytes): string => {
  if (leaves.length === 0 || leaves.length % 32 !== 0)
    throw new RangeError("A tree needs whole leaves, one at least");
  return hex(plainRootOfRange(leaves, 0, leaves.length / 32));
};

/** The hashes beside a leaf's way up, from the leaf to the root. */
const plainPathOf = (leaves: Bytes, place: number): Bytes[] => {
  const path: Bytes[] = [];
  let from = 0;
  let to = leaves.length / 32;
  while (to - from > 1) {
    const middle = from + parting(to - from);
    if (place < middle) {
      path.unshift(plainRootOfRange(leaves, middle, to));
      to = middle;
    } else {
      path.unshift(plainRootOfRange(leaves, from, middle));
      from = middle;
    }
  }
  return path;
};

/** The place of a leaf among sorted ones, by halving; -1 when it is not there. */
const placeOf = (leaves: Bytes, leaf: Bytes): number => {
  let low = 0;
  let high = leaves.length / 32 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = Buffer.compare(leafAt(leaves, middle), leaf);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
};

/** The proof that a trip is in a batch; null when the trip, as it is given, is not. `sums` are null for an older tree. */
export const proofOf = (
  tree: { batch: string; secret: Uint8Array; leaves: Bytes; sums: Bytes | null },
  tripId: string,
  trip: LeafTrip,
): InclusionProof | null => {
  const { leaves, sums } = tree;
  const place = placeOf(leaves, leafOf(tripId, trip, tree.secret));
  if (place < 0) return null;
  const count = leaves.length / 32;
  const facts = { batch: tree.batch, trip, salt: hex(saltOf(tree.secret, tripId)), place, leaves: count };
  if (!sums) {
    const path = plainPathOf(leaves, place).map(hex);
    return { format: "evx-inclusion/1", ...facts, root: plainRootOf(leaves), path };
  }
  const { root, grams } = rootOf({ leaves, sums });
  const path = sumPath(sha256, nodeAt({ leaves, sums }), { count, place }).map(writtenNode);
  return { format: "evx-inclusion/2", ...facts, root, sum: String(grams), path };
};

/** The nodes of a tree by level, each over 256 of the level below, as far as they are full; 40 bytes a node. */
export type BookTree = { readonly levels: readonly Bytes[]; readonly root: string; readonly grams: bigint };

const nodeSize = 40;

const nodesOf = (nodes: readonly SumNode[]): Bytes => {
  const bytes = new Uint8Array(nodes.length * nodeSize);
  const view = new DataView(bytes.buffer);
  for (const [at, { hash, grams }] of nodes.entries()) {
    bytes.set(hash, at * nodeSize);
    view.setBigUint64(at * nodeSize + 32, grams);
  }
  return bytes;
};

/** A node among others, 40 bytes each. */
export const bookNode = (nodes: Uint8Array, at: number): SumNode => ({
  hash: nodes.slice(at * nodeSize, at * nodeSize + 32) as Bytes,
  grams: new DataView(nodes.buffer, nodes.byteOffset).getBigUint64(at * nodeSize + 32),
});

/** The leaf of what somebody holds, under the book's secret. */
export const holdingNode = (leaf: HoldingLeaf, secret: Uint8Array): SumNode => ({
  hash: sha256(holdingBytes(leaf, holdingSalt(leaf, secret))),
  grams: BigInt(leaf.grams),
});

export const holdingSalt = (leaf: Omit<HoldingLeaf, "day" | "grams">, secret: Uint8Array): Bytes =>
  new Uint8Array(
    new Bun.CryptoHasher("sha256", secret).update(holdingSaltBytes(leaf)).digest().buffer as ArrayBuffer,
  );

/**
 * A book's tree over leaves, ordered by hash: its levels as they are kept, its root and grams, and where each of the
 * given leaves came to lie.
 */
export const bindBook = (leaves: readonly SumNode[]): BookTree & { places: readonly number[] } => {
  const order = leaves.map((_, at) => at);
  order.sort((a, b) => Buffer.compare((leaves[a] as SumNode).hash, (leaves[b] as SumNode).hash));
  const places = new Array<number>(leaves.length);
  for (const [place, at] of order.entries()) places[at] = place;
  let level = order.map((at) => leaves[at] as SumNode);
  const { root, grams } = sumTree(sha256, bookTree, {
    count: level.length,
    leaf: (at) => level[at] as SumNode,
  });
  const levels = [nodesOf(level)];
  while (level.length >= 256) {
    const below = level;
    level = Array.from({ length: Math.floor(below.length / 256) }, (_, n) =>
      sumOfRange(sha256, (at) => below[at] as SumNode, n * 256, n * 256 + 256),
    );
    levels.push(nodesOf(level));
  }
  return { levels, root, grams, places };
};

/** Reads nodes of a level from one tile: level, tile, and how many of it are needed at least. */
export type BookReader = (level: number, n: number, width: number) => Promise<Uint8Array>;

const rangeIn = async (read: BookReader, from: number, to: number): Promise<SumNode> => {
  const size = to - from;
  const height = Math.log2(size);
  if (!Number.isInteger(height)) {
    const middle = from + parting(size);
    return sumNode(sha256, await rangeIn(read, from, middle), await rangeIn(read, middle, to));
  }
  const level = Math.floor(height / 8);
  const width = 2 ** (height % 8);
  const first = from / 256 ** level;
  const tile = await read(level, Math.floor(first / 256), (first % 256) + width);
  return sumOfRange(sha256, (at) => bookNode(tile, at), first % 256, (first % 256) + width);
};

/** The way up from a leaf of a book, read from its tiles. */
export const bookPath = async (
  read: BookReader,
  { count, place }: { count: number; place: number },
): Promise<WrittenNode[]> => {
  const path: SumNode[] = [];
  let [from, to] = [0, count];
  while (to - from > 1) {
    const middle = from + parting(to - from);
    const [left, right] = [middle > place, place >= middle];
    path.unshift(left ? await rangeIn(read, middle, to) : await rangeIn(read, from, middle));
    [from, to] = right ? [middle, to] : [from, middle];
  }
  return path.map(writtenNode);
};

export type { HoldingLeaf } from "./holding.ts";
export type { SumNode, WrittenNode } from "./sum.ts";
