import { every, type Handler } from "@evx/jobs";
import { pruneLooseDocuments } from "./queries/files.ts";

/** In the night of UTC, pictures that were sent and never handed in are dropped. */
export const kycJobs: readonly Handler[] = [
  every("identity.prune_documents", "23 3 * * *", (job) => job.transact(pruneLooseDocuments)),
];
