import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { grace_ms, type JobContext } from "@evx/jobs";
import type { Actor } from "@evx/rpc";
import { type Kind, kinds } from "./kinds.ts";
import { addSums, countOnce, emptySums, uncounted } from "./queries/sums.ts";
import { type Fact, portionsOf, truths } from "./truth.ts";

/** Adds facts to the sums, each once however often it is told. Answers how many were new. */
export const countFacts = async (tx: Tx, facts: readonly Fact[]): Promise<number> => {
  if (facts.length === 0) return 0;
  const fresh = await countOnce(
    tx,
    facts.map(({ source }) => source),
  );
  await addSums(
    tx,
    facts
      .filter(({ source }) => fresh.has(source))
      .flatMap(({ at, entries }) => entries.map((entry) => ({ ...entry, at }))),
  );
  return fresh.size;
};

/** Counts the row of one event. What it says is read from the row, so that a rebuild cannot say anything else. */
export const countRow = async (job: JobContext, kind: Kind, id: string): Promise<void> => {
  const { facts } = await truths[kind](job.db, { id });
  await job.transact((tx) => countFacts(tx, facts));
};

export type Rebuilt = Record<Kind, number>;

/**
 * Builds the sums again from the rows that the truth is in. One transaction: readers see the old sums until it commits,
 * and events wait to be counted.
 */
export const rebuildReports = async (tx: Tx, operator: Actor | null): Promise<Rebuilt> => {
  await emptySums(tx);
  const rebuilt = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Rebuilt;
  for (const kind of kinds)
    for await (const facts of portionsOf(tx, kind)) {
      await countOnce(
        tx,
        facts.map(({ source }) => source),
      );
      await addSums(
        tx,
        facts.flatMap(({ at, entries }) => entries.map((entry) => ({ ...entry, at }))),
      );
      rebuilt[kind] += facts.length;
    }
  await audit(tx, operator, "reports.rebuild", "reports", { after: rebuilt });
  return rebuilt;
};

/**
 * Counts what an event missed: rows that have had their time and were never counted, a portion in a transaction. Two at
 * once count each once. Answers how many there were.
 */
export const countMissed = async (job: JobContext): Promise<number> => {
  const until = new Date(job.clock.now().getTime() - grace_ms);
  let missed = 0;
  for (const kind of kinds)
    for await (const facts of portionsOf(job.db, kind)) {
      const due = facts.filter(({ at }) => at <= until);
      const names = await uncounted(
        job.db,
        due.map(({ source }) => source),
      );
      const left = due.filter(({ source }) => names.has(source));
      if (left.length > 0) missed += await job.transact((tx) => countFacts(tx, left));
    }
  if (missed > 0) job.log.warn({ missed }, "counted for the reports what an event had missed");
  return missed;
};
