import { every, type Handler } from "@evx/jobs";
import type { Identity } from "./identity.ts";
import { pruneRevocations } from "./queries/access.ts";
import { pruneLooseDocuments } from "./queries/kyc.ts";
import { pruneLimits } from "./queries/limits.ts";
import { pruneSessions } from "./queries/sessions.ts";

/** What identity does by itself: sends its letters, and in the night of UTC drops what has no further use. */
export const identityJobs = (identity: Identity): readonly Handler[] => [
  identity.letters.handler,
  identity.account.resetHandler,
  every("identity.prune", "17 3 * * *", async (job) => {
    await job.transact(pruneSessions);
    await job.transact(pruneRevocations);
    await job.transact(pruneLooseDocuments);
    await pruneLimits(job.db);
  }),
];
