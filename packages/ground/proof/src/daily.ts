import { hex, utf8 } from "./bytes.ts";
import { checkpointAt, checkpointIn, registryAt, wholeJson } from "./facts.ts";
import { type NoteKey, noteKeyText } from "./log/index.ts";
import { advance, type Fetch, type Replay, startReplay } from "./replay.ts";
import { copiedKinds, type Kind } from "./rows.ts";
import { sha256Pieces } from "./sha256.ts";
import { type SnapshotStatement, snapshotFault, statedFaults, unloggedFault } from "./snapshot.ts";
import { type Compared, compareRows, lateFaults } from "./state.ts";
import { readStrictly } from "./strict-json.ts";
import type { Trust } from "./verify.ts";

type Asked = {
  /** The registry's address. */
  readonly url: string;
  /** 2026-11-28: a day of UTC. */
  readonly day: string;
  readonly fetch: Fetch;
  /** How long the log may take to name it; ten seconds unless told. */
  readonly patience_ms?: number;
};

export type SnapshotVerdict = {
  readonly rows: number;
  /** How many entries the log had when it was taken. */
  readonly entries: number;
  readonly faults: readonly string[];
};

/** Unpacked, and as it comes: some two million rows. A page of statements is short. */
const mostBytes = 600_000_000;
const mostPacked = 200_000_000;
const mostStatements = 4_000_000;

/** Rows of one page, as they are handed to who compares pages. */
const pageRows = 2_000;

const firstFaults = 1_000;

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Signed = { day: string; statement: string; signature: string };

const isSigned = (value: unknown): value is Signed =>
  ["day", "statement", "signature"].every((name) => typeof Reflect.get(Object(value), name) === "string");

/** The statement of a day, from the pages that the registry shows, newest first; null where it shows none. */
const statementOf = async ({ url, day, fetch }: Asked): Promise<Signed | null> => {
  for (let cursor = "", before = "9999"; ; ) {
    const address = `${url}/api/public/snapshots?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const answer = Object(await wholeJson(fetch, address, mostStatements));
    const items: unknown = Reflect.get(answer, "items");
    const signed = (Array.isArray(items) ? items : []).filter(isSigned);
    const found = signed.find((one) => one.day === day);
    if (found) return found;
    const next: unknown = Reflect.get(answer, "nextCursor");
    const last = signed.at(-1)?.day ?? "";
    // Pages that do not lead back in time would lead nowhere for ever.
    if (typeof next !== "string" || last >= before || last < day) return null;
    [cursor, before] = [next, last];
  }
};

/** Unpacks bytes and tells of them piece by piece. */
const unpacked = async (packed: Uint8Array, take: (piece: Uint8Array) => void): Promise<void> => {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const reader = stream.getReader();
  const next = () =>
    reader.read().catch(() => {
      throw new Error("The snapshot cannot be unpacked: it is cut off, or no gzip.");
    });
  let length = 0;
  for (let part = await next(); part.value; part = await next()) {
    length += part.value.length;
    if (length > mostBytes) {
      await reader.cancel();
      throw new Error(`The snapshot has more than ${mostBytes} bytes unpacked.`);
    }
    take(part.value);
  }
};

/** Its lines by kind, and the hash of all of them. */
const linesOf = async (packed: Uint8Array) => {
  const [hash, decoder] = [sha256Pieces(), new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })];
  const lines = new Map<string, string[]>(copiedKinds.map((kind) => [kind, []]));
  let [rest, rows] = ["", 0];
  const taken = (line: string): void => {
    rows++;
    // Canonical JSON has its members in their order, and everything else of a row may come before its kind.
    const kind = String(Reflect.get(Object(readStrictly(line)), "row"));
    const of = lines.get(kind);
    if (!of) throw new Error(`Row ${rows} of the snapshot is of no kind that the registry has.`);
    of.push(line);
  };
  await unpacked(packed, (piece) => {
    hash.update(piece);
    const texts = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = texts.pop() ?? "";
    for (const text of texts) taken(text);
  });
  if (rest !== "") throw new Error("The snapshot's last row is cut off.");
  return { lines, rows, sha256: hex(hash.digest()) };
};

/** Shows lines as the registry shows its rows: by kind, page by page. */
const shownBy =
  (lines: ReadonlyMap<string, readonly string[]>): Fetch =>
  async (address) => {
    const { pathname, searchParams } = new URL(address);
    const kind = /\/log\/state\/([a-z]+)\.json$/.exec(pathname)?.[1] as Kind;
    const from = Number(searchParams.get("after") || 0);
    const page = lines.get(kind)?.slice(from, from + pageRows) ?? [];
    const next = page.length < pageRows ? null : String(from + pageRows).padStart(12, "0");
    return utf8(`{"next":${JSON.stringify(next)},"rows":[${page.join(",")}]}`);
  };

/** The file of a day, unpacked, and its signature checked. */
const fileOf = async ({ url, day, fetch }: Asked, signed: Signed, trust: Trust) => {
  const packed = await fetch(`${url}/api/public/snapshots/${encodeURIComponent(day)}`, mostPacked);
  if (!packed) throw new Error(`The registry does not hand out its snapshot of ${day}.`);
  const found = await linesOf(packed);
  const fault = await snapshotFault(signed, found, trust.keys ?? []);
  if (fault) throw new Error(fault);
  return { found, statement: readStrictly(signed.statement) as SnapshotStatement };
};

/** Reads the log to its end; what was taken a moment ago has a moment until it is numbered. */
const readToEnd = async (
  replay: Replay,
  { fetch, url, day, patience_ms = 10_000 }: Asked,
  log: NoteKey,
  isShown: boolean,
): Promise<void> => {
  for (let waited = 0; ; waited += 500) {
    await advance(replay, { fetch, url }, await checkpointAt(fetch, url, log));
    if (!isShown || replay.book.snapshots.has(day) || waited >= patience_ms) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};

/**
 * Checks a day's snapshot of a registry: that somebody you know signed it, that the log names it, and that its rows are what
 * the log's entries gave when it was taken, for which the log is read from its first entry to its last. One that is missing
 * is named too. Each fault is a sentence. Never throws.
 */
export const checkSnapshot = async (input: Asked, trust: Trust): Promise<SnapshotVerdict> => {
  const asked = { ...input, url: input.url.replace(/\/$/, "") };
  const { fetch, day, url } = asked;
  let [rows, entries] = [0, 0];
  const [faults, replay]: [string[], Replay] = [[], startReplay([])];
  try {
    const registry = await registryAt(fetch, url, [trust.log && noteKeyText(trust.log)]);
    const signed = await statementOf(asked);
    let compared: Compared = { faults: [], late: [] };
    if (signed)
      try {
        const { found, statement } = await fileOf(asked, signed, trust);
        rows = found.rows;
        faults.push(...statedFaults({ day, statement, rows }, trust));
        const then = await checkpointIn(statement.checkpoint, registry.log);
        entries = then.size;
        await advance(replay, { fetch, url }, then);
        compared = await compareRows(shownBy(found.lines), url, replay.book, copiedKinds);
      } catch (error) {
        faults.push(sentenceOf(error));
      }
    // What was entered and had no number yet when it was taken has one now.
    await readToEnd(replay, asked, registry.log, signed !== null);
    const unlogged = unloggedFault(day, signed?.statement ?? null, replay.book.snapshots.get(day));
    const told = [...replay.faults, ...compared.faults, ...lateFaults(replay.book, compared.late)];
    faults.push(...told, ...(unlogged ? [unlogged] : []));
  } catch (error) {
    faults.push(sentenceOf(error));
  }
  return { rows, entries, faults: [...new Set(faults)].slice(0, firstFaults) };
};
