import { audit } from "@evx/audit";
import {
  type CertificatePorts,
  type CertificateRow,
  ensureMayReview,
  insertTree,
  issueCertificate,
  mayReview,
} from "@evx/certificates";
import { type Batch, batchesOfRequest, issueBatch, serialOf, statedDays } from "@evx/credits";
import type { Tx } from "@evx/db";
import { ensureFactorSetLogged } from "@evx/emissions";
import { emit } from "@evx/jobs";
import { assert, creditsFromGrams, type Id, namedId, sha256Hex } from "@evx/kernel";
import { ruleAt } from "@evx/rules";
import { type ClaimedTotals, type ClaimedYear, claimedTotals, releaseTrips, verifyTrips } from "@evx/trips";
import { noteEarlierGifts, notePair } from "./alerts.ts";
import { refuse } from "./errors.ts";
import { requestDecided } from "./events.ts";
import { reviewersOf } from "./persons.ts";
import { after, fourEyes, poorestOf } from "./policy.ts";
import { growTrees, type Tree } from "./proofs.ts";
import { insertMessage, lockedRequest, type RequestRow, updateRequest } from "./queries/requests.ts";
import {
  type ApprovalRow,
  approvalRows,
  dropApprovals,
  putApproval,
  type RejectionRow,
  rejectionRows,
  requestFacts,
} from "./queries/review.ts";
import { withApprovalsNeeded } from "./second.ts";
import { changed, type Reviewer, takeUpRequest } from "./steps.ts";
import { noteEarlierTrades } from "./trades.ts";

export type Approved = {
  request: RequestRow;
  /** Null after the first of two approvals. */
  certificate: CertificateRow | null;
};

/** What an approval approves: the request without exactly these trips. */
const digestOf = (refused: readonly RejectionRow[]): Promise<string> =>
  sha256Hex(refused.map(({ trip_id }) => trip_id).join("\n"));

/** Approvals that stand: of this very content, by reviewers who may still review, one of each person: a second account is no second pair of eyes. */
const standing = async (
  tx: Tx,
  approvals: readonly ApprovalRow[],
  digest: string,
): Promise<ApprovalRow[]> => {
  const found: ApprovalRow[] = [];
  const counted = new Set<Id<"user">>();
  for (const approval of approvals) {
    if (approval.digest !== digest || !(await mayReview(tx, approval.reviewer_id))) continue;
    if (counted.has(approval.reviewer_id)) continue;
    for (const account of await reviewersOf(tx, approval.reviewer_id)) counted.add(account);
    found.push(approval);
  }
  return found;
};

/**
 * Approves a request in the hands of this reviewer (taking it first if it is free). With approvals enough it verifies
 * the trips, frees the refused ones, issues a batch for each of its years, publishes their Merkle roots and makes the
 * certificate, all in this transaction. Above the configured amount the first approval only counts, and the request waits for a second
 * reviewer who must approve the same set of trips.
 *
 * Twice at once, or again later, by the same reviewer: one batch, and the same answer.
 */
export const approveRequest = async (
  tx: Tx,
  ports: CertificatePorts,
  actor: Reviewer,
  { id, notes = null }: { id: Id<"request">; notes?: string | null | undefined },
): Promise<Approved> => {
  const before = await lockedRequest(tx, id);
  if (before?.status === "approved" && before.decided_by === actor.id) {
    await ensureMayReview(tx, actor.id);
    return { request: before, certificate: await certificateFor(tx, ports, before) };
  }
  const row = await withApprovalsNeeded(tx, await openFor(tx, actor, id, before), {
    reviewerId: actor.id,
    notes,
  });
  const refused = await rejectionRows(tx, id);
  if (BigInt(refused.length) >= row.trip_count) throw refuse("request_all_trips_refused");
  const digest = await digestOf(refused);
  await putApproval(tx, { request_id: id, reviewer_id: actor.id, digest, note: notes, approved_at: tx.at });
  await noteEarlierGifts(tx, row, actor.id);
  await noteEarlierTrades(tx, row, actor.id);
  const approvals = await approvalRows(tx, id);
  const counted = await standing(tx, approvals, digest);
  // What others approved before trips were marked otherwise is void.
  await dropApprovals(
    tx,
    id,
    approvals.filter((one) => !counted.includes(one)).map(({ reviewer_id }) => reviewer_id),
  );
  if (counted.length < row.approvals_needed)
    return { request: await waitForSecond(tx, actor, row, notes), certificate: null };
  return decide(tx, ports, actor, { row, refused, notes });
};

/** As `takeUpRequest`, but one who gave the first approval, by whatever account, is told that it is another's turn. */
const openFor = async (
  tx: Tx,
  actor: Reviewer,
  id: Id<"request">,
  before: RequestRow | undefined,
): Promise<RequestRow> => {
  if (before && before.approvals_needed > 1 && before.reviewer_id !== actor.id) {
    const own = await reviewersOf(tx, actor.id);
    const mine = (await approvalRows(tx, id)).find(({ reviewer_id }) => own.includes(reviewer_id));
    if (mine && mine.digest === (await digestOf(await rejectionRows(tx, id)))) {
      const { value: rule } = await ruleAt(tx, fourEyes, tx.at);
      throw refuse("request_second_reviewer_needed", { credits: creditsFromGrams(BigInt(rule.above_g)) });
    }
  }
  return takeUpRequest(tx, actor, id);
};

const waitForSecond = async (
  tx: Tx,
  actor: Reviewer,
  row: RequestRow,
  notes: string | null,
): Promise<RequestRow> => {
  const status = after(row.status, "approve_first");
  assert(status, `a ${row.status} request can be approved`);
  await updateRequest(tx, row.id, { status, reviewer_id: null, claimed_at: null });
  await insertMessage(tx, { requestId: row.id, authorId: actor.id, kind: "first_approval", body: notes });
  await audit(tx, actor, "request.approve_first", row.id, { after: { notes } });
  return changed(tx, row.id);
};

/** What is issued: the request's years that saved something, each with its tree, and all of their grams. */
type Accepted = { totals: ClaimedTotals; trees: ReadonlyMap<number, Tree>; grams: bigint };

/**
 * What is left of the request when its refused trips are free again, computed anew from the frozen factors. Refuses
 * `request_not_reproduced` for another gram than the trips' claim says, `request_all_trips_refused` for nothing.
 */
const accepted = async (tx: Tx, row: RequestRow, refused: readonly RejectionRow[]): Promise<Accepted> => {
  if (refused.length > 0) {
    const named = refused.map((one) => ({ tripId: one.trip_id, reason: one.note ?? one.reason_code }));
    await releaseTrips(tx, row.id, named);
  }
  const totals = await claimedTotals(tx, row.id);
  assert(totals, `${row.id} holds trips`);
  const vintages = totals.years.filter(({ co2_g }) => co2_g > 0n).map(({ year }) => year);
  if (vintages.length === 0) throw refuse("request_all_trips_refused");
  const { trees, recomputed } = await growTrees(tx, row, vintages);
  const grams = [...trees.values()].reduce((sum, tree) => sum + tree.grams, 0n);
  if (recomputed !== totals.co2Saved_g || grams !== recomputed) {
    throw refuse("request_not_reproduced", {
      found: String(recomputed),
      expected: String(totals.co2Saved_g),
    });
  }
  await verifyTrips(tx, row.id);
  return { totals, trees, grams };
};

/** The years of a request that become batches. What saved nothing counts with the oldest one, as its trips do. */
const issuedYears = ({ totals, trees }: Accepted): ClaimedYear[] => {
  const [oldest, ...later] = totals.years.filter(({ year }) => trees.has(year));
  assert(oldest, `${totals.requestId} saved something`);
  const idle = totals.years.filter(({ year }) => !trees.has(year));
  return [{ ...oldest, trips: idle.reduce((sum, { trips }) => sum + trips, oldest.trips) }, ...later];
};

/** A batch for each calendar year of an approved request, by the vehicle's zone, each with its tree; the oldest first. */
const issueFor = async (tx: Tx, actor: Reviewer, row: RequestRow, accepted: Accepted): Promise<Batch[]> => {
  const years = issuedYears(accepted);
  const batches: Batch[] = [];
  await ensureFactorSetLogged(tx, row.factor_set);
  for (const year of years) {
    const tree = accepted.trees.get(year.year);
    assert(tree, `${row.id} has a tree for ${year.year}`);
    const id = await namedId("batch", years.length === 1 ? row.id : `${row.id}:${year.year}`);
    const { batch } = await issueBatch(tx, {
      id,
      requestId: row.id,
      ownerId: row.owner_id,
      cvaId: actor.id,
      vintageYear: year.year,
      ...statedDays(year, tx.at),
      methodCode: row.method_code,
      factorSet: row.factor_set,
      countryCode: row.country_code,
      qualityTier: poorestOf(year.gramsByQuality),
      vehicleClass: row.vehicle_class,
      tripCount: year.trips,
      firstTripAt: year.firstAt,
      lastTripAt: year.lastAt,
      grams: tree.grams,
    });
    await insertTree(tx, { ...tree, requestId: row.id, batchId: id });
    batches.push(batch);
  }
  return batches;
};

const decide = async (
  tx: Tx,
  ports: CertificatePorts,
  actor: Reviewer,
  { row, refused, notes }: { row: RequestRow; refused: readonly RejectionRow[]; notes: string | null },
): Promise<Approved> => {
  const { id } = row;
  const status = after(row.status, "approve");
  assert(status, `a ${row.status} request can be approved`);
  const left = await accepted(tx, row, refused);
  const batches = await issueFor(tx, actor, row, left);
  const [oldest] = batches;
  assert(oldest, `${id} became a batch`);
  const { grams } = left;
  await updateRequest(tx, id, {
    status,
    decided_at: tx.at,
    decided_by: actor.id,
    decision_note: notes,
    issued_g: grams,
    buffer_g: batches.reduce((sum, { bufferGrams }) => sum + bufferGrams, 0n),
    rejected_count: BigInt(refused.length),
    batch_id: oldest.id,
  });
  await insertMessage(tx, { requestId: id, authorId: actor.id, kind: "approved", body: notes });
  await notePair(tx, row, actor.id, grams);
  const certificate = await certificateFor(tx, ports, await changed(tx, id));
  await emit(tx, requestDecided, {
    requestId: id,
    ownerId: row.owner_id,
    vehicleId: row.vehicle_id,
    grams: String(row.co2_saved_g),
    tripCount: Number(row.trip_count),
    outcome: "approved",
    reviewerId: actor.id,
    reason: notes,
    issued: String(grams),
    rejectedTrips: refused.length,
    batchId: oldest.id,
    certificateNumber: certificate.number,
  });
  await audit(tx, actor, "request.approve", id, {
    before: { status: row.status },
    after: {
      status,
      batchId: oldest.id,
      batches: batches.length,
      grams: String(grams),
      roots: [...left.trees.values()].map(({ root }) => root),
      refused: refused.length,
      facts: await requestFacts(tx, id),
    },
  });
  return { request: await changed(tx, id), certificate };
};

/** The owner's certificate: what of the batches is theirs, without the buffer's part. */
const certificateFor = async (tx: Tx, ports: CertificatePorts, row: RequestRow): Promise<CertificateRow> => {
  const batches = await batchesOfRequest(tx, row.id);
  assert(batches.length > 0, `${row.id} was issued`);
  return issueCertificate(tx, ports, {
    kind: "issuance",
    subjectId: row.id,
    holderId: row.owner_id,
    decidedBy: row.decided_by,
    // The buffer's grams are the first of a batch.
    lots: batches.map(({ id, bufferGrams, grams }) => ({
      batchId: id,
      first_g: bufferGrams + 1n,
      last_g: grams,
    })),
  });
};

/** A batch as its owner receives it; days are those of the vehicle's zone. */
type IssuedBatch = {
  id: Id<"batch">;
  serial: string;
  credits: bigint;
  vintageFrom: string;
  vintageTo: string;
};

/**
 * POST /credits/issue: the batches of a request that this reviewer approved, or takes and approves now, one for each of
 * its years; always the same ones. Refuses `request_not_claimed` for a request that somebody else is reviewing or has decided.
 */
export const issueRequest = async (
  tx: Tx,
  ports: CertificatePorts,
  actor: Reviewer,
  requestId: Id<"request">,
): Promise<{ request: RequestRow; batch: IssuedBatch | null; batches: IssuedBatch[] }> => {
  const before = await lockedRequest(tx, requestId);
  if (!before) throw refuse("request_not_found");
  if (before.status === "rejected") throw refuse("request_decided");
  const reviewing = before.status === "approved" ? before.decided_by : before.reviewer_id;
  if (reviewing !== null && reviewing !== actor.id) throw refuse("request_not_claimed");
  const { request } = await approveRequest(tx, ports, actor, { id: requestId });
  const batches = (await batchesOfRequest(tx, requestId)).map((batch) => ({
    id: batch.id,
    // What is the owner's; the buffer's grams come before.
    serial: serialOf(batch, batch.bufferGrams + 1n, batch.grams),
    credits: batch.grams - batch.bufferGrams,
    vintageFrom: batch.vintageFrom,
    vintageTo: batch.vintageTo,
  }));
  return { request, batch: batches[0] ?? null, batches };
};
