import type { Entry } from "./book.ts";
import { type Bytes, hex, utf8 } from "./bytes.ts";
import type { CertificateDocument } from "./document.ts";
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
import { hasAll, runsOf } from "./runs.ts";
import { sha256Now } from "./sha256.ts";
import { gramsOf, spansOf } from "./spans.ts";
import { readStrictly } from "./strict-json.ts";
import type { Check, LogProof, Trust } from "./verify.ts";

export const isLogProof = (value: unknown): value is LogProof =>
  typeof value === "object" &&
  value !== null &&
  Number.isSafeInteger(Reflect.get(value, "index")) &&
  typeof Reflect.get(value, "entry") === "string" &&
  typeof Reflect.get(value, "checkpoint") === "string" &&
  Array.isArray(Reflect.get(value, "proof"));

/** More ranges than that come in parts; the first is in the file. */
const rangesOfPart = 800;

/** The ranges that were logged are the document's: all of them, or, where there are more than one part holds, the first. */
const rangesFault = (entry: Entry, document: CertificateDocument): string | null => {
  // Entries from before there were ranges have none.
  if (entry.ranges === undefined) return null;
  const [spans, runs] = [spansOf(entry), runsOf(document)];
  let grams = 0n;
  for (const span of spans) {
    if (!span || !hasAll(runs, span)) return "The log has it of other grams than it says.";
    grams += gramsOf(span);
  }
  const whole = String(grams) === document.grams;
  return whole || spans.length >= rangesOfPart ? null : "The log has it of fewer grams than it says.";
};

/** What of a certificate's entry must stand in its document, by what it is called there. */
const sameMembers = [
  ["number", "number"],
  ["certificate", "kind"],
  ["grams", "grams"],
  ["key", "keyId"],
  ["at", "issuedAt"],
] as const;

/**
 * What is wrong with the entry of a document: null when it tells of this very one. That the hash is right is not enough: who
 * signs and logs could write other grams, another kind or another day into the log, where monitors look, than they signed.
 */
const entryFault = (
  text: string,
  { document, text: signed }: { document: CertificateDocument; text: string },
): string | null => {
  const other = "The entry in the log is about another document.";
  try {
    const value: unknown = readStrictly(text);
    if (typeof value !== "object" || value === null) return other;
    const entry = value as Entry;
    if (entry.kind !== "certificate" || entry.hash !== hex(sha256Now(utf8(signed)))) return other;
    const member = sameMembers.find(([name, as]) => entry[name] !== document[as]);
    return member ? `The log has it with another ${member[1]} than it says.` : rangesFault(entry, document);
  } catch {
    return other;
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
  certificate: { document: CertificateDocument; text: string },
  trust: Trust,
): Promise<Check[]> => {
  const fault = isLogProof(log) ? entryFault(log.entry, certificate) : null;
  return fault ? failed(fault) : logged(log, trust);
};
