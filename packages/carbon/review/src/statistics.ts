import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { openOf, workByMonth, workOf } from "./queries/review.ts";

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
