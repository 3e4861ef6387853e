import { utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { type CertificateDocument, parseSerial } from "./document.ts";
import { isSignedBy, type PublicKey, type SigningKey } from "./keys.ts";
import { hasAll, runsOf } from "./runs.ts";

export const certificateStates = ["valid", "revoked", "superseded", "retired"] as const;
export const rangeStates = ["current", "passed_on", "retired", "cancelled", "revoked"] as const;

/** What became of a run of a certificate's grams. */
export type RangeState = { serial: string; state: (typeof rangeStates)[number] };

/** Runs of one state that are not told one by one: how many, and of how many grams. */
export type Unstated = { state: RangeState["state"]; runs: number; grams: string };

/** What the registry says of a certificate at one moment. */
export type StatusDocument = {
  readonly format: "evx-status/1";
  readonly number: string;
  /** `valid` while it is the newest word on any of its grams. */
  readonly status: (typeof certificateStates)[number];
  readonly asOf: string;
  /** How many entries the public log had. */
  readonly logSize: number;
  readonly ranges: RangeState[];
  /** Where there are more runs than are told one by one: the others, by state. */
  readonly unstated?: Unstated[];
  readonly revocation: { revokedAt: string; reason: string } | null;
  readonly keyId: string;
};

/** The statement as it leaves the venue. */
export type StatusStatement = StatusDocument & { readonly signature: string };

/** What is signed: a line that says what it is, so that no other text can be passed off as a status. */
const signedText = (document: StatusDocument): string => `evx-status/1\n${canonical(document)}`;

export const signStatus = async (key: SigningKey, document: StatusDocument): Promise<StatusStatement> => ({
  ...document,
  signature: await key.sign(utf8(signedText(document))),
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isUnstated = (value: unknown): value is Unstated[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  new Set(value.map((one) => Object(one).state)).size === value.length &&
  value.every(
    (one) =>
      isRecord(one) &&
      rangeStates.some((state) => state === one.state) &&
      Number.isSafeInteger(one.runs) &&
      Number(one.runs) > 0 &&
      typeof one.grams === "string" &&
      /^[1-9][0-9]{0,17}$/.test(one.grams),
  );

export const isStatusStatement = (value: unknown): value is StatusStatement =>
  isRecord(value) &&
  value.format === "evx-status/1" &&
  ["number", "asOf", "keyId", "signature"].every((name) => typeof value[name] === "string") &&
  certificateStates.some((state) => state === value.status) &&
  Number.isSafeInteger(value.logSize) &&
  Array.isArray(value.ranges) &&
  value.ranges.every(
    (range) =>
      isRecord(range) &&
      typeof range.serial === "string" &&
      rangeStates.some((state) => state === range.state),
  ) &&
  (value.unstated === undefined || isUnstated(value.unstated)) &&
  (value.revocation === null ||
    (isRecord(value.revocation) && typeof value.revocation.revokedAt === "string"));

/** Whether one of the keys signed this statement. False for anything malformed. */
export const isStatusSigned = async (
  statement: StatusStatement,
  keys: readonly PublicKey[],
): Promise<boolean> => {
  const { signature, ...document } = statement;
  const key = keys.find(({ id }) => id === statement.keyId);
  if (!key) return false;
  try {
    return await isSignedBy(key.publicKey, utf8(signedText(document)), signature);
  } catch {
    return false;
  }
};

/** More ranges than that are not stated one by one; statements from before `unstated` left out the others. */
const mostStated = 10_000;

/** Grams of the ranges, told one by one or not, that are current and of all of them; a sentence where they are none of the document's, or overlap. */
const toldOf = (
  { ranges, unstated = [] }: StatusDocument,
  document: CertificateDocument,
): { current: bigint; all: bigint } | string => {
  const runs = runsOf(document);
  const told: { batch: string; first: bigint; last: bigint }[] = [];
  let [current, all] = [0n, 0n];
  for (const { serial, state } of ranges) {
    const span = parseSerial(serial);
    if (!span || !hasAll(runs, span))
      return `Its status tells of ${serial.slice(0, 80)}, which is none of its grams.`;
    told.push(span);
    all += span.last - span.first + 1n;
    if (state === "current") current += span.last - span.first + 1n;
  }
  for (const { state, grams } of unstated) {
    all += BigInt(grams);
    if (state === "current") current += BigInt(grams);
  }
  told.sort((a, b) => (a.batch === b.batch ? (a.first < b.first ? -1 : 1) : a.batch < b.batch ? -1 : 1));
  const twice = told.some(({ batch, first }, at) => {
    const before = told[at - 1];
    return before?.batch === batch && first <= before.last;
  });
  return twice ? "Its status tells twice of the same grams." : { current, all };
};

/** What is known of a certificate's grams from its statement. */
export type Told = { readonly current: bigint };

/**
 * What a statement says of the document, or a sentence where it contradicts the document or itself: it tells of each gram
 * once, names no revocation unless it says so, and reads valid for some gram or not at all.
 */
export const toldBy = (statement: StatusDocument, document: CertificateDocument): Told | string => {
  const { status, revocation, ranges, unstated } = statement;
  if (revocation && status !== "revoked") return `Its status says ${status}, and tells of a revocation.`;
  const told = toldOf(statement, document);
  if (typeof told === "string") return told;
  if (ranges.length >= mostStated && unstated === undefined) return told;
  if (String(told.all) !== document.grams)
    return `Its status tells of ${told.all} g, the certificate of ${document.grams} g.`;
  return (status === "valid") === told.current > 0n
    ? told
    : `Its status says ${status}, and that ${told.current} g of it are current.`;
};
