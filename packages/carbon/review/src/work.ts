import type { Db, Tx } from "@evx/db";
import { audit, displayNames, userById } from "@evx/identity";
import { type Id, isId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { endInterest, insertInterest, interestRows, openOf, workByMonth, workOf } from "./queries/review.ts";

/** A reviewer's own work: how much, how it ended, how long it took. */
export const statisticsOf = async (db: Db, reviewerId: Id<"user">) => {
  const [work, open, months] = await Promise.all([
    workOf(db, reviewerId),
    openOf(db, reviewerId),
    workByMonth(db, reviewerId),
  ]);
  return {
    open,
    decided: Number(work.decided),
    approved: Number(work.approved),
    rejected: Number(work.decided - work.approved),
    creditsIssued: BigInt(work.issued_g),
    tripsReviewed: BigInt(work.trips),
    tripsRefused: BigInt(work.refused),
    medianHours: work.median_seconds === null ? null : Math.round(work.median_seconds / 36) / 100,
    months: months
      .map((month) => ({
        period: month.period,
        approved: Number(month.approved),
        rejected: Number(month.rejected),
        creditsIssued: BigInt(month.issued_g),
      }))
      .reverse(),
  };
};

type Declarer = Pick<Actor, "id" | "role">;

const whose = (actor: Declarer, reviewerId: Id<"user"> | undefined): Id<"user"> => {
  if (actor.role === "admin" && reviewerId) return reviewerId;
  if (actor.role === "admin" || (reviewerId && reviewerId !== actor.id)) throw refuse("reviewer_unknown");
  return actor.id;
};

/**
 * Declares that a reviewer has an interest in a person or a vehicle, so that they cannot judge their requests.
 * Reviewers declare for themselves, operators for anyone. Refuses `reviewer_unknown`.
 */
export const declareInterest = async (
  tx: Tx,
  actor: Declarer,
  wish: { subjectId: string; reason: string; reviewerId?: Id<"user"> | undefined },
): Promise<void> => {
  const reviewerId = whose(actor, wish.reviewerId);
  if (wish.subjectId === reviewerId) throw refuse("reviewer_unknown");
  if (wish.reviewerId && (await userById(tx, reviewerId))?.role !== "cva") throw refuse("reviewer_unknown");
  if (isId("user", wish.subjectId) && !(await userById(tx, wish.subjectId))) throw refuse("reviewer_unknown");
  await insertInterest(tx, {
    reviewerId,
    subjectId: wish.subjectId,
    reason: wish.reason,
    declaredBy: actor.id,
  });
  await audit(tx, actor, "interest.declare", reviewerId, {
    after: { subjectId: wish.subjectId, reason: wish.reason },
  });
};

/** Ends a declared interest. Operators alone: nobody clears themselves. */
export const clearInterest = async (
  tx: Tx,
  actor: Declarer,
  { reviewerId, subjectId }: { reviewerId: Id<"user">; subjectId: string },
): Promise<void> => {
  if (!(await endInterest(tx, reviewerId, subjectId))) throw refuse("reviewer_unknown");
  await audit(tx, actor, "interest.end", reviewerId, { before: { subjectId } });
};

/** Interests that hold now: a reviewer's own, or everybody's for an operator. */
export const interestsOf = async (db: Db, actor: Declarer) => {
  const rows = await interestRows(db, actor.role === "admin" ? {} : { reviewerId: actor.id });
  const people = rows.flatMap(({ reviewer_id, subject_id }) => [
    reviewer_id,
    ...(isId("user", subject_id) ? [subject_id] : []),
  ]);
  const names = await displayNames(db, people);
  return rows.map((row) => ({
    reviewerId: row.reviewer_id,
    reviewerName: names.get(row.reviewer_id) ?? "–",
    subjectId: row.subject_id,
    subjectName: isId("user", row.subject_id) ? (names.get(row.subject_id) ?? null) : null,
    reason: row.reason,
    declaredAt: row.declared_at,
  }));
};
