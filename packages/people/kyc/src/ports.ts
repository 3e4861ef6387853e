import type { Accounts } from "@evx/accounts";
import type { Vault } from "@evx/vault";

/** What proof of identity needs from outside. */
export type KycPorts = {
  /** Seals what identifies a person: names, document numbers, pictures. */
  readonly vault: Promise<Vault>;
  /** A decision changes what a person may do, so this server must know of it. */
  readonly accounts: Pick<Accounts, "access">;
};
