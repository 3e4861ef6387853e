import { creditsTransferred } from "@evx/credits/events";
import { logFactorSets } from "@evx/emissions";
import { defineJob, every, type Handler, handle, on } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { noteGift } from "./alerts.ts";
import { nextToRecompute, recompute } from "./proofs.ts";
import { workOff } from "./submission-work.ts";
import { noteLateTrades } from "./trades.ts";

/** How many batches are computed again in an hour: a thousand batches come round every two days. */
const recomputedAtOnce = 25;

/** Asks for credits for much at once, line by line. */
export const runSubmission = defineJob(
  "verification.run_submission",
  v.object({ submissionId: idOf("submission") }),
);

/** What this room does in the background. */
export const reviewJobs: readonly Handler[] = [
  // A million trips take half a minute: each is fetched by itself, so that none waits for another to end.
  handle(runSubmission, (job, { submissionId }) => workOff(job, submissionId), {
    long: true,
    concurrency: 2,
  }),
  on(creditsTransferred, "verification.note_gift", (job, { transferId, fromId, toId, grams }) =>
    job.transact((tx) => noteGift(tx, { transferId, fromId, toId, grams: BigInt(grams) })),
  ),
  every("verification.note_late_trades", "47 * * * *", noteLateTrades),
  // A set that an operator has fixed is in the public log before anything is issued by it.
  every("verification.log_factor_sets", "2 * * * *", (job) => job.transact(logFactorSets)),
  every("verification.recompute", "17 * * * *", async (job) => {
    for (const id of await nextToRecompute(job.db, recomputedAtOnce)) {
      const { matches } = await job.transact((tx) => recompute(tx, null, id));
      if (!matches) job.log.error({ request: id }, "a batch does not come out as it was issued");
    }
  }),
];
