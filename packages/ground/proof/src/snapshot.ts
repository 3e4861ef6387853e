import { hex, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { isSignedBy, type PublicKey, type SigningKey } from "./keys.ts";
import { sha256Now } from "./sha256.ts";
import { readStrictly } from "./strict-json.ts";

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
