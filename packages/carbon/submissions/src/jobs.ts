import { defineJob, type Handler, handle } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { workOff } from "./work.ts";

/** Asks for credits for much at once, line by line. */
export const runSubmission = defineJob(
  "verification.run_submission",
  v.object({ submissionId: idOf("submission") }),
);

/** What this room does in the background. */
export const submissionJobs: readonly Handler[] = [
  // A million trips take half a minute: each is fetched by itself, so that none waits for another to end.
  handle(runSubmission, (job, { submissionId }) => workOff(job, submissionId), {
    long: true,
    concurrency: 2,
  }),
];
