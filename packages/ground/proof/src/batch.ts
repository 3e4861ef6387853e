import { type Bytes, fromHex, hex } from "./bytes.ts";
import { accreditationFault, daysFault } from "./days.ts";
import { isLogProof, logged } from "./logged.ts";
import { batchTree, nodeBytes } from "./merkle.ts";
import type { Fetch } from "./replay.ts";
import { sha256Now } from "./sha256.ts";
import { type Limits, readStrictly } from "./strict-json.ts";
import { parting, readNodes, type SumNode, sumTree } from "./sum.ts";
import type { Check, Trust } from "./verify.ts";

/** What a stranger finds of a batch. */
export type BatchVerdict = {
  readonly ok: boolean;
  readonly grams: bigint;
  readonly checks: readonly Check[];
};

const failed = (name: Check["name"], detail: string): BatchVerdict => ({
  ok: false,
  grams: 0n,
  checks: [{ name, ok: false, detail }],
});

/** More trips than a batch can have: it bounds the work that a stranger's answer can cause. */
const mostLeaves = 2_000_000;

const plainRoot = (leaves: readonly Bytes[], from: number, to: number): Bytes => {
  if (to - from === 1) return leaves[from] as Bytes;
  const middle = from + parting(to - from);
  return sha256Now(nodeBytes(plainRoot(leaves, from, middle), plainRoot(leaves, middle, to)));
};

/** What of an answer with so many leaves is read: each is an object of two members. */
const ofLeaves: Limits = { items: mostLeaves, values: mostLeaves * 3 + 1_000 };

/** Root and grams that the leaves give; grams are null where the tree commits to none. */
const rootOf = (items: readonly unknown[]): { root: string; grams: bigint | null } | null => {
  if (items.length === 0) return null;
  if (items.some((item) => Reflect.get(Object(item), "grams") === null)) {
    const hashes = items.map((item) => fromHex(String(Reflect.get(Object(item), "hash"))));
    if (!hashes.every((hash): hash is Bytes => hash?.length === 32)) return null;
    return { root: hex(plainRoot(hashes, 0, hashes.length)), grams: null };
  }
  const nodes = readNodes(items);
  if (!nodes) return null;
  try {
    return sumTree(sha256Now, batchTree, { count: nodes.length, leaf: (at) => nodes[at] as SumNode });
  } catch {
    return null;
  }
};

/**
 * Checks that a batch's trips are those that the public log has: `batch` is the answer of
 * /api/public/batches/{number}, `leaves` that of /api/public/batches/{number}/leaves. The leaves give the root, the
 * grams and the count that the logged entry names. Never throws.
 */
export const verifyBatch = async (
  batch: unknown,
  leaves: unknown,
  trust: Trust = {},
): Promise<BatchVerdict> => {
  const log: unknown = Reflect.get(Object(batch), "log");
  const items: unknown = Reflect.get(Object(leaves), "items");
  const number = String(Reflect.get(Object(batch), "number"));
  if (!isLogProof(log)) return failed("log", `Batch ${number} has no proof that it was logged.`);
  if (!Array.isArray(items)) return failed("leaves", `Batch ${number} shows no leaves.`);
  if (items.length > mostLeaves)
    return failed(
      "leaves",
      `Batch ${number} shows ${items.length} trips; ${mostLeaves} are the most that are read.`,
    );
  let entry: Record<string, unknown>;
  try {
    entry = Object(readStrictly(log.entry)) as Record<string, unknown>;
  } catch {
    return failed("log", "The entry in the log is not JSON that everybody reads alike.");
  }
  if (entry.kind !== "batch_issued" || entry.batch !== number)
    return failed("log", `The entry in the log is not about batch ${number}.`);
  const tree = Object(entry.tree) as Record<string, unknown>;
  const found = rootOf(items);
  const sum = found?.grams === null ? null : String(found?.grams);
  const twice = items.length - new Set(items.map((item) => Reflect.get(Object(item), "hash"))).size;
  const wrong =
    twice > 0
      ? `Batch ${number} counts ${twice} of its trips more than once.`
      : found?.root !== tree.root
        ? `The trips of batch ${number} do not give the root that was logged.`
        : items.length !== tree.size
          ? `Batch ${number} shows ${items.length} trips, the log says ${String(tree.size)}.`
          : sum !== tree.sum || (sum !== null && sum !== entry.grams)
            ? `The trips of batch ${number} give ${sum} g, the log says ${String(entry.grams)} g.`
            : (daysFault(entry) ?? accreditationFault(entry));
  const checks: Check[] = [
    {
      name: "leaves",
      ok: wrong === null,
      detail:
        wrong ?? `${items.length} trips give the root and the ${String(entry.grams)} g that were logged.`,
    },
    ...(await logged(log, trust)),
  ];
  return { ok: checks.every(({ ok }) => ok !== false), grams: found?.grams ?? 0n, checks };
};

/** The same over the network, for the batch of a number. */
export const checkBatch = async (
  { url, number, fetch }: { url: string; number: string; fetch: Fetch },
  trust: Trust = {},
): Promise<BatchVerdict> => {
  const base = `${url.replace(/\/$/, "")}/api/public/batches/${encodeURIComponent(number)}`;
  try {
    const read = async (address: string): Promise<unknown> => {
      const bytes = await fetch(address);
      if (!bytes) throw new Error(`${address} answers nothing.`);
      return readStrictly(new TextDecoder("utf-8", { fatal: true }).decode(bytes), ofLeaves);
    };
    const batch = await read(base);
    const answered = String(Reflect.get(Object(batch), "number")).slice(0, 40);
    // As a person writes it: 7, or 000007.
    if (answered !== number.padStart(6, "0"))
      return failed("log", `${number} was asked for, and the answer is about ${answered}.`);
    return await verifyBatch(batch, await read(`${base}/leaves`), trust);
  } catch (error) {
    return failed("leaves", error instanceof Error ? error.message : String(error));
  }
};
