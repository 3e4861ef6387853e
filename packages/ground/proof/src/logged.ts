import { type Bytes, hex, utf8 } from "./bytes.ts";
import { ownKeys, witnessedAt } from "./facts.ts";
import {
  fromBase64,
  lastOf,
  leafHash,
  type NoteKey,
  readCheckpoint,
  rootByPath,
  signedAt,
} from "./log/index.ts";
import { sha256Now } from "./sha256.ts";
import { readStrictly } from "./strict-json.ts";
import type { Check, LogProof, Trust } from "./verify.ts";

export const isLogProof = (value: unknown): value is LogProof =>
  typeof value === "object" &&
  value !== null &&
  Number.isSafeInteger(Reflect.get(value, "index")) &&
  typeof Reflect.get(value, "entry") === "string" &&
  typeof Reflect.get(value, "checkpoint") === "string" &&
  Array.isArray(Reflect.get(value, "proof"));

/** Whether an entry tells of this very document. */
const isEntryOf = (text: string, { number, text: document }: { number: string; text: string }): boolean => {
  try {
    const entry: unknown = readStrictly(text);
    if (typeof entry !== "object" || entry === null) return false;
    return (
      Reflect.get(entry, "kind") === "certificate" &&
      Reflect.get(entry, "number") === number &&
      Reflect.get(entry, "hash") === hex(sha256Now(utf8(document)))
    );
  } catch {
    return false;
  }
};

const failed = (detail: string): Check[] => [{ name: "log", ok: false, detail }];

/** Who among the witnesses signed the checkpoint, and when the last of them did. */
const witnessed = async (note: string, witnesses: readonly NoteKey[]) => {
  const checkpoint = readCheckpoint(note);
  if (!checkpoint) return [];
  return witnessedAt(checkpoint, witnesses);
};

/** Whether an entry is in the public log, under a checkpoint that the log and enough witnesses signed. */
export const logged = async (
  log: unknown,
  { log: key, witnesses: named = [], wanted = 0 }: Trust,
): Promise<Check[]> => {
  const witnesses = ownKeys(named, key);
  if (log === undefined || log === null)
    return [{ name: "log", ok: null, detail: "The file has no proof that it was logged." }];
  const checkpoint = isLogProof(log) ? readCheckpoint(log.checkpoint) : null;
  if (!isLogProof(log) || !checkpoint) return failed("What the file says of the log is no proof.");
  const path = log.proof.map((line) => (typeof line === "string" ? fromBase64(line) : null));
  if (!path.every((hash): hash is Bytes => hash?.length === 32)) return failed("Its path is none.");
  const { index } = log;
  const root = rootByPath(leafHash(utf8(log.entry)), { index, size: checkpoint.size, path });
  if (!root || hex(root) !== hex(checkpoint.root)) return failed("Its path does not lead to the checkpoint.");
  if (!key)
    return [
      {
        name: "log",
        ok: null,
        detail: `It is entry ${index} of ${checkpoint.origin}, whose key you did not give.`,
      },
    ];
  if (checkpoint.origin !== key.name || (await signedAt(checkpoint, key)) !== true)
    return failed(`The checkpoint is not signed by ${key.name}.`);
  const times = await witnessed(log.checkpoint, witnesses);
  const last = times.length > 0 ? `, the last at ${lastOf(times)}` : "";
  return [
    {
      name: "log",
      ok: true,
      detail: `It is entry ${index} of ${checkpoint.size} in the public log ${key.name}.`,
    },
    ...(witnesses.length > 0 || wanted > 0
      ? [
          {
            name: "witnesses" as const,
            ok: times.length >= wanted,
            detail: `Witnessed by ${times.length} of ${witnesses.length}${last}; ${wanted} wanted.`,
          },
        ]
      : []),
  ];
};

/** Whether a certificate is in the public log: its entry, and where that stands. */
export const logChecks = async (
  log: unknown,
  certificate: { number: string; text: string },
  trust: Trust,
): Promise<Check[]> =>
  isLogProof(log) && !isEntryOf(log.entry, certificate)
    ? failed("The entry in the log is about another document.")
    : logged(log, trust);
