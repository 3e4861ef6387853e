import { hex, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { isSignedBy, type PublicKey, type SigningKey } from "./keys.ts";
import { logged } from "./logged.ts";
import { sha256Now } from "./sha256.ts";
import { readStrictly } from "./strict-json.ts";
import type { LogProof, Trust } from "./verify.ts";

/** What the registry says of a day's snapshot: lines of JSON, a row each, in the words of the log's entries. */
export type SnapshotStatement = {
  readonly format: "evx-snapshot/1";
  readonly day: string;
  readonly at: string;
  /** Lines, and SHA-256 of all their bytes. */
  readonly rows: number;
  readonly sha256: string;
  /** The log's newest checkpoint then: a signed note. */
  readonly checkpoint: string;
  readonly keyId: string;
};

const signedText = (statement: string): string => `evx-snapshot/1\n${statement}`;

/** A snapshot's unpacked bytes, or their hash where they are too many to hold. */
export type SnapshotContent = Uint8Array | { readonly sha256: string };

const hashOf = (content: SnapshotContent): string =>
  content instanceof Uint8Array ? hex(sha256Now(content)) : content.sha256;

/** A statement over a snapshot's bytes, as text and signed. */
export const signSnapshot = async (
  key: SigningKey,
  content: SnapshotContent,
  facts: Pick<SnapshotStatement, "day" | "at" | "rows" | "checkpoint">,
): Promise<{ statement: string; signature: string }> => {
  const statement = canonical({
    format: "evx-snapshot/1",
    ...facts,
    sha256: hashOf(content),
    keyId: key.id,
  } satisfies SnapshotStatement);
  return { statement, signature: await key.sign(utf8(signedText(statement))) };
};

/** What is wrong with a statement by the log's entry of its day: the two name each other, by the hash of what was signed. */
export const unloggedFault = (
  day: string,
  statement: string | null,
  entry: Readonly<Record<string, unknown>> | undefined,
): string | null => {
  if (statement === null)
    return entry
      ? `The snapshot of ${day} is in the log, and the registry hides it.`
      : `The registry shows no snapshot of ${day}.`;
  if (!entry) return `The snapshot of ${day} was never logged.`;
  return entry.kind === "snapshot" && entry.day === day && entry.statement === hex(sha256Now(utf8(statement)))
    ? null
    : `The snapshot of ${day} is not the one that was logged.`;
};

/**
 * Whether a snapshot is the one that somebody you know signed: a sentence where it is not, null where it is. `statement`
 * is the text that was signed, `content` the unpacked lines or the hash of their bytes. Never throws.
 */
export const snapshotFault = async (
  { statement, signature }: { statement: string; signature: string },
  content: SnapshotContent,
  keys: readonly PublicKey[],
): Promise<string | null> => {
  try {
    const facts = Object(readStrictly(statement)) as Partial<SnapshotStatement>;
    if (facts.format !== "evx-snapshot/1") return "The statement is not an evx-snapshot/1.";
    const key = keys.find(({ id }) => id === facts.keyId);
    if (!key) return `It is signed with ${facts.keyId}, a key you do not know.`;
    if (!(await isSignedBy(key.publicKey, utf8(signedText(statement)), signature)))
      return "The statement's signature does not fit.";
    return hashOf(content) === facts.sha256
      ? null
      : "The snapshot is not the one that the statement is about.";
  } catch {
    return "The statement is not JSON that everybody reads alike.";
  }
};

/** When a key signs is within its window, as whoever kept the registry's facts knows it. */
const windowFault = ({ keyId, at }: SnapshotStatement, { keys = [] }: Trust): string | null => {
  const key = keys.find(({ id }) => id === keyId);
  const [moment, from, until] = [Date.parse(at), key?.addedAt ?? 0, key?.withdrawnAt ?? null];
  return moment >= Number(new Date(from)) && (until === null || moment < Number(new Date(until)))
    ? null
    : "The snapshot is dated outside the time in which its key was in use.";
};

/** What a statement says that its file, its day or its key's window does not bear. */
export const statedFaults = (
  { day, statement, rows }: { day: string; statement: SnapshotStatement; rows: number },
  trust: Trust,
): string[] =>
  [
    statement.day === day ? null : `${day} was asked for, and the statement is of ${statement.day}.`,
    statement.rows === rows ? null : `The snapshot has ${rows} rows, its statement says ${statement.rows}.`,
    windowFault(statement, trust),
  ].filter((fault) => fault !== null);

/** A day's statement with what shows that it was logged. */
export type SnapshotFile = Readonly<Record<"day" | "statement" | "signature", string>> & {
  log: LogProof | null;
};

/**
 * Whether a day's statement and its lines hold by themselves, without the registry: signed by somebody you know, of these
 * very lines, and in the public log. What the lines say is held against the log's entries by `checkSnapshot`. A sentence, or
 * null. Never throws.
 */
export const verifySnapshot = async (
  file: SnapshotFile,
  lines: Uint8Array,
  trust: Trust,
): Promise<string | null> => {
  try {
    const fault = await snapshotFault(file, lines, trust.keys ?? []);
    if (fault) return fault;
    const statement = readStrictly(file.statement) as SnapshotStatement;
    const rows = lines.filter((byte) => byte === 0x0a).length;
    const [stated] = statedFaults({ day: file.day, statement, rows }, trust);
    if (stated) return stated;
    const unlogged = unloggedFault(
      file.day,
      file.statement,
      file.log ? Object(readStrictly(file.log.entry)) : undefined,
    );
    return unlogged ?? (await logged(file.log, trust)).find(({ ok }) => ok !== true)?.detail ?? null;
  } catch {
    return "The file is no statement of a snapshot.";
  }
};
