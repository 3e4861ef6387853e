import { every, on } from "@evx/jobs";
import { auditBooks } from "@evx/ledger";
import { collectRevoked, uncollected } from "./cancellations.ts";
import { batchRevoked, creditsSold } from "./events.ts";
import { tellBuyer, tellHolders } from "./revoked.ts";

/** Looks once a night whether the book still holds every promise; what it finds is an alarm, never repaired here. */
const auditNightly = every("credits.audit_books", "17 2 * * *", async (job) => {
  const found = await auditBooks(job.db);
  if (found.length > 0) job.log.error({ violations: found.slice(0, 50) }, "the books do not balance");
  else job.log.info({}, "the books balance");
});

/** One round takes this many; the next takes the rest. */
const ROUND = 100;

/** Takes back what of revoked batches has come within reach: credits that left a listing, a buffer that has grown. */
const collectOwed = every("credits.collect_revoked", "*/10 * * * *", async (job) => {
  for (const batchId of await uncollected(job.db, ROUND)) {
    const { owner_g, buffer_g, missing_g } = await job.transact((tx) => collectRevoked(tx, batchId));
    if (owner_g + buffer_g > 0n)
      job.log.info(
        { batchId, taken: String(owner_g + buffer_g), missing: String(missing_g) },
        "took back more of a revoked batch",
      );
  }
});

/** Who has credits of a revoked batch hears of it; also who gets them later, by a sale that was paid before. */
const tellOfRevocation = on(batchRevoked, "credits.tell_holders", (job, revoked) =>
  job.transact((tx) => tellHolders(tx, revoked)),
);
const tellOfLateSale = on(
  creditsSold,
  "credits.tell_late_buyer",
  (job, { transferId }) => job.transact((tx) => tellBuyer(tx, transferId)),
  { turn: "last" },
);

export const creditsJobs = [auditNightly, collectOwed, tellOfRevocation, tellOfLateSale];
