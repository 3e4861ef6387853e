import { creditsRetired, creditsSold, creditsTransferred } from "@evx/credits/events";
import { every, type Handler, healMissed, on } from "@evx/jobs";
import { day_ms } from "@evx/kernel";
import { closeDay, dayOf } from "./books.ts";
import type { CertificatePorts } from "./ports.ts";
import { certifyGift, certifyPurchase, missedCertificates, missedGifts } from "./purchases.ts";
import { certifyRetirement } from "./retirements.ts";
import { dueSnapshots, takeSnapshot } from "./snapshots.ts";

/** What this room does in the background. Each handler names its work by its subject, so twice is once. */
export const certificateJobs = (ports: CertificatePorts): Handler[] => [
  on(
    creditsSold,
    "verification.certify_purchase",
    (job, sale) => job.transact((tx) => certifyPurchase(tx, ports, sale)),
    { turn: "last" },
  ),

  on(creditsTransferred, "verification.certify_transfer", async (job, { transferId, toId }) => {
    await job.transact((tx) => certifyGift(tx, ports, { transferId, toId }));
  }),

  // The call that retires makes the certificate itself; this one is for retirements that another room makes.
  on(creditsRetired, "verification.certify_retirement", async (job, { retirementId }) => {
    await job.transact((tx) => certifyRetirement(tx, ports, retirementId));
  }),

  // A day is closed shortly after it; an hour that was missed is made up for by the next. Twice is once.
  every("verification.note_book", "5 * * * *", async (job) => {
    const day = dayOf(new Date(job.clock.now().getTime() - day_ms));
    await job.transact((tx) => closeDay(tx, day));
  }),

  every("verification.take_snapshot", "25 * * * *", async (job) => {
    const day = dayOf(new Date(job.clock.now().getTime() - day_ms));
    for (const due of await dueSnapshots(job.db, day))
      await job.transact((tx) => takeSnapshot(tx, ports, due));
  }),

  every("verification.certify_missed", "7,22,37,52 * * * *", async (job) => {
    await healMissed(job, missedCertificates(ports));
    await healMissed(job, missedGifts(ports));
  }),
];
