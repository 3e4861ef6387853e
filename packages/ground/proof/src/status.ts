import { utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { isSignedBy, type PublicKey, type SigningKey } from "./keys.ts";

export const certificateStates = ["valid", "revoked", "superseded", "retired"] as const;
export const rangeStates = ["current", "passed_on", "retired", "cancelled", "revoked"] as const;

/** What became of a run of a certificate's grams. */
export type RangeState = { serial: string; state: (typeof rangeStates)[number] };

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
