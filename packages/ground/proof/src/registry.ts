import { type NoteKey, readNoteKey } from "./log/index.ts";
import type { Trust, TrustedKey } from "./verify.ts";

const member = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

const keyIn = (value: unknown): TrustedKey | null => {
  const [id, publicKey, addedAt, withdrawnAt] = ["id", "publicKey", "addedAt", "withdrawnAt"].map((name) =>
    member(value, name),
  );
  if (typeof id !== "string" || typeof publicKey !== "string" || typeof addedAt !== "string") return null;
  return { id, publicKey, addedAt, withdrawnAt: typeof withdrawnAt === "string" ? withdrawnAt : null };
};

/**
 * What `/.well-known/evx-registry.json` names, as a verifier takes it: keys with their windows, the log's key, witnesses
 * and how many of them are wanted. Null for anything else. Keep a copy: what you had before is what binds.
 */
export const trustIn = (facts: unknown): Trust | null => {
  const [keys, witnesses] = [member(facts, "keys"), member(facts, "witnesses")];
  const log = readNoteKey(String(member(member(facts, "log"), "key")));
  if (member(facts, "format") !== "evx-registry/1" || !Array.isArray(keys) || !log) return null;
  return {
    keys: keys.flatMap((key) => keyIn(key) ?? []),
    log,
    witnesses: (Array.isArray(witnesses) ? witnesses : []).flatMap((witness): NoteKey[] => {
      const key = readNoteKey(String(member(witness, "key")));
      return key?.kind === "witness" ? [key] : [];
    }),
    wanted: Number(member(member(facts, "policy"), "witnessesWanted") ?? 0),
  };
};
