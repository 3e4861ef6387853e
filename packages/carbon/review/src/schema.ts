import { Certificate } from "@evx/certificates/schema";
import {
  creditsOut,
  documentOut,
  idOf,
  idOut,
  kgFromGrams,
  momentOut,
  pageEntries,
  pageOf,
  textOf,
} from "@evx/kernel";
import type { InclusionProof } from "@evx/proof";
import { AuditedTrip, ReconciliationView } from "@evx/trips/schema";
import * as v from "valibot";
import { type RiskReason, tripReasonCodes } from "./reasons.ts";
import { Alert } from "./schema/alerts.ts";

// Everything that crosses the wire, and the closed lists behind it. Safe for the browser.
export * from "./reasons.ts";
export * from "./schema/alerts.ts";
export * from "./schema/interests.ts";

export const requestStatuses = ["pending", "in_review", "needs_info", "approved", "rejected"] as const;
export const status = v.picklist(requestStatuses);
export const quality = v.picklist(["connected", "export", "manual"]);

/** Grams on their way out as kilograms, a number exact to the gram. */
const kgOut = v.pipe(v.bigint(), v.transform(kgFromGrams), v.number());
/** Metres as kilometres, watt-hours as kilowatt-hours. */
const thousandthsOut = v.pipe(
  v.bigint(),
  v.transform((amount) => Number(amount) / 1000),
  v.number(),
);
export const countOut = v.pipe(v.union([v.bigint(), v.number()]), v.transform(Number), v.number());

/** Words of a person that another person reads. */
const words = textOf(2_000);
const reasonWords = textOf(2_000, 3);

// Requests

export const RequestId = v.object({ id: idOf("request") });

const requestEntries = {
  id: idOut("request"),
  vehicleId: idOut("vehicle"),
  status,
  co2SavedKg: kgOut,
  creditsRequested: creditsOut,
  creditsIssued: v.nullable(creditsOut),
  tripCount: countOut,
  rejectedTripCount: countOut,
  flaggedTripCount: countOut,
  distanceKm: thousandthsOut,
  energyKwh: v.nullable(thousandthsOut),
  periodFrom: v.nullable(momentOut),
  periodTo: v.nullable(momentOut),
  firstTripAt: momentOut,
  lastTripAt: momentOut,
  /** The zone of the vehicle as it was when the trips were taken: by its days the period is one, by its years vintages are. */
  zone: v.string(),
  method: v.string(),
  factorSet: v.string(),
  countryCode: v.string(),
  vehicleClass: v.string(),
  qualityTier: quality,
  submittedAt: momentOut,
  decidedAt: v.nullable(momentOut),
  decisionNote: v.nullable(v.string()),
  resubmitsId: v.nullable(idOut("request")),
  resubmittedById: v.nullable(idOut("request")),
  approvals: v.number(),
  approvalsNeeded: v.number(),
  batchId: v.nullable(idOut("batch")),
  certificateNumber: v.nullable(v.string()),
  vehicle: v.object({ make: v.string(), model: v.string(), year: v.number() }),
};

/** A request as its owner sees it. */
export const Request = v.object(requestEntries);

export const RequestAnswer = v.object({ request: Request });

const riskReason = documentOut<RiskReason>("What raises the request in the queue: its code and figures.");

/** A request as reviewers and operators see it. */
export const ReviewRequest = v.object({
  ...requestEntries,
  ownerId: idOut("user"),
  ownerName: v.string(),
  riskScore: v.number(),
  riskLevel: v.picklist(["low", "medium", "high"]),
  riskReasons: v.array(riskReason),
  reviewerId: v.nullable(idOut("user")),
  reviewerName: v.nullable(v.string()),
  claimedAt: v.nullable(momentOut),
  /** Why the asking reviewer must leave it to another one; null when they may judge it. */
  interest: v.nullable(v.string()),
});

export type ReviewRequestView = v.InferInput<typeof ReviewRequest>;
export type RequestView = v.InferInput<typeof Request>;

export const ListRequests = v.object({
  ...pageEntries,
  status: v.optional(v.picklist([...requestStatuses, "open"])),
  /** Only those that the asking reviewer holds or decided. */
  mine: v.optional(
    v.pipe(
      v.union([v.boolean(), v.picklist(["true", "false"])]),
      v.transform((value) => String(value) === "true"),
    ),
  ),
  sort: v.optional(v.picklist(["risk", "newest", "oldest"])),
});

export const ReviewRequestPage = pageOf(ReviewRequest);

export const OwnRequests = v.object({
  ...pageEntries,
  status: v.optional(status),
  vehicleId: v.optional(idOf("vehicle")),
});

export const RequestPage = pageOf(Request);

const Mark = v.object({
  reason: v.picklist(tripReasonCodes),
  message: v.string(),
  note: v.nullable(v.string()),
});

/** A trip in review: as its owner sees it, with both methods, and what reviewers said of it now and before. */
export const ReviewTrip = v.object({
  ...AuditedTrip.entries,
  rejection: v.nullable(Mark),
  refusedBefore: v.nullable(Mark),
});

export type ReviewTripView = v.InferInput<typeof ReviewTrip>;

export const MethodResult = v.object({
  method: v.string(),
  co2SavedKg: kgOut,
  credits: creditsOut,
  /** Whether this is the method that the request froze. */
  counted: v.boolean(),
  /** Trips that the method could not compute. */
  tripsWithout: countOut,
});

export const Message = v.object({
  seq: v.number(),
  kind: v.string(),
  authorId: idOut("user"),
  authorName: v.string(),
  body: v.nullable(v.string()),
  at: momentOut,
});

export const FlagCount = v.object({ code: v.string(), message: v.string(), count: countOut });

export const TripsOfRequest = v.object({
  id: idOf("request"),
  ...pageEntries,
  flagged: v.optional(
    v.pipe(
      v.union([v.boolean(), v.picklist(["true", "false"])]),
      v.transform((value) => String(value) === "true"),
    ),
  ),
});

export const TripPage = pageOf(ReviewTrip);

/** GET /verification/requests/{id}: the request, the first page of its trips, both methods, flags, what was said. */
export const ReviewDetail = v.object({
  request: ReviewRequest,
  trips: v.array(ReviewTrip),
  nextCursor: v.nullable(v.string()),
  /** Trips that are marked as refused at this moment. */
  refusedTrips: v.number(),
  methods: v.array(MethodResult),
  flags: v.array(FlagCount),
  odometer: v.nullable(ReconciliationView),
  /** The same trips at other vehicles, and how many rows of three trips follow one another elsewhere as here. */
  twins: v.object({
    trips: v.number(),
    /** Whether it is so much that a second reviewer and a reason are needed. */
    copied: v.boolean(),
    others: v.array(
      v.object({
        vehicleId: idOut("vehicle"),
        ownerId: idOut("user"),
        ownerName: v.string(),
        requestIds: v.array(idOut("request")),
        trips: v.number(),
      }),
    ),
    shapes: v.object({ own: v.number(), elsewhere: v.number() }),
  }),
  alerts: v.array(Alert),
  factors: documentOut<object>("The frozen factor set, as GET /api/factor-sets/{hash} publishes it."),
  messages: v.array(Message),
  approvals: v.array(
    v.object({ reviewerId: idOut("user"), reviewerName: v.string(), approvedAt: momentOut }),
  ),
});

/** What an owner sees of their own request: all but risk and reviewers' names. */
export const OwnRequestDetail = v.object({
  request: Request,
  methods: v.array(MethodResult),
  messages: v.array(
    v.object({
      seq: v.number(),
      kind: v.string(),
      mine: v.boolean(),
      body: v.nullable(v.string()),
      at: momentOut,
    }),
  ),
  refused: v.array(
    v.object({
      ...Mark.entries,
      tripId: idOut("trip"),
      startTime: momentOut,
      distanceKm: thousandthsOut,
      co2SavedKg: kgOut,
    }),
  ),
  /** Whether the refused trips can be sent again. */
  resubmittable: v.boolean(),
});

// Review

const tripMarks = v.pipe(
  v.array(v.object({ tripId: idOf("trip"), reason: textOf(500), note: v.optional(v.nullable(words)) })),
  v.maxLength(5_000, "At most 5000."),
);

export const RefuseTrips = v.object({
  id: idOf("request"),
  trips: v.pipe(tripMarks, v.minLength(1, "Must not be empty.")),
});

export const KeepTrips = v.object({
  id: idOf("request"),
  tripIds: v.pipe(
    v.array(idOf("trip")),
    v.minLength(1, "Must not be empty."),
    v.maxLength(5_000, "At most 5000."),
  ),
});

export const Marks = v.object({ request: ReviewRequest, rejectedTripCount: v.number() });

export const Ask = v.object({ id: idOf("request"), question: reasonWords });
export const AnswerQuestion = v.object({ id: idOf("request"), answer: words });
export const Approve = v.object({ id: idOf("request"), notes: v.optional(v.nullable(textOf(2_000, 0))) });
export const Reject = v.object({ id: idOf("request"), reason: reasonWords, trips: v.optional(tripMarks) });
export const Resubmit = v.object({ id: idOf("request"), explanation: v.optional(words) });
export const Issue = v.object({ requestId: idOf("request") });

/** A CVA's own work. */
export const Statistics = v.object({
  open: v.number(),
  decided: v.number(),
  approved: v.number(),
  rejected: v.number(),
  creditsIssued: creditsOut,
  tripsReviewed: countOut,
  tripsRefused: countOut,
  /** Hours from taking a request to its decision: the median; null before the first decision. */
  medianHours: v.nullable(v.number()),
  months: v.array(
    v.object({ period: v.string(), approved: v.number(), rejected: v.number(), creditsIssued: creditsOut }),
  ),
});

export const Recomputed = v.object({
  matches: v.boolean(),
  expectedKg: kgOut,
  foundKg: kgOut,
  proofMatches: v.nullable(v.boolean()),
  checkedAt: momentOut,
});

const issuedBatch = v.object({
  id: idOut("batch"),
  serial: v.string(),
  credits: creditsOut,
  vintageFrom: v.string(),
  vintageTo: v.string(),
});

export const IssueAnswer = v.object({
  request: ReviewRequest,
  /** The oldest of the batches; the only one unless the request spans a new year where the vehicle is. */
  batch: v.nullable(issuedBatch),
  batches: v.array(issuedBatch),
});

export const ApproveAnswer = v.object({
  request: ReviewRequest,
  /** Null after the first of two approvals. */
  certificate: v.nullable(Certificate),
});

export const ReviewAnswer = v.object({ request: ReviewRequest });

export const Proof = v.object({
  proof: documentOut<InclusionProof>("An `evx-inclusion/1` or `evx-inclusion/2`."),
  certificateNumber: v.nullable(v.string()),
});

export const ProofOfTrip = v.object({ id: idOf("request"), tripId: idOf("trip") });

export const Locale = v.object({ locale: v.optional(v.picklist(["en", "vi"])) });

export const ReportOf = v.object({ id: idOf("request"), ...Locale.entries });

/** Each fault names its batch; none means that all of them come out as they were issued. */
export const IssuedVerdict = v.object({ batches: v.number(), faults: v.array(v.string()) });
