import { every, type Handler, on } from "@evx/jobs";
import { day_ms } from "@evx/kernel";
import { settledSince } from "@evx/payments";
import { paymentDisputed, paymentRefunded, paymentSettled, refundReturned } from "@evx/payments/events";
import { issueAgain, issueCreditNote, issueInvoice } from "./issue.ts";

/** So long back the sweep looks for sales whose news was lost. */
const LOOK_BACK_MS = 7 * day_ms;

/** What is issued follows from what became of the money. Every handler may run twice and in any order. */
export const invoicesJobs: readonly Handler[] = [
  on(
    paymentSettled,
    "invoices.issue",
    (job, { paymentId }) => job.transact((tx) => issueInvoice(tx, paymentId)),
    { turn: "last" },
  ),
  on(paymentRefunded, "invoices.credit_refund", async (job, { paymentId, refundId, amountMinor, reason }) => {
    const amount = BigInt(amountMinor);
    await job.transact((tx) =>
      issueCreditNote(tx, { paymentId, source: `refund ${refundId}`, amount, reason }),
    );
  }),
  on(refundReturned, "invoices.refund_returned", async (job, { refundId }) => {
    const about = { creditSource: `refund ${refundId}`, source: `refund ${refundId} returned` };
    await job.transact((tx) => issueAgain(tx, { ...about, reason: "refund_returned" }));
  }),
  on(paymentDisputed, "invoices.follow_dispute", async (job, { paymentId, outcome }) => {
    const source = `dispute ${paymentId}`;
    if (outcome === "lost")
      await job.transact((tx) =>
        issueCreditNote(tx, { paymentId, source, amount: "rest", reason: "dispute_lost" }),
      );
    if (outcome === "won")
      await job.transact((tx) =>
        issueAgain(tx, { creditSource: source, source: `${source} won`, reason: "dispute_won" }),
      );
  }),
  every("invoices.sweep", "29 * * * *", async (job) => {
    const since = new Date(job.clock.now().getTime() - LOOK_BACK_MS);
    for await (const paymentId of settledSince(job.db, since))
      await job.transact((tx) => issueInvoice(tx, paymentId));
  }),
];
