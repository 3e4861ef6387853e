import {
  type Accounts,
  type AccountsPorts,
  type AccountsSettings,
  authenticate,
  displayNames,
  openAccounts,
} from "@evx/accounts";
import { accountsJobs } from "@evx/accounts/jobs";
import { accountsRouter } from "@evx/accounts/router";
import { auditRouter } from "@evx/audit/router";
import type { Handler } from "@evx/jobs";
import type { KycPorts } from "@evx/kyc";
import { kycJobs } from "@evx/kyc/jobs";
import { kycRouter } from "@evx/kyc/router";
import { type Actor, mergeRouters, router } from "@evx/rpc";

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

/** Throws RangeError when a setting cannot do: a short secret. */
export const createIdentity = (ports: AccountsPorts, settings: AccountsSettings): Identity =>
  identityOf(openAccounts(ports, settings));

/** The people's rooms and the audit trail under one name on the wire. */
export const identityRouter = (identity: Identity) =>
  mergeRouters(
    accountsRouter(identity.accounts),
    router({ kyc: kycRouter(identity), audit: auditRouter({ displayNames }) }),
  );

/** What the people's rooms do behind. */
export const identityJobs = ({ accounts }: Identity): readonly Handler[] => [
  ...accountsJobs(accounts),
  ...kycJobs,
];
