import { every, type Handler } from "@evx/jobs";
import { pruneRevocations } from "./queries/access.ts";
import { pruneLimits } from "./queries/limits.ts";
import { pruneSessions } from "./queries/sessions.ts";

/** Identity's housekeeping: what has no further use goes, in the night of UTC. */
export const identityJobs: readonly Handler[] = [
  every("identity.prune", "17 3 * * *", async (job) => {
    await job.transact(pruneSessions);
    await job.transact(pruneRevocations);
    await pruneLimits(job.db);
  }),
];
