import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const text = v.string();
/** Whole grams as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));

const requestEntries = {
  requestId: text,
  ownerId: idOf("user"),
  vehicleId: text,
  grams: amount,
  tripCount: v.number(),
};

/** An owner asked for credits; the trips are claimed. */
export const requestSubmitted = defineEvent(
  "verification.request_submitted",
  v.object({ ...requestEntries, riskScore: v.number(), resubmitsId: v.nullable(text) }),
);

/** Everything of a large or a fleet's submission was requested or refused. */
export const submissionDone = defineEvent(
  "verification.submission_done",
  v.object({
    submissionId: text,
    ownerId: idOf("user"),
    fleet: v.boolean(),
    requests: v.number(),
    refused: v.number(),
  }),
);

/** The reviewer needs something from the owner. */
export const infoRequested = defineEvent(
  "verification.info_requested",
  v.object({ requestId: text, ownerId: idOf("user"), reviewerId: idOf("user"), question: text }),
);

/** The owner answered the reviewer. */
export const infoGiven = defineEvent(
  "verification.info_given",
  v.object({ requestId: text, ownerId: idOf("user"), reviewerId: idOf("user") }),
);

/** A request was approved or rejected. `issued` are the grams that reached the owner's wallet and the buffer. */
export const requestDecided = defineEvent(
  "verification.request_decided",
  v.object({
    ...requestEntries,
    outcome: v.picklist(["approved", "rejected"]),
    reviewerId: idOf("user"),
    reason: v.nullable(text),
    issued: amount,
    rejectedTrips: v.number(),
    batchId: v.nullable(text),
    certificateNumber: v.nullable(text),
  }),
);

/** Credits went from an owner to who approved their requests, or one reviewer approves one owner's again and again. */
export const kickbackSuspected = defineEvent(
  "verification.kickback_suspected",
  v.object({
    kind: v.picklist(["gift", "pair"]),
    reviewerId: text,
    ownerId: text,
    requestId: text,
    grams: amount,
  }),
);

/** An auditor, by whatever account, and an owner whose requests they approve traded far from the market's price. */
export const oddTradeSuspected = defineEvent(
  "verification.odd_trade_suspected",
  v.object({ reviewerId: text, ownerId: text, requestId: text, orderId: text, grams: amount }),
);

/** A batch computed again gave another gram, or its trips are not those that its root was made of: an alarm. */
export const recomputeFailed = defineEvent(
  "verification.recompute_failed",
  v.object({
    requestId: text,
    batchId: v.nullable(text),
    expected: amount,
    found: amount,
    proofMatches: v.boolean(),
  }),
);
