import type { SigningKeys } from "./proof/keys.ts";

/** What this room needs from outside. */
export type VerificationPorts = {
  /** The venue's keys for certificates: `await readSigningKeys(secret of the environment)`. */
  readonly keys: SigningKeys;
  /** Where people reach the venue, without a slash at the end: what QR codes and links lead to. */
  readonly publicUrl: string;
};
