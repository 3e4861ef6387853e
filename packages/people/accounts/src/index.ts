export { catchUp, type SubjectId } from "./access.ts";
export { type Accounts, openAccounts } from "./accounts.ts";
export { authenticate, type Caller, identify } from "./authenticate.ts";
export { accountGroups, accountsOfPerson } from "./linked.ts";
export { accredit, changeRole, countUsers, makeFirstAdmin, suspend, unsuspend } from "./people.ts";
export type { AccountsPorts, AccountsSettings, Letter, LetterBox } from "./ports.ts";
export { inPersonLately, ownSession, provenLately } from "./proofs.ts";
export { choosePublicName, namesBeside, publicNameOf, publicNames } from "./public-names.ts";
export { registeredRows } from "./queries/registered.ts";
export { liveSessions } from "./queries/sessions.ts";
export { spendInvitation, spendPhoneCode } from "./rate-limits.ts";
export { register } from "./registration.ts";
export { createRateLimiter, type RateLimiter, type Verdict } from "./request-limits.ts";
export {
  actorByEmail,
  displayNames,
  initialsOf,
  lockPerson,
  mayAct,
  oldestOperator,
  operatorIds,
  peopleById,
  setKycStatus,
  userById,
} from "./users.ts";
