import { every, type Handler } from "@evx/jobs";
import { type HeadStore, noteHeads } from "./heads.ts";

/** What the trail does by itself: every five minutes its heads are noted where the database cannot reach. */
export const auditJobs = (store: HeadStore | null): readonly Handler[] =>
  store ? [every("audit.note_heads", "*/5 * * * *", (job) => noteHeads(job.db, store, job.clock.now()))] : [];
