import { serialsOfTransfer } from "@evx/credits";
import { creditsRetired, creditsSold } from "@evx/credits/events";
import { every, type Handler, on } from "@evx/jobs";
import { wallet } from "@evx/ledger";
import { issueCertificate } from "./certificates.ts";
import type { VerificationPorts } from "./ports.ts";
import { nextToRecompute, recompute } from "./proofs.ts";
import { requestRow } from "./queries/requests.ts";
import { certifyRetirement } from "./retirement.ts";

/** How many batches are computed again in an hour: a thousand batches come round every two days. */
const recomputedAtOnce = 25;

/** What this room does in the background. Each handler names its work by its subject, so twice is once. */
export const verificationJobs = (ports: VerificationPorts): Handler[] => [
  on(creditsSold, "verification.certify_purchase", async (job, sale) => {
    const lots = await serialsOfTransfer(job.db, sale.transferId, wallet(sale.buyerId));
    await job.transact((tx) =>
      issueCertificate(tx, ports, {
        kind: "purchase",
        subjectId: sale.transferId,
        holderId: sale.buyerId,
        orderId: sale.orderId,
        lots,
      }),
    );
  }),

  // The call that retires makes the certificate itself; this one is for retirements that another room makes.
  on(creditsRetired, "verification.certify_retirement", async (job, { retirementId }) => {
    await job.transact((tx) => certifyRetirement(tx, ports, retirementId));
  }),

  every("verification.recompute", "17 * * * *", async (job) => {
    for (const id of await nextToRecompute(job.db, recomputedAtOnce)) {
      const outcome = await job.transact(async (tx) => {
        const row = await requestRow(tx, id);
        return row ? recompute(tx, row, null) : null;
      });
      if (outcome && !outcome.matches)
        job.log.error({ request: id }, "a batch does not come out as it was issued");
    }
  }),
];
