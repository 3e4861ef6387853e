import { every, type Handler } from "@evx/jobs";
import type { Accounts } from "./accounts.ts";
import { letterHandlers } from "./letters.ts";
import { resetHandler } from "./passwords.ts";
import { pruneRevocations } from "./queries/access.ts";
import { pruneDevices } from "./queries/devices.ts";
import { prunePlaces } from "./queries/places.ts";
import { pruneLimits } from "./queries/rate-limits.ts";
import { pruneSessions } from "./queries/sessions.ts";
import { failureHandler } from "./sign-in.ts";
import { signUpHandler } from "./sign-ups.ts";

/** What accounts do by themselves: send letters, and in the night of UTC drop what has no further use. */
export const accountsJobs = (accounts: Accounts): readonly Handler[] => [
  ...letterHandlers(accounts),
  resetHandler(accounts),
  failureHandler,
  signUpHandler(accounts),
  every("identity.prune", "17 3 * * *", async (job) => {
    await job.transact(pruneSessions);
    await job.transact(pruneRevocations);
    await job.transact(prunePlaces);
    await job.transact(pruneDevices);
    await pruneLimits(job.db);
  }),
];
