import type { Db } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { day_ms } from "@evx/kernel";
import { ruleAt } from "@evx/rules";
import { positionRetention } from "./policy.ts";
import { eraseSomePositions, monthsUpTo } from "./queries/retention.ts";

/** Trips of one transaction: short enough that an import into the same month hardly waits. */
const AT_ONCE = 5_000;

/** The moment from which positions are kept: what was recorded of a drive before it is erased. */
export const positionsKeptFrom = async (db: Db, now: Date): Promise<Date> => {
  const { value: rule } = await ruleAt(db, positionRetention, now);
  return new Date(now.getTime() - rule.days * day_ms);
};

/**
 * Erases positions, tracks and notes of trips that are older than the configured time. Credits stand without them: a
 * proof's leaf holds times, distance, energy and grams, and nothing of what is erased here. Trips under review keep
 * theirs until the decision, since the reviewer judges by them. Any number of times; one that is cut off goes on next time.
 */
export const erasePositions = async (
  job: Pick<JobContext, "db" | "clock" | "log" | "transact">,
): Promise<number> => {
  const before = await positionsKeptFrom(job.db, job.clock.now());
  let erased = 0;
  for (const month of await monthsUpTo(job.db, before)) {
    for (;;) {
      const some = await job.transact((tx) => eraseSomePositions(tx, { month, before, limit: AT_ONCE }));
      erased += some;
      if (some < AT_ONCE) break;
    }
  }
  if (erased > 0) job.log.info({ trips: erased, before: before.toISOString() }, "erased positions");
  return erased;
};
