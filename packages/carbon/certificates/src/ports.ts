import type { LogPorts, Witness } from "@evx/log";
import type { SigningKeys } from "@evx/proof";

/** What certificates need from outside. */
export type CertificatePorts = {
  /** The venue's keys for certificates: `await readSigningKeys(secret of the environment)`. */
  readonly keys: SigningKeys;
  /** Where people reach the venue, without a slash at the end: what QR codes and links lead to. */
  readonly publicUrl: string;
  /** The public log that every certificate is entered in, and who watches it. */
  readonly log: LogPorts & {
    readonly witnesses: readonly Witness[];
    /** How many of them a checkpoint should carry. */
    readonly wanted: number;
  };
};
