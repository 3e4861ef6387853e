import type { Pinned } from "./facts.ts";
import { type NoteKey, noteKeyText, readNoteKey } from "./log/index.ts";
import type { Trust, TrustedKey } from "./verify.ts";

const member = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

const isMoment = (value: unknown): value is string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value));

/** A window that cannot be read would be one without an end: who names it so names no key. */
const keyIn = (value: unknown): TrustedKey | null => {
  const [id, publicKey, addedAt, withdrawnAt] = ["id", "publicKey", "addedAt", "withdrawnAt"].map((name) =>
    member(value, name),
  );
  if (typeof id !== "string" || typeof publicKey !== "string" || !isMoment(addedAt)) return null;
  if (withdrawnAt !== null && withdrawnAt !== undefined && !isMoment(withdrawnAt)) return null;
  return { id, publicKey, addedAt, withdrawnAt: withdrawnAt ?? null };
};

/** Of a registry's facts that were kept: its log's key, whom it promised as witnesses, and its keys. */
export const pinnedBy = ({ log, witnesses = [], wanted = 0, keys = [] }: Trust): Pinned | null =>
  log ? { key: noteKeyText(log), witnesses: witnesses.map(noteKeyText), wanted, keys } : null;

/**
 * What `/.well-known/evx-registry.json` names, as a verifier takes it: keys with their windows, the log's key, witnesses
 * and how many of them are wanted. Null for anything else. Keep a copy: what you had before is what binds.
 */
export const trustIn = (facts: unknown): Trust | null => {
  const [listed, witnesses] = [member(facts, "keys"), member(facts, "witnesses")];
  const log = readNoteKey(String(member(member(facts, "log"), "key")));
  const wanted = member(member(facts, "policy"), "witnessesWanted") ?? 0;
  if (member(facts, "format") !== "evx-registry/1" || !Array.isArray(listed) || log?.kind !== "log")
    return null;
  const keys = listed.flatMap((key) => keyIn(key) ?? []);
  // One key under one name: which of two windows holds would be anybody's choice.
  if (new Set(keys.map(({ id }) => id)).size < listed.length) return null;
  if (!Number.isSafeInteger(wanted) || Number(wanted) < 0) return null;
  return {
    keys,
    log,
    witnesses: (Array.isArray(witnesses) ? witnesses : []).flatMap((witness): NoteKey[] => {
      const key = readNoteKey(String(member(witness, "key")));
      return key?.kind === "witness" ? [key] : [];
    }),
    wanted: Number(wanted),
  };
};
