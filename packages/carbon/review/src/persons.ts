import { accountsOfPerson } from "@evx/accounts";
import type { MarkKind } from "@evx/accounts/schema";
import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";

/**
 * What makes two accounts one auditor's. A browser does not: auditors of one office share it, and so do those who only
 * try the venue out.
 */
const ofAuditors: readonly MarkKind[] = ["bank", "identity", "card"];

/** All accounts of the person behind an owner's, also by the browser: at worst a second auditor looks without need. */
export const ownersOf = (db: Db, ownerId: Id<"user">): Promise<Id<"user">[]> => accountsOfPerson(db, ownerId);

/** All accounts of the person behind an auditor's. */
export const reviewersOf = (db: Db, reviewerId: Id<"user">): Promise<Id<"user">[]> =>
  accountsOfPerson(db, reviewerId, ofAuditors);

/** An owner and a reviewer, each with all their accounts. */
export type People = { readonly owners: readonly Id<"user">[]; readonly reviewers: readonly Id<"user">[] };

export const peopleOf = async (
  db: Db,
  of: { ownerId: Id<"user">; reviewerId: Id<"user"> },
): Promise<People> => {
  const [owners, reviewers] = [await ownersOf(db, of.ownerId), await reviewersOf(db, of.reviewerId)];
  return { owners, reviewers };
};
