import { namesIn } from "@evx/certificates";
import type { Db, Tx } from "@evx/db";
import { afterCursor, type Id, isId, type Locale, type Page, type PageInput, pageFrom } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import { flagCountsOfRequest, odometerOfRequest, tripsOfRequest, twinsOfRequest } from "@evx/trips";
import { alertsOf } from "./alerts.ts";
import { refuse } from "./errors.ts";
import { interestsIn } from "./independence.ts";
import { isCopied, isDecided, riskLevel } from "./policy.ts";
import {
  messageRows,
  type RequestFilter,
  type RequestRow,
  requestRow,
  requestRows,
} from "./queries/requests.ts";
import {
  approvalRows,
  lastRejections,
  type RejectionRow,
  rejectionCount,
  rejectionRows,
} from "./queries/review.ts";
import { flagNames, type RiskReason, tripReasons } from "./reasons.ts";
import type { RequestView, ReviewRequestView, ReviewTripView } from "./schema.ts";

/** A request as its owner sees it. */
export const requestView = (row: RequestRow): RequestView => ({
  id: row.id,
  vehicleId: row.vehicle_id,
  status: row.status,
  co2SavedKg: row.co2_saved_g,
  creditsRequested: row.co2_saved_g,
  creditsIssued: row.issued_g,
  tripCount: row.trip_count,
  rejectedTripCount: row.rejected_count,
  flaggedTripCount: row.flagged_count,
  distanceKm: row.distance_m,
  energyKwh: row.energy_wh,
  periodFrom: row.period_from,
  periodTo: row.period_to,
  firstTripAt: row.first_at,
  lastTripAt: row.last_at,
  zone: row.zone,
  method: row.method_code,
  factorSet: row.factor_set,
  countryCode: row.country_code,
  vehicleClass: row.vehicle_class,
  qualityTier: row.quality_tier,
  submittedAt: row.submitted_at,
  decidedAt: row.decided_at,
  decisionNote: row.decision_note,
  resubmitsId: row.resubmits_id,
  resubmittedById: row.resubmitted_by,
  approvals: Number(row.approvals),
  approvalsNeeded: row.approvals_needed,
  batchId: row.batch_id,
  certificateNumber: row.certificate_number,
  vehicle: { make: row.vehicle_make, model: row.vehicle_model, year: row.vehicle_year },
});

type Viewer = Pick<Actor, "id" | "role">;

/** Requests as a reviewer or an operator sees them, with the names that they may see, and what speaks against this reviewer. */
const reviewViews = async (db: Db, viewer: Viewer, rows: readonly RequestRow[]) => {
  const [names, interests] = await Promise.all([
    namesIn(db, viewer, rows, { staff: rows.flatMap((row) => row.reviewer_id ?? []) }),
    viewer.role === "cva" ? interestsIn(db, viewer.id, rows) : new Map<Id<"request">, string>(),
  ]);
  return rows.map((row) => ({
    ...requestView(row),
    ownerId: row.owner_id,
    ownerName: names.get(row.owner_id) ?? "–",
    riskScore: row.risk_score,
    riskLevel: riskLevel(row.risk_score),
    riskReasons: row.risk_reasons as RiskReason[],
    reviewerId: row.reviewer_id,
    reviewerName: row.reviewer_id ? (names.get(row.reviewer_id) ?? "–") : null,
    claimedAt: row.claimed_at,
    interest: interests.get(row.id) ?? null,
  }));
};

export const reviewView = async (db: Db, viewer: Viewer, row: RequestRow): Promise<ReviewRequestView> => {
  const [view] = await reviewViews(db, viewer, [row]);
  if (!view) throw refuse("request_not_found");
  return view;
};

/** Does a reviewer's step in a transaction of its own and answers with the request as they see it then. */
export const reviewed = (
  ctx: Pick<Context, "transact"> & { readonly actor: Viewer },
  step: (tx: Tx) => Promise<RequestRow>,
): Promise<{ request: ReviewRequestView }> =>
  ctx.transact(async (tx) => ({ request: await reviewView(tx, ctx.actor, await step(tx)) }));

const listed = async (db: Db, filter: RequestFilter, { limit, cursor }: PageInput) => {
  const after = afterCursor(cursor, ([risk, millis, id]) => {
    const at = new Date(Number(millis));
    const known = typeof id === "string" && isId("request", id) && Number.isInteger(risk);
    return known && !Number.isNaN(at.getTime()) ? { risk: Number(risk), at, id } : null;
  });
  return requestRows(db, filter, limit + 1, after);
};

const keyOf = (row: RequestRow) => [row.risk_score, row.submitted_at.getTime(), row.id];

/** The queue: open requests by risk unless asked otherwise. */
export const reviewQueue = async (
  db: Db,
  viewer: Viewer,
  input: PageInput & Partial<Pick<RequestFilter, "status" | "sort">> & { mine?: boolean | undefined },
): Promise<Page<ReviewRequestView>> => {
  const decided = input.status === "approved" || input.status === "rejected";
  const rows = await listed(
    db,
    {
      status: input.status,
      sort: input.sort ?? (decided || !input.status ? "newest" : "risk"),
      ...(input.mine ? { reviewerId: viewer.id } : {}),
    },
    input,
  );
  const views = new Map(
    (await reviewViews(db, viewer, rows.slice(0, input.limit))).map((view) => [view.id, view]),
  );
  return pageFrom(rows, input.limit, (row) => views.get(row.id) as ReviewRequestView, keyOf);
};

type OwnFilter = PageInput & Pick<RequestFilter, "status" | "vehicleId">;

/** An owner's requests, newest first. */
export const requestsOf = async (
  db: Db,
  owner: Pick<Actor, "id">,
  { status, vehicleId, ...page }: OwnFilter,
) => {
  const rows = await listed(db, { ownerId: owner.id, status, vehicleId, sort: "newest" }, page);
  return pageFrom(rows, page.limit, requestView, keyOf);
};

/** A request by id, for reviewers and operators. */
export const requestById = async (db: Db, id: Id<"request">): Promise<RequestRow> => {
  const row = await requestRow(db, id);
  if (!row) throw refuse("request_not_found");
  return row;
};

/** The same for its owner: another's is not found. */
const ownRequest = async (db: Db, owner: Pick<Actor, "id">, id: Id<"request">): Promise<RequestRow> => {
  const row = await requestById(db, id);
  if (row.owner_id !== owner.id) throw refuse("request_not_found");
  return row;
};

const markView = (mark: RejectionRow, locale: Locale) => ({
  reason: mark.reason_code,
  message: tripReasons[mark.reason_code][locale],
  note: mark.note,
});

/** Which of a request's trips, and the language of what is said of them. */
export type TripsInput = PageInput & {
  id: Id<"request">;
  locale: Locale;
  flagged?: boolean | undefined;
};

/** A page of a request's trips, flagged ones alone where asked, each with its flags and what reviewers said of it. */
export const reviewTrips = async (
  db: Db,
  { id, locale, ...page }: TripsInput,
): Promise<Page<ReviewTripView>> => {
  const { items, nextCursor } = await tripsOfRequest(db, id, page, locale);
  if (items.length === 0) return { items: [], nextCursor };
  const ids = items.map((trip) => trip.id);
  const byTrip = (marks: readonly RejectionRow[]) =>
    new Map(marks.map((mark) => [mark.trip_id, markView(mark, locale)]));
  const [marks, earlier] = [
    byTrip(await rejectionRows(db, id, ids)),
    byTrip(await lastRejections(db, ids, id)),
  ];
  return {
    items: items.map((trip) => ({
      ...trip,
      rejection: marks.get(trip.id) ?? null,
      refusedBefore: earlier.get(trip.id) ?? null,
    })),
    nextCursor,
  };
};

/** Both methods over the same frozen trips; the metered one over those that it could compute. */
export const methodResults = (row: RequestRow) => [
  {
    method: "flat-v1",
    co2SavedKg: row.flat_g,
    credits: row.flat_g,
    counted: row.method_code === "flat-v1",
    tripsWithout: 0n,
  },
  {
    method: "metered-v1",
    co2SavedKg: row.metered_g,
    credits: row.metered_g,
    counted: row.method_code === "metered-v1",
    tripsWithout: row.trip_count - row.metered_trips,
  },
];

/** How often each flag is raised in a request, by its name. */
export const flagsOf = async (db: Db, id: Id<"request">, locale: Locale) =>
  (await flagCountsOfRequest(db, id)).map(({ code, count }) => ({
    code,
    count,
    message: flagNames[code]?.[locale] ?? code.replaceAll("_", " "),
  }));

/** All that a reviewer needs on one page. */
export const reviewDetail = async (
  db: Db,
  viewer: Viewer,
  { id, locale }: { id: Id<"request">; locale: Locale },
) => {
  const row = await requestById(db, id);
  const [request, trips, flags, odometer, messages, approvals, refusedTrips, twins, alerts] =
    await Promise.all([
      reviewView(db, viewer, row),
      reviewTrips(db, { id, locale, limit: 50 }),
      flagsOf(db, id, locale),
      odometerOfRequest(db, id),
      messageRows(db, id),
      approvalRows(db, id),
      rejectionCount(db, id),
      twinsOfRequest(db, id),
      alertsOf(db, viewer, row),
    ]);
  const staff = messages.map(({ author_id }) => author_id).filter((id) => id !== row.owner_id);
  const owners = twins.others.map(({ ownerId }) => ownerId);
  const reviewers = approvals.map(({ reviewer_id }) => reviewer_id);
  const names = await namesIn(db, viewer, [row], { owners, staff: [...staff, ...reviewers] });
  const nameOf = (id: Id<"user">): string => names.get(id) ?? "–";
  return {
    request,
    trips: trips.items,
    nextCursor: trips.nextCursor,
    refusedTrips,
    methods: methodResults(row),
    flags,
    odometer,
    twins: {
      ...twins,
      copied: isCopied({ trips: Number(row.trip_count), twins: twins.trips, shapes: twins.shapes }),
      others: twins.others.map((other) => ({ ...other, ownerName: nameOf(other.ownerId) })),
    },
    alerts,
    factors: row.factors as object,
    messages: messages.map((message) => ({
      seq: message.seq,
      kind: message.kind,
      authorId: message.author_id,
      authorName: nameOf(message.author_id),
      body: message.body,
      at: message.at,
    })),
    approvals: approvals.map((approval) => ({
      reviewerId: approval.reviewer_id,
      reviewerName: nameOf(approval.reviewer_id),
      approvedAt: approval.approved_at,
    })),
  };
};

/** Refused trips that an owner is shown; the report names as many, the count is whole. */
const mostRefused = 1_000;

/** What an owner sees of their own request. Reviewers stay unnamed: an owner has no business with them. */
export const ownDetail = async (
  db: Db,
  owner: Pick<Actor, "id">,
  { id, locale }: { id: Id<"request">; locale: Locale },
) => {
  const row = await ownRequest(db, owner, id);
  const [messages, refused] = await Promise.all([
    messageRows(db, id),
    isDecided(row.status) ? rejectionRows(db, id) : [],
  ]);
  return {
    request: requestView(row),
    methods: methodResults(row),
    messages: messages.map((message) => ({
      seq: message.seq,
      kind: message.kind,
      mine: message.author_id === owner.id,
      // A first approval's note is for the second reviewer.
      body: message.kind === "first_approval" ? null : message.body,
      at: message.at,
    })),
    refused: refused.slice(0, mostRefused).map((mark) => ({
      tripId: mark.trip_id,
      startTime: mark.started_at,
      distanceKm: mark.distance_m,
      co2SavedKg: mark.co2_saved_g,
      ...markView(mark, locale),
    })),
    resubmittable: isDecided(row.status) && row.rejected_count > 0n && row.resubmitted_by === null,
  };
};

/** The trips of an owner's own request. What a reviewer marks is theirs alone until the decision. */
export const ownTrips = async (
  db: Db,
  owner: Pick<Actor, "id">,
  input: TripsInput,
): Promise<Page<ReviewTripView>> => {
  const row = await ownRequest(db, owner, input.id);
  const { items, nextCursor } = await reviewTrips(db, input);
  if (isDecided(row.status)) return { items, nextCursor };
  return { items: items.map((trip) => ({ ...trip, rejection: null })), nextCursor };
};
