export {
  accredit,
  actorByEmail,
  type Caller,
  countUsers,
  createRateLimiter,
  displayNames,
  oldestOperator,
  operatorIds,
  type RateLimiter,
  register,
  suspend,
  unsuspend,
  userById,
  type Verdict,
} from "@evx/accounts";
export { type AuditDetails, audit } from "@evx/audit";
export { createIdentity, type Identity, type IdentityPorts, openVault } from "./identity.ts";
