import type { Db } from "@evx/db";
import { jobsOfCause, outboxOfCause, type TracedRow } from "./queries/index.ts";
import { keptReason, type Reason } from "./reasons.ts";

/** A job that a request caused; `reason` in words where its last try failed. */
type TracedJob = Omit<TracedRow, "reason"> & { reason: Reason | null };

export type JobTrace = {
  outbox: { kind: string; name: string; payload: unknown; at: Date; run_at: Date | null }[];
  jobs: TracedJob[];
};

/** Everything that a request left to be done and that is still known: done jobs are kept for 7 days. */
export const traceOf = async (db: Db, cause: string): Promise<JobTrace> => {
  const [outbox, jobs] = await Promise.all([outboxOfCause(db, cause), jobsOfCause(db, cause)]);
  return {
    outbox,
    jobs: jobs.map((row) => ({
      ...row,
      reason: row.error === null ? null : keptReason(row.reason, row.error),
    })),
  };
};
