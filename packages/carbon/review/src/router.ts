import { type CertificatePorts, certificateView, onlooker } from "@evx/certificates";
import { fileAnswer } from "@evx/kernel";
import { auditor, member, operator, owner, rest, router, told } from "@evx/rpc";
import { alarmed } from "./alarm.ts";
import { allAlerts } from "./alerts.ts";
import { approveRequest, issueRequest } from "./approvals.ts";
import { clearInterest, declareInterest, interestsOf } from "./interests.ts";
import { verifyIssued } from "./issued.ts";
import { proveTrip, recompute, recomputedView } from "./proofs.ts";
import { noteSeenOdometer } from "./readings.ts";
import {
  ownDetail,
  ownTrips,
  requestsOf,
  requestView,
  reviewDetail,
  reviewed,
  reviewQueue,
  reviewTrips,
  reviewView,
} from "./reads.ts";
import { reportFileAnswer } from "./report.ts";
import { answerQuestion, resubmitRequest } from "./requests.ts";
import * as S from "./schema.ts";
import { statisticsOf } from "./statistics.ts";
import { askOwner, keepTrips, refuseTrips, rejectRequest, releaseRequest, takeUpRequest } from "./steps.ts";

/** What an owner does with requests. */
export const requestsRouter = router({
  list: owner
    .meta(rest("GET", "/credits/requests", { summary: "Your requests" }))
    .input(S.OwnRequests)
    .output(S.RequestPage)
    .query(({ ctx, input }) => requestsOf(ctx.db, ctx.actor, input)),
  byId: owner
    .meta(
      rest("GET", "/credits/requests/{id}", { summary: "One of your requests, with reasons and questions" }),
    )
    .input(S.RequestId)
    .output(S.OwnRequestDetail)
    .query(({ ctx, input }) => ownDetail(ctx.db, ctx.actor, { id: input.id, locale: ctx.locale })),
  trips: owner
    .meta(rest("GET", "/credits/requests/{id}/trips", { summary: "The trips of your request" }))
    .input(S.TripsOfRequest)
    .output(S.TripPage)
    .query(({ ctx, input }) => ownTrips(ctx.db, ctx.actor, { ...input, locale: ctx.locale })),
  answer: owner
    .meta(rest("POST", "/credits/requests/{id}/answer", { summary: "Answer the reviewer's question" }))
    .input(S.AnswerQuestion)
    .output(S.RequestAnswer)
    .mutation(async ({ ctx, input }) => ({
      request: requestView(await ctx.transact((tx) => answerQuestion(tx, ctx.actor, input))),
    })),
  resubmit: owner
    .meta(
      rest("POST", "/credits/requests/{id}/resubmit", {
        status: 201,
        summary: "Send the refused trips again",
      }),
    )
    .input(S.Resubmit)
    .output(S.RequestAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("request");
      const request = { id, requestId: input.id, explanation: input.explanation };
      return { request: requestView(await ctx.transact((tx) => resubmitRequest(tx, ctx.actor, request))) };
    }),
  proof: owner
    .meta(
      rest("GET", "/credits/requests/{id}/proofs/{tripId}", {
        summary: "Prove that a trip is in an issued batch",
      }),
    )
    .input(S.ProofOfTrip)
    .output(S.Proof)
    .query(({ ctx, input }) => alarmed(ctx, input.id, () => proveTrip(ctx.db, ctx.actor, input))),
});

/** What reviewers and operators look at. */
const looking = {
  queue: onlooker
    .meta(rest("GET", "/verification/requests", { summary: "Requests, riskiest first" }))
    .input(S.ListRequests)
    .output(S.ReviewRequestPage)
    .query(({ ctx, input }) => reviewQueue(ctx.db, ctx.actor, input)),
  byId: onlooker
    .meta(
      rest("GET", "/verification/requests/{id}", {
        summary: "A request with trips, both methods and flags",
      }),
    )
    .input(S.RequestId)
    .output(S.ReviewDetail)
    .query(({ ctx, input }) => reviewDetail(ctx.db, ctx.actor, { id: input.id, locale: ctx.locale })),
  trips: onlooker
    .meta(rest("GET", "/verification/requests/{id}/trips", { summary: "The trips of a request" }))
    .input(S.TripsOfRequest)
    .output(S.TripPage)
    .query(({ ctx, input }) => reviewTrips(ctx.db, { ...input, locale: ctx.locale })),
  report: member
    .meta({
      ...rest("GET", "/verification/requests/{id}/report", {
        summary: "The verification report as PDF",
        file: true,
      }),
      points: 5,
    })
    .input(S.ReportOf)
    .output(fileAnswer)
    .query(({ ctx, input }) => reportFileAnswer(ctx, ctx.actor, input)),
  statistics: auditor
    .meta(rest("GET", "/verification/statistics", { summary: "Your own work in figures" }))
    .output(S.Statistics)
    .query(({ ctx }) => statisticsOf(ctx.db, ctx.actor.id)),
};

/** The steps of a review before its decision. */
const steps = {
  claim: auditor
    .meta(rest("POST", "/verification/requests/{id}/claim", { summary: "Take a request up for review" }))
    .input(S.RequestId)
    .output(S.ReviewAnswer)
    .mutation(({ ctx, input }) => reviewed(ctx, (tx) => takeUpRequest(tx, ctx.actor, input.id))),
  release: onlooker
    .meta(
      rest("POST", "/verification/requests/{id}/release", { summary: "Give a request back to the queue" }),
    )
    .input(S.RequestId)
    .output(S.ReviewAnswer)
    .mutation(({ ctx, input }) => reviewed(ctx, (tx) => releaseRequest(tx, ctx.actor, input.id))),
  refuseTrips: auditor
    .meta(rest("POST", "/verification/requests/{id}/refuse-trips", { summary: "Refuse trips with reasons" }))
    .input(S.RefuseTrips)
    .output(S.ReviewAnswer)
    .mutation(({ ctx, input }) => reviewed(ctx, (tx) => refuseTrips(tx, ctx.actor, input))),
  keepTrips: auditor
    .meta(rest("POST", "/verification/requests/{id}/keep-trips", { summary: "Take refusals of trips back" }))
    .input(S.KeepTrips)
    .output(S.ReviewAnswer)
    .mutation(({ ctx, input }) => reviewed(ctx, (tx) => keepTrips(tx, ctx.actor, input))),
  seenOdometer: auditor
    .meta(
      rest("POST", "/verification/requests/{id}/odometer", {
        summary: "Note what you saw on the car's odometer",
      }),
    )
    .input(S.SeenOdometer)
    .output(S.ReviewAnswer)
    .mutation(({ ctx, input }) => reviewed(ctx, (tx) => noteSeenOdometer(tx, ctx.actor, input))),
  ask: auditor
    .meta(rest("POST", "/verification/requests/{id}/ask", { summary: "Ask the owner something" }))
    .input(S.Ask)
    .output(S.ReviewAnswer)
    .mutation(({ ctx, input }) => reviewed(ctx, (tx) => askOwner(tx, ctx.actor, input))),
  reject: auditor
    .meta(rest("POST", "/verification/reject/{id}", { summary: "Reject a request with reasons" }))
    .input(S.Reject)
    .output(S.ReviewAnswer)
    .mutation(({ ctx, input }) => reviewed(ctx, (tx) => rejectRequest(tx, ctx.actor, input))),
  recompute: onlooker
    .meta(
      rest("POST", "/verification/requests/{id}/recompute", {
        summary: "Compute a request again from its frozen inputs",
      }),
    )
    .input(S.RequestId)
    .output(S.Recomputed)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => recomputedView(await recompute(tx, ctx.actor, input.id))),
    ),
};

/** What an operator compares from inside. */
const verifying = {
  verifyIssued: operator
    .meta(told("Compute every batch again from its trips and hold it against its request and its tree"))
    .output(S.IssuedVerdict)
    .query(({ ctx }) => verifyIssued(ctx.db)),
};

/** What ends in a batch and a certificate. */
const decisions = (ports: CertificatePorts) => ({
  approve: auditor
    .meta(rest("POST", "/verification/approve/{id}", { summary: "Approve a request and issue its credits" }))
    .input(S.Approve)
    .output(S.ApproveAnswer)
    .mutation(({ ctx, input }) =>
      alarmed(ctx, input.id, async () => {
        const { request, certificate } = await ctx.transact(async (tx) => {
          const approved = await approveRequest(tx, ports, ctx.actor, input);
          return { ...approved, request: await reviewView(tx, ctx.actor, approved.request) };
        });
        // Which certificate is current for which grams is settled as the transaction ends.
        return { request, certificate: certificate && (await certificateView(ctx.db, ports, certificate)) };
      }),
    ),
  issue: auditor
    .meta(rest("POST", "/credits/issue", { summary: "The batch of a request that you review" }))
    .input(S.Issue)
    .output(S.IssueAnswer)
    .mutation(({ ctx, input }) =>
      alarmed(ctx, input.requestId, () =>
        ctx.transact(async (tx) => {
          const { request, ...issued } = await issueRequest(tx, ports, ctx.actor, input.requestId);
          return { request: await reviewView(tx, ctx.actor, request), ...issued };
        }),
      ),
    ),
});

/** Interests that bar a reviewer, and signs that one was bought. */
const interests = {
  alerts: operator
    .meta(rest("GET", "/verification/alerts", { summary: "Signs of kick-backs, newest first" }))
    .output(S.Alerts)
    .query(async ({ ctx }) => ({ items: await allAlerts(ctx.db, ctx.actor) })),
  interests: onlooker
    .meta(rest("GET", "/verification/interests", { summary: "Declared interests" }))
    .output(S.Interests)
    .query(async ({ ctx }) => ({ items: await interestsOf(ctx.db, ctx.actor) })),
  declareInterest: onlooker
    .meta(rest("POST", "/verification/interests", { status: 201, summary: "Declare an interest" }))
    .input(S.Declare)
    .output(S.Interests)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => {
        await declareInterest(tx, ctx.actor, input);
        return { items: await interestsOf(tx, ctx.actor) };
      }),
    ),
  clearInterest: operator
    .meta(
      rest("DELETE", "/verification/interests/{reviewerId}/{subjectId}", {
        summary: "End a declared interest",
      }),
    )
    .input(S.ClearInterest)
    .output(S.Interests)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => {
        await clearInterest(tx, ctx.actor, input);
        return { items: await interestsOf(tx, ctx.actor) };
      }),
    ),
};

/** What reviewers do. */
export const reviewRouter = (ports: CertificatePorts) =>
  router({ ...looking, ...steps, ...verifying, ...decisions(ports), ...interests });
