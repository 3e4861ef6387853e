import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Everything of a large or a fleet's submission was requested or refused. */
export const submissionDone = defineEvent(
  "verification.submission_done",
  v.object({
    submissionId: v.string(),
    ownerId: idOf("user"),
    fleet: v.boolean(),
    requests: v.number(),
    refused: v.number(),
  }),
);
