import { displayNames } from "@evx/accounts";
import { accountsRouter } from "@evx/accounts/router";
import { auditRouter } from "@evx/audit/router";
import { kycRouter } from "@evx/kyc/router";
import { mergeRouters, router } from "@evx/rpc";
import type { Identity } from "./identity.ts";

export type IdentityRouterPorts = { identity: Identity };

/** The three rooms under their one name, `identity`. */
export const identityRouter = ({ identity }: IdentityRouterPorts) =>
  mergeRouters(
    accountsRouter(identity.accounts),
    router({ kyc: kycRouter(identity), audit: auditRouter({ displayNames }) }),
  );
