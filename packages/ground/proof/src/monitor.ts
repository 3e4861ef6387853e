import { type Book, emptyBook } from "./book.ts";
import { hex } from "./bytes.ts";
import { machineNow } from "./clock.ts";
import {
  checkpointAt,
  isRemembered,
  knownKeyFaults,
  type Pinned,
  promiseFaults,
  type Registry,
  type Remembered,
  registryAt,
  witnessedAt,
} from "./facts.ts";
import { type Checkpoint, lastOf, noteKeyText } from "./log/index.ts";
import { openFaults } from "./open.ts";
import { advance, type Fetch, type Onlooker, type Replay, startReplay } from "./replay.ts";
import {
  type Before,
  compareRows,
  headAt,
  headFaults,
  keyFaults,
  lateFaults,
  loggedSoFar,
  type StateHead,
  stillLate,
  type Totals,
  totalFaults,
} from "./state.ts";

export type { Book } from "./book.ts";
export { isRemembered, type Pinned, type Remembered, readRemembered } from "./facts.ts";
export { overNetwork } from "./network.ts";
export type { Fetch } from "./replay.ts";

export type Report = {
  /** Null when nothing could be read. */
  readonly remember: Remembered | null;
  readonly size: number;
  readonly witnessed: number;
  /** When the last witness signed; null where none did. */
  readonly witnessedAt: string | null;
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
  /** From the registry's facts that were kept. What is remembered as well is held against it too. */
  readonly pinned?: Pinned | null;
  /** Roots that were published before, by size: each must be the root of the log's beginning. */
  readonly published?: readonly { readonly size: number; readonly root: string }[];
  /** How long the log may take until it shows what the registry's rows show; ten seconds unless told. */
  readonly patience_ms?: number;
  /** The monitor's own clock. */
  readonly now?: Date;
};

/** As many as are told; a registry with more has been told enough. */
const mostFaults = 1_000;

/** A log to which nothing was added for so long has stopped, or is a copy that somebody froze: a book comes each day. */
const stale_ms = 3 * 24 * 3_600_000;

/** How far a clock may be wrong. */
const skew_ms = 24 * 3_600_000;

/** Facts may be so old where a cache stands between. */
const cached_ms = 5 * 60_000;

/** What the log had when nobody's copy of the registry's facts can be older. */
const settledFor = (before: Before, book: Book, now: Date): Before => {
  const until = new Date(now.getTime() - cached_ms).toISOString();
  const keys = [...before.keys].filter(([id]) => (book.keys.get(id)?.from ?? "") < until);
  return { ...before, keys: new Map(keys.map(([id, at]) => [id, at !== null && at < until ? at : null])) };
};

/** What only somebody with a clock sees: entries of days to come, and a log in which no day's book is closed any more. */
function* clockFaults({ latest, bound, lastClosed }: Book, now: Date): Generator<string> {
  if (Date.parse(latest.at) > now.getTime() + skew_ms)
    yield `The log has ${latest.place} that is dated ${latest.at}, which is still to come.`;
  if (bound && now.getTime() - Date.parse(lastClosed) > stale_ms)
    yield `The last book in the log was closed on ${lastClosed}: it has stopped, or this is an old copy of it.`;
}

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
  { fetch, url, patience_ms = 10_000, now = machineNow() }: MonitorInput,
  { log, text, witnesses, wanted }: Registry,
  first: Checkpoint,
): Promise<{ checkpoint: Checkpoint; times: number[] }> => {
  const { book, faults } = replay;
  const before = loggedSoFar(book);
  const { keys } = await registryAt(fetch, url, [text]);
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
  let [checkpoint, times]: [Checkpoint, number[]] = [first, []];
  for (let waited = 0; ; waited += 500) {
    checkpoint = await checkpointAt(fetch, url, log);
    if (checkpoint.size < replay.edge.size)
      throw new Error(
        `The log had ${replay.edge.size} entries and has ${checkpoint.size}: its end was cut off.`,
      );
    await advance(replay, { fetch, url }, checkpoint, look);
    // A checkpoint is there a moment before others have put their names under it.
    const signed = await witnessedAt(checkpoint, witnesses);
    if (signed.length >= times.length) times = signed;
    const open =
      times.length < wanted ||
      replay.edge.size < head.size ||
      missing.size > 0 ||
      stillLate(book, rows.late).length > 0 ||
      !openFaults(book).next().done;
    if (!open || waited >= patience_ms || faults.length > 0) break;
    await pause(500);
  }
  faults.push(...lateFaults(book, rows.late));
  if (missing.size > 0) faults.push(`${missing.size} entries wait to be numbered and are not.`);
  // A registry that never signed names the key that it will sign with.
  if (book.keys.size > 0) faults.push(...keyFaults(book, settledFor(before, book, now), keys));
  faults.push(...headFaults(book, before, head), ...totalFaults(head, totals), ...openFaults(book));
  return { checkpoint, times };
};

/**
 * Watches a registry from outside, without an account: follows its log from the last state, replays every entry into a
 * book of its own, and holds against it what the registry shows. Each fault is a sentence that names the first entry
 * or row that is wrong. Never throws: what cannot be read is a fault.
 */
export const monitor = async (input: MonitorInput): Promise<Report> => {
  const { fetch, remembered, now = machineNow() } = input;
  const url = input.url.replace(/\/$/, "");
  const failed = (fault: string): Report => ({
    remember: null,
    size: 0,
    witnessed: 0,
    witnessedAt: null,
    faults: [fault],
    book: emptyBook(),
  });
  if (remembered && !isRemembered(remembered))
    return failed("What you remember of the registry is not what a monitor wrote.");
  try {
    const registry = await registryAt(fetch, url, [input.pinned?.key, remembered?.key]);
    const first = await checkpointAt(fetch, url, registry.log);
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
    const { checkpoint, times } = await compared(replay, { ...input, url }, registry, first);
    // One that was published a moment ago may be of entries that came since this one looked first.
    for (const { size, root } of published)
      if (replay.roots.get(size) !== root)
        faults.push(`The checkpoint of ${size} entries has another root than the log's first ${size}.`);
    const witnessed = times.length;
    if (witnessed < registry.wanted)
      faults.push(`${witnessed} witnesses signed the checkpoint, ${registry.wanted} are promised.`);
    for (const known of [input.pinned, remembered])
      if (known) faults.push(...promiseFaults(known, registry, noteKeyText));
    faults.push(...knownKeyFaults(input.pinned?.keys ?? [], book), ...clockFaults(book, now));
    const ahead = times.filter((second) => second * 1_000 > now.getTime() + skew_ms);
    if (ahead.length > 0) faults.push(`A witness signed at ${lastOf(ahead)}, which is still to come.`);
    const { size, root, origin } = checkpoint;
    const [witnesses, { wanted, text: key }] = [registry.witnesses.map(noteKeyText), registry];
    return {
      remember: { origin, key, size, root: hex(root), witnesses, wanted },
      size,
      witnessed,
      witnessedAt: lastOf(times),
      faults: [...new Set(faults)].slice(0, mostFaults),
      book,
    };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
};
