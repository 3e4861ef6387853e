import { fromBase64url, generateSigningKey, readSigningKeys } from "@evx/proof";
import type { NoteKey, NoteKeyKind } from "@evx/proof/log";
import type { LogPorts } from "./sequencer.ts";

/** A log with a key of its own. */
export const testLog = async (origin = "evx.test/log"): Promise<LogPorts & { noteKey: NoteKey }> => {
  const { current } = await readSigningKeys(generateSigningKey());
  return { origin, key: current, noteKey: noteKeyOf(origin, "log", current.publicKey) };
};

/** The key of a note's signer, as others know it. */
export const noteKeyOf = (name: string, kind: NoteKeyKind, publicKey: string): NoteKey => {
  const bytes = fromBase64url(publicKey);
  if (bytes?.length !== 32) throw new RangeError(`${publicKey} is not a public key`);
  return { name, kind, publicKey: bytes };
};
