import { type Bytes, fromHex, joined, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { isLogProof, logged } from "./logged.ts";
import { sha256Now } from "./sha256.ts";
import { ofFiles, readStrictly, TooMuch, tooMuchIn } from "./strict-json.ts";
import { readNodes, type SumNode, sumRootByPath, type WrittenNode } from "./sum.ts";
import type { Check, LogProof, Trust } from "./verify.ts";

/** What kind of tree a day's book is of: stands in what is hashed for its root. */
export const bookTree = "evx-book/1";

export const holdingStates = ["held", "listed", "retired", "buffer", "cancelled"] as const;
export type HoldingState = (typeof holdingStates)[number];

/**
 * What a leaf of a day's book commits to. What somebody holds stands in two leaves, parted at random, so that nobody
 * who is shown one on their own way up learns a balance.
 */
export type HoldingLeaf = {
  readonly day: string;
  /** The wallet number; "venue" for the buffer and for what is cancelled. */
  readonly holder: string;
  readonly state: HoldingState;
  readonly part: 1 | 2;
  readonly grams: string;
};

const leafTag = Uint8Array.of(0);

export const holdingBytes = (leaf: HoldingLeaf, salt: Uint8Array): Bytes =>
  joined(leafTag, utf8("evx-holding/1\n"), salt, utf8(canonical(leaf)));

/** What a holding's salt is derived from: HMAC-SHA-256 of this under the book's secret. */
export const holdingSaltBytes = ({ holder, state, part }: Omit<HoldingLeaf, "day" | "grams">): Bytes =>
  utf8(`evx-holding-salt/1\n${holder}\n${state}\n${part}`);

/** One of the two leaves, with its way up. */
export type HoldingPart = {
  readonly grams: string;
  readonly salt: string;
  readonly place: number;
  readonly path: readonly WrittenNode[];
};

/** What somebody holds, proven to be in the book of a day. */
export type HoldingFile = {
  readonly format: "evx-holding/1";
  readonly day: string;
  readonly holder: string;
  readonly root: string;
  readonly leaves: number;
  readonly sum: string;
  readonly items: readonly { readonly state: HoldingState; readonly parts: readonly HoldingPart[] }[];
  readonly log: LogProof | null;
};

const isText = (value: unknown): value is string => typeof value === "string";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isPart = (value: unknown): value is HoldingPart =>
  isRecord(value) &&
  isText(value.grams) &&
  /^(0|[1-9]\d{0,18})$/.test(value.grams) &&
  isText(value.salt) &&
  Number.isSafeInteger(value.place) &&
  Array.isArray(value.path);

export const isHoldingFile = (value: unknown): value is HoldingFile =>
  isRecord(value) &&
  value.format === "evx-holding/1" &&
  ["day", "holder", "root", "sum"].every((name) => isText(value[name])) &&
  Number.isSafeInteger(value.leaves) &&
  Array.isArray(value.items) &&
  value.items.length <= holdingStates.length &&
  value.items.every(
    (item) =>
      isRecord(item) &&
      holdingStates.some((state) => state === item.state) &&
      Array.isArray(item.parts) &&
      item.parts.length === 2 &&
      item.parts.every(isPart),
  );

export type HoldingVerdict = {
  readonly ok: boolean;
  /** Whose balance it is, and of which day: anybody can show somebody else's. Null for what is no such file. */
  readonly holder: string | null;
  readonly day: string | null;
  /** Grams by state, as proven; empty when the proof fails. */
  readonly grams: ReadonlyMap<HoldingState, bigint>;
  readonly checks: readonly Check[];
};

const failed = (detail: string, of: Partial<HoldingFile> = {}): HoldingVerdict => ({
  ok: false,
  holder: of.holder ?? null,
  day: of.day ?? null,
  grams: new Map(),
  checks: [{ name: "holding", ok: false, detail }],
});

/** The leaf and the way of each part lead to the file's root; a sentence otherwise. */
const wayFault = (file: HoldingFile): string | null => {
  const places = new Set<number>();
  for (const { state, parts } of file.items)
    for (const [at, { grams, salt, place, path }] of parts.entries()) {
      const bytes = fromHex(salt);
      const beside = path.length <= 48 ? readNodes(path) : null;
      if (bytes?.length !== 32 || !beside) return "Its path is none.";
      if (places.has(place)) return "One leaf is shown twice.";
      places.add(place);
      const leaf: HoldingLeaf = {
        day: file.day,
        holder: file.holder,
        state,
        part: at === 0 ? 1 : 2,
        grams,
      };
      const node: SumNode = { hash: sha256Now(holdingBytes(leaf, bytes)), grams: BigInt(grams) };
      const way = { place, leaves: file.leaves, path: beside };
      const found = sumRootByPath(sha256Now, bookTree, node, way);
      if (found?.root !== file.root || String(found.grams) !== file.sum)
        return `What it says is ${state} does not lead to the root of the book of ${file.day}.`;
    }
  return null;
};

/** The logged book names this very root, and as many grams as were ever issued. */
const entryFault = (text: string, file: HoldingFile): string | null => {
  try {
    const entry = Object(readStrictly(text));
    const holdings = Object(Reflect.get(entry, "holdings"));
    const issued = Reflect.get(Object(Reflect.get(entry, "totals")), "issued");
    if (Reflect.get(entry, "kind") !== "book" || Reflect.get(entry, "day") !== file.day)
      return "The entry in the log is none of this day's book.";
    const same =
      Reflect.get(holdings, "root") === file.root &&
      Reflect.get(holdings, "size") === file.leaves &&
      Reflect.get(holdings, "sum") === file.sum;
    if (!same) return `The log's book of ${file.day} has another root.`;
    return issued === file.sum
      ? null
      : `The log's book of ${file.day} gives out ${file.sum} g, and ${String(issued)} g were issued.`;
  } catch {
    return "The entry in the log is not JSON that everybody reads alike.";
  }
};

/**
 * Whether what somebody holds is in the day's book, as the file says, and the book is in the public log. Needs neither
 * network nor account. `holder` is the wallet number that the reader knows to be theirs: two people shown one leaf
 * would notice. Never throws.
 */
export const verifyHolding = async (
  json: unknown,
  { holder, ...trust }: Trust & { holder?: string } = {},
): Promise<HoldingVerdict> => {
  let file: unknown = json;
  try {
    if (typeof json === "string") file = readStrictly(json, ofFiles);
    const tooMuch = typeof json === "string" ? null : tooMuchIn(json, ofFiles);
    if (tooMuch) return failed(`No holding is so large: ${tooMuch}.`);
  } catch (error) {
    if (error instanceof TooMuch) return failed(`No holding is so large: ${error.message}.`);
    return failed("The file is not JSON that everybody reads alike.");
  }
  // The answer of /api/book/proof has the file within.
  const within: unknown = Reflect.get(Object(file), "file");
  if (within !== undefined) file = within;
  if (within === null) return failed("The day's book has nothing of this holder.");
  if (!isHoldingFile(file)) return failed("The file is not an evx-holding/1.");
  if (holder !== undefined && holder !== file.holder)
    return failed(`The file is about ${file.holder}, not about ${holder}.`, file);
  const fault = wayFault(file);
  if (fault) return failed(fault, file);
  const grams = new Map<HoldingState, bigint>();
  for (const { state, parts } of file.items) {
    if (grams.has(state)) return failed(`It says twice what is ${state}.`, file);
    grams.set(
      state,
      parts.reduce((sum, part) => sum + BigInt(part.grams), 0n),
    );
  }
  const { log } = file;
  const wrong = isLogProof(log) ? entryFault(log.entry, file) : null;
  const checks: Check[] = [
    // Whoever hides a balance would give out a file that shows none: it proves nothing.
    {
      name: "holding",
      ok: grams.size > 0 ? true : null,
      detail:
        grams.size > 0
          ? `What ${file.holder} held is in the book of ${file.day}, among ${file.leaves} leaves.`
          : `The file shows nothing of ${file.holder}.`,
    },
    ...(wrong ? [{ name: "log" as const, ok: false, detail: wrong }] : await logged(log, trust)),
  ];
  return {
    ok: checks.every(({ ok }) => ok !== false),
    holder: file.holder,
    day: file.day,
    grams,
    checks,
  };
};
