import {
  type Accounts,
  type AccountsPorts,
  type AccountsSettings,
  authenticate,
  openAccounts,
} from "@evx/accounts";
import type { KycPorts } from "@evx/kyc";
import type { Actor } from "@evx/rpc";
import { openVault as open } from "@evx/vault";

/** The vault of what people's rooms seal. */
export const openVault = (secrets: string) => open(secrets, "identity");

export type IdentityPorts = Omit<AccountsPorts, "vault"> & AccountsSettings & { dataKeys: string };

/** Accounts and proof of identity over one vault. */
export type Identity = KycPorts & {
  readonly accounts: Accounts;
  authenticate(headers: Headers): Promise<Actor | null>;
};

export const identityOf = (accounts: Accounts): Identity => ({
  accounts,
  vault: accounts.vault,
  authenticate: (headers) => authenticate(accounts, headers),
});

/** Throws RangeError when a setting cannot do: a short secret, no key. */
export const createIdentity = ({
  db,
  clock,
  log,
  letters,
  dataKeys,
  ...settings
}: IdentityPorts): Identity => {
  if (!dataKeys.replaceAll(",", "").trim())
    throw new RangeError("identity: a key is needed to encrypt documents with");
  return identityOf(openAccounts({ db, clock, log, letters, vault: openVault(dataKeys) }, settings));
};
