import { type Bytes, fromHex, hex, joined, sameBytes, sha256, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { sha256Now } from "./sha256.ts";
import { readNodes, sumRootByPath, type WrittenNode } from "./sum.ts";

/**
 * What a leaf commits to: what the trip's grams were computed from, and no more. No position, no VIN, no vehicle, and
 * not the trip's id, which names its car. A position may therefore be erased, and every proof still holds.
 */
export type LeafTrip = {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly distance_m: number;
  readonly energy_wh: number | null;
  readonly co2Saved_g: string;
  readonly quality: string;
};

/**
 * That one trip is among those of a batch. Whoever holds it learns this trip and the hashes beside its way up:
 * these are salted, so other trips cannot be guessed from them, and leaves are ordered by hash, so the place says
 * nothing of when the trip was made.
 */
export type InclusionProof = ProofOfTrip &
  (
    | { readonly format: "evx-inclusion/1"; readonly path: readonly string[] }
    /** In a Merkle-sum tree: the root also commits to how many trips there are and to the grams of all of them. */
    | { readonly format: "evx-inclusion/2"; readonly sum: string; readonly path: readonly WrittenNode[] }
  );

type ProofOfTrip = {
  /** The batch's serial number prefix or id, for the reader; the root is what binds. */
  readonly batch: string;
  readonly root: string;
  readonly trip: LeafTrip;
  /** 32 random-looking bytes of this leaf alone. */
  readonly salt: string;
  readonly place: number;
  readonly leaves: number;
};

/** What kind of tree a batch's root is of: stands in what is hashed for it. */
export const batchTree = "evx-batch/2";

/** First byte of what is hashed, so that a node can never be passed off as a leaf (RFC 6962 §2.1). */
const leafTag = Uint8Array.of(0);
const nodeTag = Uint8Array.of(1);

export const leafBytes = (trip: LeafTrip, salt: Uint8Array): Bytes =>
  joined(leafTag, utf8("evx-trip/1\n"), salt, utf8(canonical(trip)));

export const nodeBytes = (left: Uint8Array, right: Uint8Array): Bytes => joined(nodeTag, left, right);

/** What a leaf's salt is derived from: HMAC-SHA-256 of this under the batch's secret. */
export const saltBytes = (tripId: string): Bytes => utf8(`evx-salt/1\n${tripId}`);

/** Above this a proof is no proof of ours; it bounds the work that a stranger's file can cause. */
const longestPath = 48;

/**
 * The root that a leaf at a place leads to by its path in a tree of so many leaves (RFC 9162 §2.1.3.2).
 * Null when the path is not of the length that the place asks for.
 */
const rootFrom = async (
  leaf: Bytes,
  { place, leaves, path }: Pick<ProofOfTrip, "place" | "leaves"> & { path: readonly Bytes[] },
): Promise<Bytes | null> => {
  let at = place;
  let last = leaves - 1;
  let hash = leaf;
  for (const beside of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await sha256(nodeBytes(beside, hash));
      // A right edge without a partner moves up until it has one.
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await sha256(nodeBytes(hash, beside));
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
};

const isText = (value: unknown): value is string => typeof value === "string";

const isNodes = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= longestPath && readNodes(value) !== null;

/** Whether a value has the shape of a proof. The hashes are judged by `verifyInclusion`. */
export const isInclusionProof = (value: unknown): value is InclusionProof => {
  if (typeof value !== "object" || value === null) return false;
  const proof = value as Partial<Record<keyof InclusionProof | "sum", unknown>>;
  const trip = proof.trip as Partial<Record<keyof LeafTrip, unknown>> | null | undefined;
  return (
    (proof.format === "evx-inclusion/1"
      ? Array.isArray(proof.path) && proof.path.every(isText)
      : proof.format === "evx-inclusion/2" && isText(proof.sum) && isNodes(proof.path)) &&
    isText(proof.batch) &&
    isText(proof.root) &&
    isText(proof.salt) &&
    Number.isSafeInteger(proof.place) &&
    Number.isSafeInteger(proof.leaves) &&
    typeof trip === "object" &&
    trip !== null &&
    isText(trip.startedAt) &&
    isText(trip.endedAt) &&
    isText(trip.co2Saved_g) &&
    isText(trip.quality) &&
    Number.isSafeInteger(trip.distance_m) &&
    (trip.energy_wh === null || Number.isSafeInteger(trip.energy_wh))
  );
};

/**
 * Whether a proof leads to a root, given as hexadecimal (from a certificate, not from the proof itself).
 * Needs nothing but the two: no account, no network. False for anything malformed.
 */
export const verifyInclusion = async (proof: unknown, root: string): Promise<boolean> => {
  if (!isInclusionProof(proof) || proof.path.length > longestPath) return false;
  const salt = fromHex(proof.salt);
  const wanted = fromHex(root);
  const { place, leaves, trip } = proof;
  if (salt?.length !== 32 || wanted?.length !== 32 || hex(wanted) !== proof.root) return false;
  if (place < 0 || place >= leaves || Object.keys(trip).length !== 6) return false;
  const leaf = await sha256(leafBytes(trip, salt));
  if (proof.format === "evx-inclusion/2") {
    const path = readNodes(proof.path);
    if (!path || !/^(0|[1-9]\d{0,18})$/.test(trip.co2Saved_g)) return false;
    const grams = BigInt(trip.co2Saved_g);
    const found = sumRootByPath(sha256Now, batchTree, { hash: leaf, grams }, { place, leaves, path });
    return found !== null && found.root === root && String(found.grams) === proof.sum;
  }
  const path = proof.path.map(fromHex);
  if (!path.every((hash): hash is Bytes => hash?.length === 32)) return false;
  const found = await rootFrom(leaf, { place, leaves, path });
  return found !== null && sameBytes(found, wanted);
};
