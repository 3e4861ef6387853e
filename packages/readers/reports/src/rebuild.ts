import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { grace_ms, type JobContext } from "@evx/jobs";
import type { Actor } from "@evx/rpc";
import { monthOf } from "./policy.ts";
import {
  addPlatform,
  countedDisputes,
  countOnce,
  emptySums,
  markCounted,
  uncounted,
} from "./queries/reports.ts";
import { portionsOf, type Truth, truths } from "./truth.ts";

export type Rebuilt = Record<Truth["kind"], number> & { disputes: number };

/**
 * Builds the sums again from the rows that the truth is in: people, batches, completed orders, certificates of
 * retirement. Disputes are counted from the note of when each was opened. One transaction: readers see the old sums until
 * it commits, and events wait to be counted.
 */
export const rebuildReports = async (tx: Tx, operator: Actor | null): Promise<Rebuilt> => {
  await emptySums(tx);
  const disputes = await countedDisputes(tx);
  for (const { at } of disputes) await addPlatform(tx, monthOf(at), { disputes: 1n });
  const rebuilt = { users: 0, batches: 0, sales: 0, retirements: 0, disputes: disputes.length };
  for (const truth of truths)
    for await (const facts of portionsOf(tx, truth)) {
      for (const fact of facts) await fact.add(tx);
      await markCounted(
        tx,
        facts.map(({ source }) => source),
      );
      rebuilt[truth.kind] += facts.length;
    }
  await audit(tx, operator, "reports.rebuild", "reports", { after: rebuilt });
  return rebuilt;
};

/**
 * Counts what an event missed: rows that have had their time and were never counted, each in a transaction of its own.
 * Two at once count each once. Answers how many there were. Disputes have no row that says when they were opened.
 */
export const countMissed = async (job: JobContext): Promise<number> => {
  const until = new Date(job.clock.now().getTime() - grace_ms);
  let missed = 0;
  for (const truth of truths)
    for await (const facts of portionsOf(job.db, truth)) {
      const due = facts.filter(({ at }) => at <= until);
      const names = await uncounted(
        job.db,
        due.map(({ source }) => source),
      );
      for (const { source, add } of due.filter((fact) => names.has(fact.source)))
        await job.transact(async (tx) => {
          if (!(await countOnce(tx, source))) return;
          await add(tx);
          missed++;
        });
    }
  if (missed > 0) job.log.warn({ missed }, "counted for the reports what an event had missed");
  return missed;
};
