import { describe, expect, test } from "bun:test";
import { hex } from "./bytes.ts";
import { batchTree, type LeafTrip, verifyInclusion } from "./merkle.ts";
import { sha256Now } from "./sha256.ts";
import { readNodes, sumRootByPath, sumTree } from "./sum.ts";
import { leafOf, newTreeSecret, plainRootOf, plantTree, proofOf, tripNode } from "./tree.ts";

const trip = (): LeafTrip => ({
  startedAt: "2026-02-01T07:30:00.000Z",
  endedAt: "2026-02-01T08:10:00.000Z",
  distance_m: 15_250,
  energy_wh: 2_790,
  co2Saved_g: "1525",
  quality: "manual",
});

/** An id as the venue gives them out: a prefix and 26 letters of base 32. */
const idOf = (prefix: string): string =>
  `${prefix}_0${Array.from(crypto.getRandomValues(new Uint8Array(25)), (byte) => "0123456789abcdefghjkmnpqrstvwxyz"[byte & 31]).join("")}`;

type Named = { id: string; facts: LeafTrip };

/** As many trips, all alike but for their ids. */
const trips = (count: number): Named[] =>
  Array.from({ length: count }, () => ({ id: idOf("trp"), facts: trip() }));

const treeOf = (list: readonly Named[]) => {
  const secret = newTreeSecret();
  const planted = plantTree(list.map(({ id, facts }) => tripNode(id, facts, secret)));
  return { batch: "bat_1", secret, ...planted };
};

/** The same as trees were before their nodes committed to grams. */
const plainTreeOf = (list: readonly Named[]) => {
  const { root: _, sums: __, grams: ___, ...tree } = treeOf(list);
  return { ...tree, sums: null, root: plainRootOf(tree.leaves) };
};

for (const [kind, grow] of [
  ["Merkle-sum", treeOf],
  ["older", plainTreeOf],
] as const)
  describe(`inclusion proofs in a tree of the ${kind} kind`, () => {
    test("in a tree of any size every trip has a proof that leads to the root", async () => {
      for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31, 33]) {
        const list = trips(size);
        const tree = grow(list);
        for (const { id, facts } of list) {
          expect(await verifyInclusion(proofOf(tree, id, facts), tree.root)).toBe(true);
        }
      }
    });

    test("a trip that differs in any member has no proof, and the proof of the true one does not fit it", async () => {
      const list = trips(6);
      const tree = grow(list);
      const [first] = list;
      const proof = first && proofOf(tree, first.id, first.facts);
      if (!first || !proof) throw new Error("no proof");
      expect(await verifyInclusion(proof, tree.root)).toBe(true);
      const changes: Partial<LeafTrip>[] = [
        { distance_m: first.facts.distance_m + 1 },
        { energy_wh: null },
        { co2Saved_g: "1526" },
        { startedAt: "2026-02-01T07:30:00.001Z" },
        { endedAt: "2026-02-01T08:10:01.000Z" },
        { quality: "connected" },
      ];
      for (const change of changes) {
        const changed = { ...first.facts, ...change };
        expect(proofOf(tree, first.id, changed)).toBeNull();
        expect(await verifyInclusion({ ...proof, trip: changed }, tree.root)).toBe(false);
      }
      expect(proofOf(tree, idOf("trp"), first.facts)).toBeNull();
    });

    test("a changed salt, place, size, path or root fails", async () => {
      const list = trips(7);
      const tree = grow(list);
      for (const { id, facts } of list) {
        const proof = proofOf(tree, id, facts);
        if (!proof) throw new Error("no proof");
        const other = hex(newTreeSecret());
        const broken = [
          { ...proof, salt: other },
          { ...proof, place: (proof.place + 1) % proof.leaves },
          { ...proof, place: -1 },
          { ...proof, place: proof.leaves },
          { ...proof, leaves: proof.leaves * 4 },
          { ...proof, path: proof.path.slice(1) },
          { ...proof, path: [...proof.path, proof.path[0]] },
          { ...proof, path: [...proof.path, other] },
          { ...proof, path: [...proof.path].reverse() },
          { ...proof, path: proof.path.map(() => "zz") },
          { ...proof, root: other },
          { ...proof, trip: { ...proof.trip, more: "x" } },
          { ...proof, format: "evx-inclusion/3" },
          { ...proof, format: kind === "older" ? "evx-inclusion/2" : "evx-inclusion/1" },
          null,
          "proof",
        ];
        for (const bad of broken) expect(await verifyInclusion(bad, tree.root)).toBe(false);
        expect(await verifyInclusion(proof, other)).toBe(false);
        expect(await verifyInclusion(proof, "")).toBe(false);
      }
    });

    test("a node of the tree cannot be passed off as a leaf", async () => {
      const list = trips(4);
      const tree = grow(list);
      const proof = proofOf(tree, list[0]?.id ?? "", trip());
      if (!proof) throw new Error("no proof");
      // One level less: the pair's node where the leaf was.
      const shorter = { ...proof, place: 0, leaves: 2, path: proof.path.slice(1) };
      expect(await verifyInclusion(shorter, tree.root)).toBe(false);
    });

    test("a proof names neither position, vehicle nor trip, and one trip has unlike leaves in two batches", () => {
      const list = trips(2);
      const [tree, again] = [grow(list), grow(list)];
      const [first] = list;
      const proof = first && proofOf(tree, first.id, first.facts);
      if (!first || !proof) throw new Error("no proof");
      expect(Object.keys(proof.trip).sort()).toEqual([
        "co2Saved_g",
        "distance_m",
        "endedAt",
        "energy_wh",
        "quality",
        "startedAt",
      ]);
      expect(JSON.stringify(proof)).not.toContain(first.id);
      expect(proof.salt).not.toBe(proofOf(again, first.id, first.facts)?.salt);
      expect(hex(leafOf(first.id, first.facts, tree.secret))).not.toBe(
        hex(leafOf(first.id, first.facts, again.secret)),
      );
    });
  });

test("the order in which trips are told does not change the root; no trips have none", () => {
  const secret = newTreeSecret();
  const list = trips(9);
  const root = (named: readonly Named[]) =>
    plantTree(named.map(({ id, facts }) => tripNode(id, facts, secret))).root;
  expect(root([...list].reverse())).toBe(root(list));
  expect(() => plantTree([])).toThrow(RangeError);
  expect(() => plainRootOf(new Uint8Array())).toThrow(RangeError);
});

describe("a Merkle-sum tree's root", () => {
  const secret = newTreeSecret();
  const list = trips(7);
  const tree = plantTree(list.map(({ id, facts }) => tripNode(id, facts, secret)));

  test("commits to the grams of all trips and to how many there are", async () => {
    expect(tree.grams).toBe(7n * 1525n);
    const proof = proofOf({ batch: "bat_1", secret, ...tree }, list[3]?.id ?? "", trip());
    expect(await verifyInclusion(proof, tree.root)).toBe(true);
    for (const lie of [{ sum: "10674" }, { leaves: 8 }, { leaves: 6 }, { leaves: 5 }])
      expect(await verifyInclusion({ ...proof, ...lie }, tree.root), JSON.stringify(lie)).toBe(false);
  });

  test("is another when a trip is left out, invented, or its grams are written otherwise", () => {
    const nodes = Array.from({ length: 7 }, (_, at) => ({
      hash: tree.leaves.slice(at * 32, at * 32 + 32),
      grams: 1525n,
    }));
    const root = (given: typeof nodes) =>
      sumTree(sha256Now, batchTree, { count: given.length, leaf: (at) => given[at] as (typeof nodes)[0] })
        .root;
    expect(root(nodes)).toBe(tree.root);
    expect(root(nodes.slice(1))).not.toBe(tree.root);
    expect(root([...nodes, { hash: newTreeSecret(), grams: 0n }])).not.toBe(tree.root);
    const [first, second, ...rest] = nodes;
    const shifted = [{ ...first, grams: 1524n }, { ...second, grams: 1526n }, ...rest] as typeof nodes;
    expect(root(shifted)).not.toBe(tree.root);
  });

  test("no node has less than nothing, or more than there can be", () => {
    for (const grams of ["-5", "1e3", "01", "", "9999999999999999999999"])
      expect(readNodes([{ hash: "ab".repeat(32), grams }])).toBeNull();
    const leaf = { hash: newTreeSecret(), grams: 2n ** 63n - 1n };
    const place = { place: 0, leaves: 2, path: [{ hash: newTreeSecret(), grams: 1n }] };
    expect(sumRootByPath(sha256Now, batchTree, leaf, place)).toBeNull();
  });
});
