import { auditor, member, open, operator, owner, rest, router } from "@evx/rpc";
import { onlooker, selfOrOnlooker } from "./access.ts";
import { alarmed } from "./alarm.ts";
import { approveRequest, issueRequest } from "./approve.ts";
import {
  certificatesIssuedBy,
  certificatesOf,
  certificateView,
  publicCertificate,
  publicKeys,
  publishedRoot,
  searchCertificates,
} from "./certificates.ts";
import { certificateFileAnswer, certificatesCsv, reportFileAnswer } from "./files.ts";
import type { VerificationPorts } from "./ports.ts";
import { proveTrip, recompute } from "./proofs.ts";
import {
  ownDetail,
  ownTrips,
  requestById,
  requestsOf,
  requestView,
  reviewDetail,
  reviewQueue,
  reviewTrips,
  reviewView,
} from "./reading.ts";
import { answerQuestion, resubmitRequest, submitRequest } from "./requests.ts";
import { retireCredits } from "./retirement.ts";
import { askOwner, claimRequest, keepTrips, refuseTrips, rejectRequest, releaseRequest } from "./review.ts";
import { revokeCertificate } from "./revocation.ts";
import * as S from "./schema.ts";
import { clearInterest, declareInterest, interestsOf, statisticsOf } from "./work.ts";

/** What an owner does with requests. */
const requests = router({
  generate: owner
    .meta(
      rest("POST", "/vehicles/{id}/generate-credits", {
        status: 201,
        summary: "Request credits for a vehicle's trips",
      }),
    )
    .input(S.GenerateCredits)
    .output(S.RequestAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("request");
      const wish = { id, vehicleId: input.id, from: input.from, to: input.to };
      return { request: requestView(await ctx.transact((tx) => submitRequest(tx, ctx.actor, wish))) };
    }),
  submit: owner
    .meta(rest("POST", "/credits/request", { status: 201, summary: "Request credits for a vehicle's trips" }))
    .input(S.RequestCredits)
    .output(S.RequestAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("request");
      return {
        request: requestView(await ctx.transact((tx) => submitRequest(tx, ctx.actor, { id, ...input }))),
      };
    }),
  list: owner
    .meta(rest("GET", "/credits/requests", { summary: "Your requests" }))
    .input(S.OwnRequests)
    .output(S.RequestPage)
    .query(({ ctx, input }) => requestsOf(ctx.db, ctx.actor.id, input)),
  byId: owner
    .meta(
      rest("GET", "/credits/requests/{id}", { summary: "One of your requests, with reasons and questions" }),
    )
    .input(S.RequestId)
    .output(S.OwnRequestDetail)
    .query(({ ctx, input }) => ownDetail(ctx.db, ctx.actor, input.id, ctx.locale)),
  trips: owner
    .meta(rest("GET", "/credits/requests/{id}/trips", { summary: "The trips of your request" }))
    .input(S.TripsOfRequest)
    .output(S.TripPage)
    .query(({ ctx, input }) => ownTrips(ctx.db, ctx.actor, input.id, input, ctx.locale)),
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
      const wish = { id, requestId: input.id, explanation: input.explanation };
      return { request: requestView(await ctx.transact((tx) => resubmitRequest(tx, ctx.actor, wish))) };
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

/** What reviewers do. */
const review = (ports: VerificationPorts) =>
  router({
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
      .query(({ ctx, input }) => reviewDetail(ctx.db, ctx.actor, input.id, ctx.locale)),
    trips: onlooker
      .meta(rest("GET", "/verification/requests/{id}/trips", { summary: "The trips of a request" }))
      .input(S.TripsOfRequest)
      .output(S.TripPage)
      .query(({ ctx, input }) => reviewTrips(ctx.db, input.id, input, ctx.locale)),
    claim: auditor
      .meta(rest("POST", "/verification/requests/{id}/claim", { summary: "Take a request into review" }))
      .input(S.RequestId)
      .output(S.ReviewAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => ({
          request: await reviewView(tx, ctx.actor, await claimRequest(tx, ctx.actor, input.id)),
        })),
      ),
    release: onlooker
      .meta(
        rest("POST", "/verification/requests/{id}/release", { summary: "Give a request back to the queue" }),
      )
      .input(S.RequestId)
      .output(S.ReviewAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => ({
          request: await reviewView(tx, ctx.actor, await releaseRequest(tx, ctx.actor, input.id)),
        })),
      ),
    refuseTrips: auditor
      .meta(
        rest("POST", "/verification/requests/{id}/refuse-trips", { summary: "Refuse trips with reasons" }),
      )
      .input(S.RefuseTrips)
      .output(S.ReviewAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => ({
          request: await reviewView(tx, ctx.actor, await refuseTrips(tx, ctx.actor, input)),
        })),
      ),
    keepTrips: auditor
      .meta(
        rest("POST", "/verification/requests/{id}/keep-trips", { summary: "Take refusals of trips back" }),
      )
      .input(S.KeepTrips)
      .output(S.ReviewAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => ({
          request: await reviewView(tx, ctx.actor, await keepTrips(tx, ctx.actor, input)),
        })),
      ),
    ask: auditor
      .meta(rest("POST", "/verification/requests/{id}/ask", { summary: "Ask the owner something" }))
      .input(S.Ask)
      .output(S.ReviewAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => ({
          request: await reviewView(tx, ctx.actor, await askOwner(tx, ctx.actor, input)),
        })),
      ),
    approve: auditor
      .meta(
        rest("POST", "/verification/approve/{id}", { summary: "Approve a request and issue its credits" }),
      )
      .input(S.Approve)
      .output(S.ApproveAnswer)
      .mutation(({ ctx, input }) =>
        alarmed(ctx, input.id, () =>
          ctx.transact(async (tx) => {
            const { request, certificate } = await approveRequest(tx, ports, ctx.actor, input);
            return {
              request: await reviewView(tx, ctx.actor, request),
              certificate: certificate && certificateView(certificate, ports),
            };
          }),
        ),
      ),
    reject: auditor
      .meta(rest("POST", "/verification/reject/{id}", { summary: "Reject a request with reasons" }))
      .input(S.Reject)
      .output(S.ReviewAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => ({
          request: await reviewView(tx, ctx.actor, await rejectRequest(tx, ctx.actor, input)),
        })),
      ),
    issue: auditor
      .meta(rest("POST", "/credits/issue", { summary: "The batch of a request that you review" }))
      .input(S.Issue)
      .output(S.IssueAnswer)
      .mutation(({ ctx, input }) =>
        alarmed(ctx, input.requestId, () =>
          ctx.transact(async (tx) => {
            const { request, batch } = await issueRequest(tx, ports, ctx.actor, input.requestId);
            return { request: await reviewView(tx, ctx.actor, request), batch };
          }),
        ),
      ),
    recompute: onlooker
      .meta(
        rest("POST", "/verification/requests/{id}/recompute", {
          summary: "Compute a request again from its frozen inputs",
        }),
      )
      .input(S.RequestId)
      .output(S.Recomputed)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => {
          const { matches, expected_g, found_g, proofMatches, at } = await recompute(
            tx,
            await requestById(tx, input.id),
            ctx.actor.id,
          );
          return { matches, expectedKg: expected_g, foundKg: found_g, proofMatches, checkedAt: at };
        }),
      ),
    report: member
      .meta(
        rest("GET", "/verification/requests/{id}/report", {
          summary: "The verification report as PDF",
          file: true,
        }),
      )
      .input(S.ReportOf)
      .output(S.FileAnswer)
      .query(({ ctx, input }) => reportFileAnswer(ctx, ctx.actor, input)),
    statistics: auditor
      .meta(rest("GET", "/verification/statistics", { summary: "Your own work in figures" }))
      .output(S.Statistics)
      .query(({ ctx }) => statisticsOf(ctx.db, ctx.actor.id)),
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
  });

const certificates = (ports: VerificationPorts) =>
  router({
    retire: member
      .meta(rest("POST", "/credits/retire", { status: 201, summary: "Retire credits for a beneficiary" }))
      .input(S.Retire)
      .output(S.CertificateAnswer)
      .mutation(async ({ ctx, input: { retirementId, ...wish } }) => {
        const id = retirementId ?? (await ctx.nameFor("retirement"));
        const row = await ctx.transact((tx) => retireCredits(tx, ports, ctx.actor, { id, ...wish }));
        return { certificate: certificateView(row, ports) };
      }),
    list: member
      .meta(rest("GET", "/verification/certificates/{userId}", { summary: "A person's certificates" }))
      .input(S.ListCertificates)
      .output(S.CertificatePage)
      .query(({ ctx, input }) => {
        selfOrOnlooker(ctx.actor, input.userId);
        return certificatesOf(ctx.db, ports, input);
      }),
    issued: onlooker
      .meta(
        rest("GET", "/verification/issued-certificates", {
          summary: "Certificates that you issued; an operator's: all",
        }),
      )
      .input(S.IssuedCertificates)
      .output(S.CertificatePage)
      .query(({ ctx, input }) => certificatesIssuedBy(ctx.db, ports, ctx.actor, input)),
    revoke: onlooker
      .meta(
        rest("POST", "/verification/certificates/{id}/revoke", {
          summary: "Revoke a certificate with a reason",
        }),
      )
      .input(S.Revoke)
      .output(S.CertificateAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact(async (tx) => ({ certificate: await revokeCertificate(tx, ports, ctx.actor, input) })),
      ),
    search: open
      .meta(rest("GET", "/public/certificates", { summary: "The public registry of certificates" }))
      .input(S.SearchRegistry)
      .output(S.RegistryPage)
      .query(({ ctx, input }) => searchCertificates(ctx.db, input)),
    csv: open
      .meta(rest("GET", "/public/certificates.csv", { summary: "The registry as CSV", file: true }))
      .input(S.SearchRegistry)
      .output(S.FileAnswer)
      .query(({ ctx, input }) => certificatesCsv(ctx.db, input)),
    public: open
      .meta(rest("GET", "/public/certificates/{number}", { summary: "A certificate with its signature" }))
      .input(S.CertificateNumber)
      .output(S.PublicCertificate)
      .query(({ ctx, input }) => publicCertificate(ctx.db, ports, input.number)),
    pdf: open
      .meta(rest("GET", "/public/certificates/{number}/pdf", { summary: "A certificate as PDF", file: true }))
      .input(S.PrintCertificate)
      .output(S.FileAnswer)
      .query(({ ctx, input }) => certificateFileAnswer(ctx, input)),
    root: open
      .meta(
        rest("GET", "/public/registry/batches/{number}/root", {
          summary: "The Merkle root over a batch's trips",
        }),
      )
      .input(S.BatchNumber)
      .output(S.PublishedRoot)
      .query(({ ctx, input }) => publishedRoot(ctx.db, BigInt(input.number))),
    keys: open
      .meta(rest("GET", "/public/keys", { summary: "Public keys that certificates are signed with" }))
      .output(S.PublicKeys)
      .query(async ({ ctx }) => ({ items: await publicKeys(ctx.db, ports, ctx.clock.now()) })),
  });

export const verificationRouter = (ports: VerificationPorts) =>
  router({ requests, review: review(ports), certificates: certificates(ports) });
