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
import type { HeadStore } from "@evx/audit";
import { auditJobs } from "@evx/audit/jobs";
import { auditRouter } from "@evx/audit/router";
import type { Handler } from "@evx/jobs";
import type { KycPorts } from "@evx/kyc";
import { kycJobs } from "@evx/kyc/jobs";
import { kycRouter } from "@evx/kyc/router";
import { type Actor, mergeRouters, router } from "@evx/rpc";
import { lastingRouter } from "./lasting.ts";

/** Accounts and proof of identity over one vault. */
export type Identity = KycPorts & {
  readonly accounts: Accounts;
  /** Where heads of the audit trail are noted. */
  readonly heads: HeadStore | null;
  authenticate(headers: Headers): Promise<Actor | null>;
};

export const identityOf = (accounts: Accounts, heads: HeadStore | null = null): Identity => ({
  accounts,
  heads,
  vault: accounts.vault,
  authenticate: (headers) => authenticate(accounts, headers),
});

/** Throws RangeError when a setting cannot do: a short secret. */
export const createIdentity = (
  { heads, ...ports }: AccountsPorts & { heads: HeadStore | null },
  settings: AccountsSettings,
): Identity => identityOf(openAccounts(ports, settings), heads);

/** The people's rooms and the audit trail under one name on the wire. */
export const identityRouter = (identity: Identity) =>
  mergeRouters(
    accountsRouter(identity.accounts),
    lastingRouter,
    router({ kyc: kycRouter(identity), audit: auditRouter({ displayNames, heads: identity.heads }) }),
  );

/** What the people's rooms do behind. */
export const identityJobs = ({ accounts, heads }: Identity): readonly Handler[] => [
  ...accountsJobs(accounts),
  ...auditJobs(heads),
  ...kycJobs,
];
