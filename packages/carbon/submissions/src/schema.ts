import { boundIn, idOf, idOut, inOrder, momentOut, yearIn } from "@evx/kernel";
import { countOut, Request } from "@evx/review/schema";
import * as v from "valibot";

const period = { from: v.optional(boundIn), to: v.optional(boundIn) };

export const RequestCredits = v.pipe(
  v.object({ vehicleId: idOf("vehicle"), ...period }),
  inOrder("from", "to"),
);

/** POST /vehicles/{id}/generate-credits: the vehicle is named by the path; the body may repeat it. */
export const GenerateCredits = v.pipe(
  v.object({
    id: idOf("vehicle"),
    vehicleId: v.optional(idOf("vehicle")),
    ...period,
  }),
  inOrder("from", "to"),
);

/** How much at once is asked for: a line for each car and year, and how far it is. */
export const Submission = v.object({
  id: idOut("submission"),
  fleet: v.boolean(),
  status: v.picklist(["queued", "running", "done"]),
  linesTotal: v.number(),
  linesDone: v.number(),
  tripsTotal: v.number(),
  tripsDone: v.number(),
  lines: v.array(
    v.object({
      vehicleId: idOut("vehicle"),
      name: v.string(),
      year: v.nullable(v.number()),
      status: v.picklist(["waiting", "done", "refused"]),
      tripCount: countOut,
      tripsDone: countOut,
      /** The request that the line became. */
      request: v.nullable(Request),
      refusal: v.nullable(v.object({ code: v.string(), message: v.string() })),
    }),
  ),
  createdAt: momentOut,
  finishedAt: v.nullable(momentOut),
});

export type SubmissionView = v.InferInput<typeof Submission>;

/** A request; or, over 20,000 trips, the submission that becomes one, with status 202. */
export const SubmitAnswer = v.object({ request: v.nullable(Request), submission: v.nullable(Submission) });

export const SubmissionId = v.object({ id: idOf("submission") });

export const Submissions = v.object({ items: v.array(v.omit(Submission, ["lines"])) });

export const FleetRequests = v.optional(
  v.object({
    year: v.optional(yearIn),
    vehicleIds: v.optional(v.pipe(v.array(idOf("vehicle")), v.maxLength(2_000, "At most 2000."))),
  }),
  {},
);
