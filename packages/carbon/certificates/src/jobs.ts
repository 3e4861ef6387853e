import { creditsRetired, creditsSold } from "@evx/credits/events";
import { every, type Handler, healMissed, on } from "@evx/jobs";
import { day_ms } from "@evx/kernel";
import type { CertificatePorts } from "./ports.ts";
import { certifyPurchase, missedCertificates } from "./purchases.ts";
import { noteBook } from "./queries/state.ts";
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

  // A day is closed shortly after it; twice is once, for a day has one book.
  every("verification.note_book", "5 0 * * *", (job) =>
    job.transact((tx) => noteBook(tx, new Date(tx.at.getTime() - day_ms).toISOString().slice(0, 10))),
  ),

  every("verification.certify_missed", "7,22,37,52 * * * *", async (job) => {
    await healMissed(job, missedCertificates(ports));
  }),
];
