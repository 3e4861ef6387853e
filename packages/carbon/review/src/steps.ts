import { audit } from "@evx/audit";
import { ensureMayReview, mayReview } from "@evx/certificates";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { assert, type Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { releaseTrips, tripsOfRequestByIds } from "@evx/trips";
import { refuse } from "./errors.ts";
import { infoRequested, requestDecided } from "./events.ts";
import { ensureDisinterested } from "./independence.ts";
import { after, isDecided } from "./policy.ts";
import {
  insertMessage,
  lockedRequest,
  type RequestRow,
  requestRow,
  updateRequest,
} from "./queries/requests.ts";
import { dropRejections, putRejections, rejectionRows, requestFacts } from "./queries/review.ts";
import { readTripReason } from "./reasons.ts";

export type Reviewer = Pick<Actor, "id" | "role">;

/** The request, locked. Refuses `request_not_found`. */
const lockedOrRefused = async (tx: Tx, id: Id<"request">): Promise<RequestRow> => {
  const row = await lockedRequest(tx, id);
  if (!row) throw refuse("request_not_found");
  return row;
};

/** A request that this transaction has locked, as it is now. */
export const changed = async (tx: Tx, id: Id<"request">): Promise<RequestRow> => {
  const row = await requestRow(tx, id);
  assert(row, `request ${id} is there`);
  return row;
};

/**
 * Takes a request up for review: the reviewer holds it from then on, and it is locked. One who holds it already gets
 * it as it is. Every step of a review begins here, so every step asks again whether the reviewer may review, and this
 * request. Two at once: one has it, the other is refused `request_taken`.
 */
export const takeUpRequest = async (tx: Tx, actor: Reviewer, id: Id<"request">): Promise<RequestRow> => {
  await ensureMayReview(tx, actor.id);
  const row = await lockedOrRefused(tx, id);
  if (isDecided(row.status)) throw refuse("request_decided");
  await ensureDisinterested(tx, actor, row);
  if (row.reviewer_id === actor.id) return row;
  // One who lost the accreditation holds nothing any more; otherwise their requests would wait for ever.
  if (row.reviewer_id && (await mayReview(tx, row.reviewer_id))) throw refuse("request_taken");
  const status = after(row.status, "take_up");
  if (!status) throw refuse("request_wrong_state");
  await updateRequest(tx, id, { status, reviewer_id: actor.id, claimed_at: tx.at });
  await insertMessage(tx, { requestId: id, authorId: actor.id, kind: "claimed", body: null });
  return changed(tx, id);
};

/** Gives a request back to the queue. The reviewer who holds it, or an operator. Marks on trips stay. */
export const releaseRequest = async (tx: Tx, actor: Reviewer, id: Id<"request">): Promise<RequestRow> => {
  const row = await lockedOrRefused(tx, id);
  if (isDecided(row.status)) throw refuse("request_decided");
  if (actor.role !== "admin" && row.reviewer_id !== actor.id) throw refuse("request_not_claimed");
  if (!row.reviewer_id) throw refuse("request_not_claimed");
  const status = after(row.status, "give_back");
  if (!status) throw refuse("request_wrong_state");
  await updateRequest(tx, id, { status, reviewer_id: null, claimed_at: null });
  await insertMessage(tx, { requestId: id, authorId: actor.id, kind: "released", body: null });
  return changed(tx, id);
};

/** A trip that a reviewer refuses: a code of the closed list or free words, and a note. */
export type Mark = { tripId: Id<"trip">; reason: string; note?: string | null | undefined };

/** Marks trips of a request as refused. Refuses `request_trip_unknown` for a trip that is not the request's. */
const mark = async (tx: Tx, actor: Reviewer, id: Id<"request">, marks: readonly Mark[]): Promise<void> => {
  // The last mark of a trip that is named twice stands.
  const byTrip = new Map(marks.map((one) => [one.tripId, one]));
  const trips = new Map(
    (await tripsOfRequestByIds(tx, id, [...byTrip.keys()])).map((trip) => [trip.id, trip]),
  );
  await putRejections(
    tx,
    [...byTrip.values()].map(({ tripId, reason, note }) => {
      const trip = trips.get(tripId);
      if (!trip) throw refuse("request_trip_unknown", { tripId });
      const read = readTripReason(reason);
      return {
        request_id: id,
        trip_id: tripId,
        reason_code: read.code,
        note: note || read.note,
        started_at: trip.startedAt,
        distance_m: BigInt(trip.distance_m),
        co2_saved_g: trip.co2Saved_g,
        decided_by: actor.id,
        decided_at: tx.at,
      };
    }),
  );
};

/** Refuses trips with a reason each. They stand until the decision, and can be kept after all until then. */
export const refuseTrips = async (
  tx: Tx,
  actor: Reviewer,
  { id, trips }: { id: Id<"request">; trips: readonly Mark[] },
): Promise<RequestRow> => {
  const row = await takeUpRequest(tx, actor, id);
  await mark(tx, actor, id, trips);
  return row;
};

/** Takes refusals of trips back. */
export const keepTrips = async (
  tx: Tx,
  actor: Reviewer,
  { id, tripIds }: { id: Id<"request">; tripIds: readonly Id<"trip">[] },
): Promise<RequestRow> => {
  const row = await takeUpRequest(tx, actor, id);
  await dropRejections(tx, id, tripIds);
  return row;
};

/** Asks the owner something. The request waits for the answer and stays with the reviewer. */
export const askOwner = async (
  tx: Tx,
  actor: Reviewer,
  { id, question }: { id: Id<"request">; question: string },
): Promise<RequestRow> => {
  const row = await takeUpRequest(tx, actor, id);
  const status = after(row.status, "ask");
  if (!status) throw refuse("request_wrong_state");
  await updateRequest(tx, id, { status });
  await insertMessage(tx, { requestId: id, authorId: actor.id, kind: "question", body: question });
  await emit(tx, infoRequested, { requestId: id, ownerId: row.owner_id, reviewerId: actor.id, question });
  return changed(tx, id);
};

/**
 * Rejects a request: every trip is free again. Those that are named, or were marked before, carry their own reason and
 * are what the owner resubmits; with nothing named, all of them failed.
 */
export const rejectRequest = async (
  tx: Tx,
  actor: Reviewer,
  { id, reason, trips = [] }: { id: Id<"request">; reason: string; trips?: readonly Mark[] | undefined },
): Promise<RequestRow> => {
  const row = await takeUpRequest(tx, actor, id);
  const status = after(row.status, "reject");
  if (!status) throw refuse("request_wrong_state");
  if (trips.length > 0) await mark(tx, actor, id, trips);
  const refused = await rejectionRows(tx, id);
  const named = refused.map((one) => ({ tripId: one.trip_id, reason: one.note ?? one.reason_code }));
  if (named.length > 0) await releaseTrips(tx, id, named);
  await releaseTrips(tx, id, undefined, reason);
  await updateRequest(tx, id, {
    status,
    decided_at: tx.at,
    decided_by: actor.id,
    decision_note: reason,
    rejected_count: BigInt(named.length) || row.trip_count,
  });
  await insertMessage(tx, { requestId: id, authorId: actor.id, kind: "rejected", body: reason });
  await emit(tx, requestDecided, {
    requestId: id,
    ownerId: row.owner_id,
    vehicleId: row.vehicle_id,
    grams: String(row.co2_saved_g),
    tripCount: Number(row.trip_count),
    outcome: "rejected",
    reviewerId: actor.id,
    reason,
    issued: "0",
    rejectedTrips: named.length || Number(row.trip_count),
    batchId: null,
    certificateNumber: null,
  });
  await audit(tx, actor, "request.reject", id, {
    before: { status: row.status },
    after: { status, reason, facts: await requestFacts(tx, id) },
  });
  return changed(tx, id);
};
