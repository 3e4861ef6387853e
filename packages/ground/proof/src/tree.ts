import { type Bytes, hex, joined } from "./bytes.ts";
import { batchTree, type InclusionProof, type LeafTrip, leafBytes, nodeBytes, saltBytes } from "./merkle.ts";
import { parting, type SumNode, sumPath, sumTree, u64, writtenNode } from "./sum.ts";

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
  const planted = {
    leaves: joined(...sorted.map(({ hash }) => hash)),
    sums: joined(...sorted.map(({ grams }) => u64(grams))),
  };
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

export type { SumNode } from "./sum.ts";
