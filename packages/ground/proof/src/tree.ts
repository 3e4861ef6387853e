import { type Bytes, hex, joined } from "./bytes.ts";
import { type InclusionProof, type LeafTrip, leafBytes, nodeBytes, saltBytes } from "./merkle.ts";

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

/** Leaves in the order of the tree, 32 bytes each, without a gap: what is stored of a batch. */
export const sortedLeaves = (leaves: readonly Bytes[]): Bytes =>
  joined(...[...leaves].sort((a, b) => Buffer.compare(a, b)));

const leafAt = (leaves: Bytes, place: number): Bytes => leaves.subarray(place * 32, place * 32 + 32) as Bytes;

/** Where a tree of n leaves parts: the largest power of two below n (RFC 9162 §2.1.1). No leaf is ever doubled. */
const parting = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

const rootOfRange = (leaves: Bytes, from: number, to: number): Bytes => {
  if (to - from === 1) return leafAt(leaves, from);
  const middle = from + parting(to - from);
  return sha256(nodeBytes(rootOfRange(leaves, from, middle), rootOfRange(leaves, middle, to)));
};

/** The root over stored leaves, as hexadecimal. */
export const rootOf = (leaves: Bytes): string => {
  if (leaves.length === 0 || leaves.length % 32 !== 0)
    throw new RangeError("A tree needs whole leaves, one at least");
  return hex(rootOfRange(leaves, 0, leaves.length / 32));
};

/** The hashes beside a leaf's way up, from the leaf to the root. */
const pathOf = (leaves: Bytes, place: number): Bytes[] => {
  const path: Bytes[] = [];
  let from = 0;
  let to = leaves.length / 32;
  while (to - from > 1) {
    const middle = from + parting(to - from);
    if (place < middle) {
      path.unshift(rootOfRange(leaves, middle, to));
      to = middle;
    } else {
      path.unshift(rootOfRange(leaves, from, middle));
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

/** The proof that a trip is in a batch; null when the trip, as it is given, is not. */
export const proofOf = (
  tree: { batch: string; secret: Uint8Array; leaves: Bytes },
  tripId: string,
  trip: LeafTrip,
): InclusionProof | null => {
  const place = placeOf(tree.leaves, leafOf(tripId, trip, tree.secret));
  if (place < 0) return null;
  return {
    format: "evx-inclusion/1",
    batch: tree.batch,
    root: rootOf(tree.leaves),
    trip,
    salt: hex(saltOf(tree.secret, tripId)),
    place,
    leaves: tree.leaves.length / 32,
    path: pathOf(tree.leaves, place).map(hex),
  };
};
