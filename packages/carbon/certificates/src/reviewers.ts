import { userById } from "@evx/accounts";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { refuse } from "./errors.ts";

/**
 * Whether somebody is an accredited reviewer at this moment, by the database and not by what their token said when it
 * was made.
 */
export const mayReview = async (db: Db, reviewerId: Id<"user">): Promise<boolean> => {
  const user = await userById(db, reviewerId);
  return user?.role === "cva" && user.accredited && user.suspendedAt === null;
};

/** Refuses `reviewer_not_accredited`: an accreditation that is withdrawn in the middle of a review ends it. */
export const ensureMayReview = async (tx: Tx, reviewerId: Id<"user">): Promise<void> => {
  if (!(await mayReview(tx, reviewerId))) throw refuse("reviewer_not_accredited");
};
