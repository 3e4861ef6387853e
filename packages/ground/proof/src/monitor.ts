import { type Book, type Entry, emptyBook, readInto } from "./book.ts";
import { type Bytes, fromHex, hex, utf8 } from "./bytes.ts";
import { crossText, isSignedBy } from "./keys.ts";
import {
  type Checkpoint,
  type Edge,
  emptyEdge,
  entriesOf,
  isConsistent,
  leafHash,
  type NoteKey,
  readCheckpoint,
  readNoteKey,
  rootOfEdge,
  signedAt,
  tilePath,
  withLeaf,
} from "./log/index.ts";
import { faultsOf, isState } from "./state.ts";
import { readStrictly } from "./strict-json.ts";

/** Reads an address's bytes; null when there is nothing. */
export type Fetch = (address: string) => Promise<Uint8Array | null>;

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
};

const text = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

const wholeText = async (fetch: Fetch, address: string): Promise<string> => {
  const bytes = await fetch(address);
  if (!bytes) throw new Error(`${address} answers nothing.`);
  return text(bytes);
};

type Facts = { log: NoteKey; witnesses: NoteKey[]; wanted: number };

const factsAt = async (fetch: Fetch, url: string, pinned: string | undefined): Promise<Facts> => {
  const facts = readStrictly(await wholeText(fetch, `${url}/.well-known/evx-registry.json`)) as Record<
    string,
    unknown
  >;
  const log = (facts.log ?? {}) as Record<string, unknown>;
  const key = readNoteKey(String(log.key));
  if (!key) throw new Error("The registry names no key of its log.");
  if (pinned !== undefined && pinned !== log.key)
    throw new Error("The log's key is another than the one you know.");
  const witnesses = (Array.isArray(facts.witnesses) ? facts.witnesses : []).flatMap(
    (witness) => readNoteKey(String(Reflect.get(Object(witness), "key"))) ?? [],
  );
  const wanted = Number(Reflect.get(Object(facts.policy), "witnessesWanted") ?? 0);
  return { log: key, witnesses, wanted };
};

const entryIn = (bytes: Uint8Array): Entry => {
  const value = readStrictly(text(bytes));
  if (typeof Reflect.get(Object(value), "kind") !== "string") throw new SyntaxError("no entry");
  return value as Entry;
};

/** The signature with which an older key vouches for a newer one. */
const crossFault = async (book: Book, entry: Entry): Promise<string | null> => {
  const { cross } = entry;
  if (typeof cross !== "object" || cross === null) return null;
  const by = book.keys.get(String(Reflect.get(cross, "by")));
  const about = utf8(crossText({ id: String(entry.id), publicKey: String(entry.publicKey) }));
  const holds = by && (await isSignedBy(by.publicKey, about, String(Reflect.get(cross, "signature"))));
  return holds ? null : `Key ${entry.id} is not signed by the one that is said to vouch for it`;
};

/** Replays all entries: what they say, and the edge of the tree after them and at the remembered size. */
const replay = async (
  { fetch, url }: MonitorInput,
  size: number,
  remembered: number,
): Promise<{ book: Book; faults: string[]; edge: Edge; before: Bytes }> => {
  const book = emptyBook();
  const faults: string[] = [];
  let edge = emptyEdge;
  let before = rootOfEdge(edge);
  for (let n = 0; n * 256 < size; n++) {
    const width = Math.min(256, size - n * 256);
    const bytes = await fetch(`${url}/log/${tilePath("entries", n, width)}`);
    const entries = bytes && entriesOf(bytes, width);
    if (!entries) throw new Error(`The entries from ${n * 256} on are cut short or missing.`);
    for (const [at, entry] of entries.entries()) {
      edge = withLeaf(edge, leafHash(entry));
      if (edge.size === remembered) before = rootOfEdge(edge);
      try {
        const read = entryIn(entry);
        const fault = readInto(book, read) ?? (read.kind === "key" ? await crossFault(book, read) : null);
        if (fault) faults.push(`Entry ${n * 256 + at}: ${fault}.`);
      } catch {
        faults.push(`Entry ${n * 256 + at} is not JSON that everybody reads alike.`);
      }
    }
  }
  return { book, faults, edge, before };
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

const textKey = (value: unknown): string =>
  String(Reflect.get(Object(Reflect.get(Object(value), "log")), "key"));

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
    const checkpoint = await checkpointAt(fetch, url, facts.log);
    const { size } = checkpoint;
    if (remembered && size < remembered.size)
      return failed(`The log had ${remembered.size} entries and has ${size}: its end was cut off.`);
    const { book, faults, edge, before } = await replay({ ...input, url }, size, remembered?.size ?? 0);
    if (hex(rootOfEdge(edge)) !== hex(checkpoint.root))
      faults.unshift("The entries do not give the checkpoint's root.");
    const root = remembered && fromHex(remembered.root);
    if (root && !isConsistent({ size: 0, root: before }, { size: 0, root }, []))
      faults.unshift(
        `The first ${remembered.size} entries are not those that were seen before: the log has forked.`,
      );
    const times = await Promise.all(facts.witnesses.map((key) => signedAt(checkpoint, key)));
    const witnessed = times.filter((time) => typeof time === "number").length;
    if (witnessed < facts.wanted)
      faults.push(`${witnessed} witnesses signed the checkpoint, ${facts.wanted} are promised.`);
    const state = readStrictly(await wholeText(fetch, `${url}/log/state.json`));
    if (isState(state)) faults.push(...faultsOf(book, state));
    else faults.push("The registry does not show its state.");
    const known = readStrictly(await wholeText(fetch, `${url}/.well-known/evx-registry.json`));
    const remember = { origin: checkpoint.origin, key: textKey(known), size, root: hex(checkpoint.root) };
    return { remember, size, witnessed, faults, book };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
};

/** Over the network, in any runtime that has `fetch`. */
export const overNetwork: Fetch = async (address) => {
  const response = await globalThis.fetch(address, { signal: AbortSignal.timeout(30_000) });
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
};
