import type { Book } from "./book.ts";
import { hex } from "./bytes.ts";
import { type Checkpoint, type NoteKey, readCheckpoint, readNoteKey, signedAt } from "./log/index.ts";
import type { Fetch } from "./replay.ts";
import type { Facts } from "./rows.ts";
import { readStrictly, TooMuch } from "./strict-json.ts";
import type { TrustedKey } from "./verify.ts";

/** What a monitor keeps from one run to the next, to see that nothing before it was rewritten. */
export type Remembered = {
  readonly origin: string;
  readonly key: string;
  readonly size: number;
  readonly root: string;
  /** Keys of the witnesses, and how many of them were promised. Files from before they were kept have neither. */
  readonly witnesses?: string[] | undefined;
  readonly wanted?: number | undefined;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Whether a file has what a monitor wrote. */
export const isRemembered = (value: unknown): value is Remembered => {
  const { origin, key, size, root, witnesses = [], wanted = 0 } = Object(value) as Facts;
  return (
    typeof origin === "string" &&
    typeof key === "string" &&
    isCount(size) &&
    typeof root === "string" &&
    /^[0-9a-f]{64}$/.test(root) &&
    Array.isArray(witnesses) &&
    witnesses.every((witness) => typeof witness === "string") &&
    isCount(wanted)
  );
};

/** Reads such a file; null for any other. */
export const readRemembered = (file: string): Remembered | null => {
  try {
    const value = readStrictly(file);
    return isRemembered(value) ? value : null;
  } catch {
    return null;
  }
};

/** What of a registry is known before it is asked. */
export type Pinned = Pick<Remembered, "key" | "witnesses" | "wanted"> & {
  /** Keys of certificates, with their windows as they were told. */
  readonly keys?: readonly TrustedKey[];
};

const text = (bytes: Uint8Array, address: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${address} answers bytes that are no text (UTF-8).`);
  }
};

/** What is more than an answer of that kind can be is broken off. */
const wholeText = async (fetch: Fetch, address: string, most: number): Promise<string> => {
  const bytes = await fetch(address, most);
  if (!bytes) throw new Error(`${address} answers nothing.`);
  return text(bytes, address);
};

/** The same, as JSON that everybody reads alike. */
export const wholeJson = async (fetch: Fetch, address: string, most: number): Promise<unknown> => {
  const whole = await wholeText(fetch, address, most);
  try {
    return readStrictly(whole);
  } catch (error) {
    if (error instanceof TooMuch) throw new Error(`${address} answers too much: ${error.message}.`);
    throw new Error(
      `${address} answers what is not JSON that everybody reads alike: ${error instanceof Error ? error.message : ""}.`,
    );
  }
};

/** Who the registry says it is. */
export type Registry = {
  readonly log: NoteKey;
  /** The log's key as it is written. */
  readonly text: string;
  readonly witnesses: NoteKey[];
  readonly wanted: number;
  /** Keys of certificates as they are published for verifiers. */
  readonly keys: readonly Facts[];
};

/** One key counts once, by whatever names it goes, and the log's own for none. */
export const ownKeys = (witnesses: readonly NoteKey[], log: NoteKey | undefined): NoteKey[] => {
  const seen = new Set(log ? [hex(log.publicKey)] : []);
  return witnesses.filter(({ kind, publicKey }) => {
    const name = hex(publicKey);
    if (kind !== "witness" || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
};

/** More keys and witnesses than anybody has. */
const mostFacts = 4_000_000;

/** Who the registry says it is; with a key pinned, that it is still the same. Throws an Error with a sentence. */
export const registryAt = async (
  fetch: Fetch,
  url: string,
  pinned: readonly (string | undefined)[],
): Promise<Registry> => {
  const facts = Object(await wholeJson(fetch, `${url}/.well-known/evx-registry.json`, mostFacts)) as Facts;
  const named = String(Reflect.get(Object(facts.log), "key"));
  const log = readNoteKey(named);
  if (log?.kind !== "log") throw new Error("The registry names no key of its log.");
  if (pinned.some((key) => key !== undefined && key !== named))
    throw new Error("The log's key is another than the one you know.");
  const listed = (Array.isArray(facts.witnesses) ? facts.witnesses : []).flatMap(
    (witness) => readNoteKey(String(Reflect.get(Object(witness), "key"))) ?? [],
  );
  const policy = Object(facts.policy ?? { witnessesWanted: 0 }) as Facts;
  const wanted = policy.witnessesWanted;
  if (!isCount(wanted)) throw new Error("The registry does not say how many witnesses it wants.");
  if (!Array.isArray(facts.keys)) throw new Error("The registry names no keys of its certificates.");
  return {
    log,
    text: named,
    witnesses: ownKeys(listed, log),
    wanted,
    keys: facts.keys.map(Object) as Facts[],
  };
};

/** Whom you know as witnesses is named still, and no fewer are promised. */
export function* promiseFaults(
  known: Pick<Remembered, "witnesses" | "wanted">,
  { wanted, witnesses }: Registry,
  written: (key: NoteKey) => string,
): Generator<string> {
  const { wanted: before = 0, witnesses: kept = [] } = known;
  if (wanted < before)
    yield `The registry promises ${wanted} witnesses, and promised ${before}: begin a new file if you take that.`;
  const now = new Set(witnesses.map(written));
  for (const key of kept)
    if (!now.has(key))
      yield `Witness ${key.split("+")[0]}, which you know, is named no more: begin a new file if you take that.`;
}

/** Keys that you know are in the log as you were told, or it was begun anew under the same name. */
export function* knownKeyFaults(known: readonly TrustedKey[], { keys }: Book): Generator<string> {
  const same = (a: string, b: string | Date): boolean => Date.parse(a) === new Date(b).getTime();
  for (const { id, publicKey, addedAt, withdrawnAt } of keys.size > 0 ? known : []) {
    const logged = keys.get(id);
    const held = logged?.publicKey === publicKey && (addedAt === undefined || same(logged.from, addedAt));
    if (!held) yield `Key ${id}, which you know, is not in the log as you know it: it was begun anew.`;
    else if (withdrawnAt != null && !same(logged.until ?? "", withdrawnAt))
      yield `Key ${id} was withdrawn, as you know, and the log has taken that back.`;
  }
}

/** More than a checkpoint with a hundred witnesses. */
const mostNote = 200_000;

export const checkpointAt = async (fetch: Fetch, url: string, key: NoteKey): Promise<Checkpoint> => {
  return checkpointIn(await wholeText(fetch, `${url}/log/checkpoint`, mostNote), key);
};

/** The checkpoint that a signed note is. Throws an Error with a sentence where it is none of that log's. */
export const checkpointIn = async (note: string, key: NoteKey): Promise<Checkpoint> => {
  const checkpoint = readCheckpoint(note);
  if (!checkpoint) throw new Error("The log's checkpoint is none.");
  if (checkpoint.origin !== key.name)
    throw new Error(`The checkpoint is of ${checkpoint.origin}, not of ${key.name}.`);
  if ((await signedAt(checkpoint, key)) !== true)
    throw new Error("The checkpoint is not signed by the log's key.");
  return checkpoint;
};

/** When each of the witnesses signed a checkpoint, in seconds. */
export const witnessedAt = async (checkpoint: Checkpoint, witnesses: readonly NoteKey[]): Promise<number[]> =>
  (await Promise.all(witnesses.map((key) => signedAt(checkpoint, key)))).filter(
    (time) => typeof time === "number",
  );
