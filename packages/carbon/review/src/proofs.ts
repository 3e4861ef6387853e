import { audit } from "@evx/audit";
import { treesOf } from "@evx/certificates";
import { batchesOfRequest } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { countedGrams, type FrozenFactors } from "@evx/emissions";
import { emit } from "@evx/jobs";
import { assert, type Id } from "@evx/kernel";
import type { Bytes, InclusionProof, LeafTrip } from "@evx/proof";
import {
  newTreeSecret,
  type Planted,
  plainRootOf,
  plantTree,
  proofOf,
  type SumNode,
  tripNode,
} from "@evx/proof/tree";
import type { Actor } from "@evx/rpc";
import { type BasisTrip, eachTripOfRequest, tripsOfRequestByIds } from "@evx/trips";
import { refuse } from "./errors.ts";
import { recomputeFailed } from "./events.ts";
import { type RequestRow, requestRow } from "./queries/requests.ts";
import { insertRecomputation, leastRecomputed } from "./queries/review.ts";

const leafTrip = (trip: BasisTrip): LeafTrip => ({
  startedAt: trip.startedAt.toISOString(),
  endedAt: trip.endedAt.toISOString(),
  distance_m: trip.distance_m,
  energy_wh: trip.energy_wh,
  co2Saved_g: String(trip.co2Saved_g),
  quality: trip.quality,
});

/**
 * The vintage of a trip among those of a request: its year where it was driven. A year whose trips saved nothing has no
 * batch of its own; its trips stand in the oldest one.
 */
const vintageOf = ({ year }: Pick<BasisTrip, "year">, vintages: readonly number[]): number =>
  vintages.includes(year) ? year : Math.min(...vintages);

/** Reads a request's trips once: the leaves of each vintage under its secret, and what all give by the frozen factors. */
const weighed = async (
  db: Db,
  requestId: Id<"request">,
  factors: FrozenFactors,
  secrets: ReadonlyMap<number, Uint8Array>,
) => {
  const vintages = [...secrets.keys()];
  const nodes = new Map(vintages.map((vintage): [number, SumNode[]] => [vintage, []]));
  let grams = 0n;
  for await (const trip of eachTripOfRequest(db, requestId)) {
    const { distance_m, energy_wh, startedAt } = trip;
    // The grid's year is UTC's, so that no gram depends on a zone.
    grams += countedGrams({ distance_m, energy_wh, year: startedAt.getUTCFullYear() }, factors);
    const vintage = vintageOf(trip, vintages);
    const secret = secrets.get(vintage);
    if (secret) nodes.get(vintage)?.push(tripNode(trip.id, leafTrip(trip), secret));
  }
  return { grams, nodes };
};

/** A Merkle-sum tree: `grams` are what its root commits to. */
export type Tree = Planted & { secret: Bytes; grams: bigint; root: string };

/**
 * A tree for each vintage over the trips that a request still holds, and their grams computed anew from the frozen
 * factors, which are those that the trees' roots commit to. Stored by `insertTree` of certificates with their batches.
 */
export const growTrees = async (
  tx: Tx,
  request: Pick<RequestRow, "id" | "factors">,
  vintages: readonly number[],
): Promise<{ trees: ReadonlyMap<number, Tree>; recomputed: bigint }> => {
  const secrets = new Map(vintages.map((vintage) => [vintage, newTreeSecret()]));
  const { grams, nodes } = await weighed(tx, request.id, request.factors as FrozenFactors, secrets);
  const trees = new Map<number, Tree>();
  for (const [vintage, secret] of secrets)
    trees.set(vintage, { secret, ...plantTree(nodes.get(vintage) ?? []) });
  return { trees, recomputed: grams };
};

/** The trees of an issued request by vintage; none before that. */
const treesByVintage = async (db: Db, requestId: Id<"request">) => {
  const [trees, batches] = await Promise.all([treesOf(db, requestId), batchesOfRequest(db, requestId)]);
  return new Map(
    trees.map((tree) => {
      const batch = batches.find(({ id }) => id === tree.batch_id);
      assert(batch, `the batch of the tree ${tree.root} was issued`);
      return [batch.vintageYear, tree];
    }),
  );
};

/**
 * The proof that one of the owner's trips is among those of an issued batch. It names neither position, vehicle nor
 * trip. Refuses `proof_not_available`; and `proof_trip_changed` when the trip is no longer as its leaf says.
 */
export const proveTrip = async (
  db: Db,
  owner: Pick<Actor, "id">,
  { id, tripId }: { id: Id<"request">; tripId: Id<"trip"> },
): Promise<{ proof: InclusionProof; certificateNumber: string | null }> => {
  const request = await requestRow(db, id);
  if (request?.owner_id !== owner.id || !request.batch_id) throw refuse("proof_not_available");
  const [trees, [trip]] = await Promise.all([treesByVintage(db, id), tripsOfRequestByIds(db, id, [tripId])]);
  const tree = trip && trees.get(vintageOf(trip, [...trees.keys()]));
  if (!tree) throw refuse("proof_not_available");
  const proof = proofOf(
    {
      batch: tree.batch_id,
      secret: tree.secret,
      leaves: new Uint8Array(tree.leaves),
      sums: tree.sums && new Uint8Array(tree.sums),
    },
    tripId,
    leafTrip(trip),
  );
  if (!proof) throw refuse("proof_trip_changed");
  return { proof, certificateNumber: request.certificate_number };
};

/** Whether trips give the tree that is stored; an older one commits to no grams. */
const grownAgain = (
  nodes: readonly SumNode[],
  tree: { root: string; sums: Uint8Array | null; sum_g: bigint | null },
): boolean => {
  if (nodes.length === 0) return false;
  const planted = plantTree(nodes);
  if (tree.sums === null) return plainRootOf(planted.leaves) === tree.root;
  return planted.root === tree.root && planted.grams === tree.sum_g;
};

/** What the trips of a request give by its frozen factors now; and of each of its vintages, what its tree was. */
export const reproduced = async (db: Db, request: Pick<RequestRow, "id" | "factors">) => {
  const trees = await treesByVintage(db, request.id);
  const secrets = new Map([...trees].map(([vintage, { secret }]) => [vintage, secret]));
  const { grams, nodes } = await weighed(db, request.id, request.factors as FrozenFactors, secrets);
  const vintages = [...trees].map(([vintage, tree]) => {
    const of = nodes.get(vintage) ?? [];
    const found = { trips: of.length, grams: of.reduce((sum, node) => sum + node.grams, 0n) };
    return [vintage, { ...found, tree, sameTree: grownAgain(of, tree) }] as const;
  });
  return { grams, vintages: new Map(vintages) };
};

export type Recomputation = {
  matches: boolean;
  expected_g: bigint;
  found_g: bigint;
  /** Whether every leaf of the batch's tree comes out again; null before a batch is issued. */
  proofMatches: boolean | null;
  at: Date;
};

/**
 * Computes a request again from its frozen trips and factors: the same gram, and the same Merkle root once it is
 * issued. Keeps the outcome; a mismatch is an alarm (`recomputeFailed`), never a correction. Refuses
 * `request_not_found`.
 */
export const recompute = async (
  tx: Tx,
  actor: Pick<Actor, "id"> | null,
  id: Id<"request">,
): Promise<Recomputation> => {
  const request = await requestRow(tx, id);
  if (!request) throw refuse("request_not_found");
  const trees = await treesByVintage(tx, request.id);
  const expected_g = request.issued_g ?? request.co2_saved_g;
  const secrets = new Map([...trees].map(([vintage, { secret }]) => [vintage, secret]));
  const { grams, nodes } = await weighed(tx, request.id, request.factors as FrozenFactors, secrets);
  const proofMatches =
    trees.size > 0 ? [...trees].every(([vintage, tree]) => grownAgain(nodes.get(vintage) ?? [], tree)) : null;
  const proven = proofMatches !== false;
  const matches = grams === expected_g && proven;
  await insertRecomputation(tx, {
    requestId: request.id,
    expected_g,
    found_g: grams,
    leavesMatch: proven,
    askedBy: actor?.id ?? null,
  });
  if (actor)
    await audit(tx, actor, "request.recompute", request.id, {
      after: { at: tx.at.toISOString(), grams: String(grams), matches },
    });
  if (!matches) {
    await audit(tx, null, "request.recompute_failed", request.id, {
      before: { grams: String(expected_g) },
      after: { grams: String(grams), proofMatches: proven },
    });
    await emit(tx, recomputeFailed, {
      requestId: request.id,
      batchId: request.batch_id,
      expected: String(expected_g),
      found: String(grams),
      proofMatches: proofMatches !== false,
    });
  }
  return { matches, expected_g, found_g: grams, proofMatches, at: tx.at };
};

/** The outcome as the wire names it. */
export const recomputedView = ({ matches, expected_g, found_g, proofMatches, at }: Recomputation) => ({
  matches,
  expectedKg: expected_g,
  foundKg: found_g,
  proofMatches,
  checkedAt: at,
});

/** Requests whose turn it is to be computed again. */
export const nextToRecompute = async (db: Db, limit: number): Promise<Id<"request">[]> =>
  (await leastRecomputed(db, limit)).map(({ id }) => id);
