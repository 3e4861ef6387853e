import { creditsRetired, creditsSold } from "@evx/credits/events";
import { every, type Handler, on } from "@evx/jobs";
import type { CertificatePorts } from "./ports.ts";
import { certifyMissedPurchases, certifyPurchase } from "./purchases.ts";
import { certifyRetirement } from "./retirements.ts";

/** What this room does in the background. Each handler names its work by its subject, so twice is once. */
export const certificateJobs = (ports: CertificatePorts): Handler[] => [
  on(creditsSold, "verification.certify_purchase", async (job, sale) => {
    await job.transact((tx) => certifyPurchase(tx, ports, sale));
  }),

  // The call that retires makes the certificate itself; this one is for retirements that another room makes.
  on(creditsRetired, "verification.certify_retirement", async (job, { retirementId }) => {
    await job.transact((tx) => certifyRetirement(tx, ports, retirementId));
  }),

  every("verification.certify_missed", "7,22,37,52 * * * *", async (job) => {
    const missed = await certifyMissedPurchases(job, ports);
    if (missed > 0) job.log.warn({ missed }, "made certificates of purchase that an event had missed");
  }),
];
