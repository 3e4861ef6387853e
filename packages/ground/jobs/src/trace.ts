import type { Db } from "@evx/db";
import { jobsOfCause, outboxOfCause, type TracedJob } from "./queries/index.ts";

export type JobTrace = {
  outbox: { kind: string; name: string; payload: unknown; at: Date; run_at: Date | null }[];
  jobs: TracedJob[];
};

/** Everything that a request left to be done and that is still known: done jobs are kept for 7 days. */
export const traceOf = async (db: Db, cause: string): Promise<JobTrace> => {
  const [outbox, jobs] = await Promise.all([outboxOfCause(db, cause), jobsOfCause(db, cause)]);
  return { outbox, jobs };
};
