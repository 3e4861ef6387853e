import type { SigningKeys } from "@evx/proof";

/** What certificates need from outside. */
export type CertificatePorts = {
  /** The venue's keys for certificates: `await readSigningKeys(secret of the environment)`. */
  readonly keys: SigningKeys;
  /** Where people reach the venue, without a slash at the end: what QR codes and links lead to. */
  readonly publicUrl: string;
};
