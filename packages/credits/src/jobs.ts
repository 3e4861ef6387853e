import { every } from "@evx/jobs";
import { auditBooks } from "@evx/ledger";

/** Looks once a night whether the book still holds every promise; what it finds is an alarm, never repaired here. */
const auditNightly = every("credits.audit_books", "17 2 * * *", async (job) => {
  const found = await auditBooks(job.db);
  if (found.length > 0) job.log.error({ violations: found.slice(0, 50) }, "the books do not balance");
  else job.log.info({}, "the books balance");
});

export const creditsJobs = [auditNightly];
