import { requestView } from "@evx/review";
import { type Actor, type Context, owner, rest, router } from "@evx/rpc";
import { listSubmissions, showSubmission } from "./reads.ts";
import * as S from "./schema.ts";
import { submitFleet, submitOrQueue } from "./submissions.ts";

type OwnerContext = Context & { readonly actor: Actor };

/** Asks for credits; over 20,000 trips the answer is 202 with where to look. */
const submitted = async (ctx: OwnerContext, input: Parameters<typeof submitOrQueue>[2]) => {
  const made = await submitOrQueue(ctx, ctx.actor, input);
  if ("request" in made) return { request: requestView(made.request), submission: null };
  ctx.answer.status = 202;
  return {
    request: null,
    submission: await showSubmission(ctx.db, ctx.actor, made.submission.id, ctx.locale),
  };
};

/** Credits for a whole fleet. */
export const fleetRequestsRouter = router({
  request: owner
    .meta(
      rest("POST", "/fleet/requests", {
        status: 201,
        summary: "Request credits for all cars at once: one request for each car and year",
      }),
    )
    .input(S.FleetRequests)
    .output(S.Submission)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("submission");
      const row = await submitFleet(ctx, ctx.actor, { id, ...input });
      if (row.status !== "done") ctx.answer.status = 202;
      return showSubmission(ctx.db, ctx.actor, id, ctx.locale);
    }),
  submission: owner
    .meta(rest("GET", "/fleet/requests/{id}", { summary: "How a fleet's requests stand, car by car" }))
    .input(S.SubmissionId)
    .output(S.Submission)
    .query(({ ctx, input }) => showSubmission(ctx.db, ctx.actor, input.id, ctx.locale)),
});

/** Asking for credits, for one vehicle. */
export const submissionsRouter = router({
  generate: owner
    .meta(
      rest("POST", "/vehicles/{id}/generate-credits", {
        status: 201,
        summary: "Request credits for a vehicle's trips",
      }),
    )
    .input(S.GenerateCredits)
    .output(S.SubmitAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("request");
      return submitted(ctx, { id, vehicleId: input.id, from: input.from, to: input.to });
    }),
  submit: owner
    .meta(rest("POST", "/credits/request", { status: 201, summary: "Request credits for a vehicle's trips" }))
    .input(S.RequestCredits)
    .output(S.SubmitAnswer)
    .mutation(async ({ ctx, input }) => submitted(ctx, { id: await ctx.nameFor("request"), ...input })),
  submissions: owner
    .meta(rest("GET", "/credits/submissions", { summary: "Your latest large and fleet submissions" }))
    .output(S.Submissions)
    .query(({ ctx }) => listSubmissions(ctx.db, ctx.actor)),
  submission: owner
    .meta(rest("GET", "/credits/submissions/{id}", { summary: "How a submission stands, car by car" }))
    .input(S.SubmissionId)
    .output(S.Submission)
    .query(({ ctx, input }) => showSubmission(ctx.db, ctx.actor, input.id, ctx.locale)),
});
