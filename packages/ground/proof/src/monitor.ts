import { type Book, emptyBook } from "./book.ts";
import { hex } from "./bytes.ts";
import { type Checkpoint, type NoteKey, readCheckpoint, readNoteKey, signedAt } from "./log/index.ts";
import { openFaults } from "./open.ts";
import { advance, type Fetch, type Onlooker, type Replay, startReplay } from "./replay.ts";
import {
  compareRows,
  headAt,
  headFaults,
  lateFaults,
  loggedSoFar,
  type StateHead,
  stillLate,
  type Totals,
  totalFaults,
} from "./state.ts";
import { readStrictly } from "./strict-json.ts";

export type { Book } from "./book.ts";
export { overNetwork } from "./network.ts";
export type { Fetch } from "./replay.ts";

/** What a monitor keeps from one run to the next, to see that nothing before it was rewritten. */
export type Remembered = {
  readonly origin: string;
  readonly key: string;
  readonly size: number;
  readonly root: string;
};

export type Report = {
  /** Null when nothing could be read. */
  readonly remember: Remembered | null;
  readonly size: number;
  readonly witnessed: number;
  /** Every fault, the first found first; none means that all of it holds. */
  readonly faults: readonly string[];
  readonly book: Book;
};

export type MonitorInput = {
  /** The registry's address, or its log's parent. */
  readonly url: string;
  readonly fetch: Fetch;
  /** From the last run; without it the log's key is taken from the registry and trusted from then on. */
  readonly remembered?: Remembered | null;
  /** Roots that were published before, by size: each must be the root of the log's beginning. */
  readonly published?: readonly { readonly size: number; readonly root: string }[];
  /** How long the log may take until it shows what the registry's rows show; ten seconds unless told. */
  readonly patience_ms?: number;
};

const text = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

const wholeText = async (fetch: Fetch, address: string): Promise<string> => {
  const bytes = await fetch(address);
  if (!bytes) throw new Error(`${address} answers nothing.`);
  return text(bytes);
};

type Facts = { log: NoteKey; text: string; witnesses: NoteKey[]; wanted: number };

/** Who the registry says it is; with a key pinned, that it is still the same. */
const factsAt = async (fetch: Fetch, url: string, pinned: string | undefined): Promise<Facts> => {
  const facts = Object(readStrictly(await wholeText(fetch, `${url}/.well-known/evx-registry.json`)));
  const named = String(Reflect.get(Object(Reflect.get(facts, "log")), "key"));
  const log = readNoteKey(named);
  if (log?.kind !== "log") throw new Error("The registry names no key of its log.");
  if (pinned !== undefined && pinned !== named)
    throw new Error("The log's key is another than the one you know.");
  const listed: unknown = Reflect.get(facts, "witnesses");
  const witnesses = (Array.isArray(listed) ? listed : []).flatMap(
    (witness) => readNoteKey(String(Reflect.get(Object(witness), "key"))) ?? [],
  );
  const wanted = Number(Reflect.get(Object(Reflect.get(facts, "policy")), "witnessesWanted") ?? 0);
  return { log, text: named, witnesses, wanted };
};

const checkpointAt = async (fetch: Fetch, url: string, key: NoteKey): Promise<Checkpoint> => {
  const checkpoint = readCheckpoint(await wholeText(fetch, `${url}/log/checkpoint`));
  if (!checkpoint) throw new Error("The log's checkpoint is none.");
  if (checkpoint.origin !== key.name)
    throw new Error(`The checkpoint is of ${checkpoint.origin}, not of ${key.name}.`);
  if ((await signedAt(checkpoint, key)) !== true)
    throw new Error("The checkpoint is not signed by the log's key.");
  return checkpoint;
};

const witnessedBy = async (checkpoint: Checkpoint, witnesses: readonly NoteKey[]): Promise<number> =>
  (await Promise.all(witnesses.map((key) => signedAt(checkpoint, key)))).filter(
    (time) => typeof time === "number",
  ).length;

/**
 * Counts what the registry's totals must be: everything before the head's size, and what was entered by then without a
 * number.
 */
const counting = (book: Book, head: StateHead): { look: Onlooker; totals: Totals; missing: Set<string> } => {
  const now = (): Totals => ({ issued: book.issued, retired: book.retired, cancelled: book.cancelled });
  const totals = now();
  const missing = new Set(head.pending);
  const look: Onlooker = (place, leaf, read) => {
    const before = now();
    read();
    if (place >= head.size && !missing.delete(hex(leaf))) return;
    for (const name of ["issued", "retired", "cancelled"] as const) totals[name] += book[name] - before[name];
  };
  return { look, totals, missing };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Holds the registry's rows against the log, and gives the log time to show what the rows show already. */
const compared = async (
  replay: Replay,
  { fetch, url, patience_ms = 10_000 }: MonitorInput,
  { log, witnesses, wanted }: Facts,
  first: Checkpoint,
): Promise<{ checkpoint: Checkpoint; witnessed: number }> => {
  const { book, faults } = replay;
  const before = loggedSoFar(book);
  let head = await headAt(fetch, url);
  // What is shown may be a moment old.
  for (let waited = 0; head.size < first.size && waited < patience_ms; waited += 500) {
    await pause(500);
    head = await headAt(fetch, url);
  }
  if (head.size < first.size)
    faults.push(`The registry shows itself as of ${head.size} entries, its log has ${first.size}.`);
  const rows = await compareRows(fetch, url, book);
  faults.push(...rows.faults);
  const { look, totals, missing } = counting(book, head);
  let [checkpoint, witnessed] = [first, 0];
  for (let waited = 0; ; waited += 500) {
    checkpoint = await checkpointAt(fetch, url, log);
    if (checkpoint.size < replay.edge.size)
      throw new Error(
        `The log had ${replay.edge.size} entries and has ${checkpoint.size}: its end was cut off.`,
      );
    await advance(replay, { fetch, url }, checkpoint, look);
    // A checkpoint is there a moment before others have put their names under it.
    witnessed = Math.max(witnessed, await witnessedBy(checkpoint, witnesses));
    const open =
      witnessed < wanted ||
      replay.edge.size < head.size ||
      missing.size > 0 ||
      stillLate(book, rows.late).length > 0 ||
      !openFaults(book).next().done;
    if (!open || waited >= patience_ms || faults.length > 0) break;
    await pause(500);
  }
  faults.push(...lateFaults(book, rows.late));
  if (missing.size > 0) faults.push(`${missing.size} entries wait to be numbered and are not.`);
  faults.push(...headFaults(book, before, head), ...totalFaults(head, totals), ...openFaults(book));
  return { checkpoint, witnessed };
};

/**
 * Watches a registry from outside, without an account: follows its log from the last state, replays every entry into a
 * book of its own, and holds against it what the registry shows. Each fault is a sentence that names the first entry
 * or row that is wrong. Never throws: what cannot be read is a fault.
 */
export const monitor = async (input: MonitorInput): Promise<Report> => {
  const { fetch, remembered } = input;
  const url = input.url.replace(/\/$/, "");
  const failed = (fault: string): Report => ({
    remember: null,
    size: 0,
    witnessed: 0,
    faults: [fault],
    book: emptyBook(),
  });
  try {
    const facts = await factsAt(fetch, url, remembered?.key);
    const first = await checkpointAt(fetch, url, facts.log);
    if (remembered && first.size < remembered.size)
      return failed(`The log had ${remembered.size} entries and has ${first.size}: its end was cut off.`);
    const { published = [] } = input;
    const sizes = [...(remembered ? [remembered] : []), ...published].map(({ size }) => size);
    const replay = startReplay(sizes);
    await advance(replay, { fetch, url }, first);
    const { faults, book } = replay;
    if (remembered && replay.roots.get(remembered.size) !== remembered.root)
      faults.unshift(
        `The first ${remembered.size} entries are not those that were seen before: the log has forked.`,
      );
    for (const { size, root } of published)
      if (replay.roots.get(size) !== root)
        faults.push(`The checkpoint of ${size} entries has another root than the log's first ${size}.`);
    const { checkpoint, witnessed } = await compared(replay, { ...input, url }, facts, first);
    if (witnessed < facts.wanted)
      faults.push(`${witnessed} witnesses signed the checkpoint, ${facts.wanted} are promised.`);
    const { size, root, origin } = checkpoint;
    return { remember: { origin, key: facts.text, size, root: hex(root) }, size, witnessed, faults, book };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
};
