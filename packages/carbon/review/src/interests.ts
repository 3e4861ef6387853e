import { userById } from "@evx/accounts";
import { audit } from "@evx/audit";
import { namesIn } from "@evx/certificates";
import type { Db, Tx } from "@evx/db";
import { type Id, isId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { endInterest, insertInterest, interestRows } from "./queries/review.ts";

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
  input: { subjectId: string; reason: string; reviewerId?: Id<"user"> | undefined },
): Promise<void> => {
  const reviewerId = whose(actor, input.reviewerId);
  if (input.subjectId === reviewerId) throw refuse("reviewer_unknown");
  if (input.reviewerId && (await userById(tx, reviewerId))?.role !== "cva") throw refuse("reviewer_unknown");
  if (isId("user", input.subjectId) && !(await userById(tx, input.subjectId)))
    throw refuse("reviewer_unknown");
  const isNew = await insertInterest(tx, {
    reviewerId,
    subjectId: input.subjectId,
    reason: input.reason,
    declaredBy: actor.id,
  });
  if (!isNew) return;
  await audit(tx, actor, "interest.declare", reviewerId, {
    after: { subjectId: input.subjectId, reason: input.reason, at: tx.at.toISOString() },
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
  // A declaration buys no name: whoever knows a wallet's number reads its pseudonym.
  const owners = rows.map(({ subject_id }) => subject_id).filter((id) => isId("user", id));
  const names = await namesIn(db, actor, [], { owners, staff: rows.map(({ reviewer_id }) => reviewer_id) });
  return rows.map((row) => ({
    reviewerId: row.reviewer_id,
    reviewerName: names.get(row.reviewer_id) ?? "–",
    subjectId: row.subject_id,
    subjectName: isId("user", row.subject_id) ? (names.get(row.subject_id) ?? null) : null,
    reason: row.reason,
    declaredAt: row.declared_at,
  }));
};
