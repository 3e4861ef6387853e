export { type AuditDetails, audit } from "./audit.ts";
export type { Caller } from "./authenticate.ts";
export { createIdentity, type Identity } from "./identity.ts";
export { createRateLimiter, type RateLimiter, type Verdict } from "./limits.ts";
export { accredit, countUsers, suspend, unsuspend } from "./people.ts";
export type { IdentityPorts } from "./ports.ts";
export { actorByEmail, displayNames, oldestOperator, operatorIds, userById } from "./users.ts";
export { openVault } from "./vault.ts";
