import { every, type Handler } from "@evx/jobs";
import { type HeadStore, noteHeads } from "./heads.ts";
import { forgetLines } from "./lines.ts";

/**
 * What this room does by itself: every five minutes the trail's heads are noted where the database cannot reach, and each
 * night the programs' lines of a fortnight ago are let go.
 */
export const auditJobs = (store: HeadStore | null): readonly Handler[] => [
  every("audit.forget_lines", "17 3 * * *", async (job) => void (await job.transact(forgetLines))),
  ...(store
    ? [every("audit.note_heads", "*/5 * * * *", (job) => noteHeads(job.db, store, job.clock.now()))]
    : []),
];
