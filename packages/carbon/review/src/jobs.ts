import { every, type Handler } from "@evx/jobs";
import { nextToRecompute, recompute } from "./proofs.ts";

/** How many batches are computed again in an hour: a thousand batches come round every two days. */
const recomputedAtOnce = 25;

/** What this room does in the background. */
export const reviewJobs: readonly Handler[] = [
  every("verification.recompute", "17 * * * *", async (job) => {
    for (const id of await nextToRecompute(job.db, recomputedAtOnce)) {
      const { matches } = await job.transact((tx) => recompute(tx, null, id));
      if (!matches) job.log.error({ request: id }, "a batch does not come out as it was issued");
    }
  }),
];
