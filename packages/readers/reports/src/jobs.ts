import { userRegistered } from "@evx/accounts/events";
import { certificateIssued } from "@evx/certificates/events";
import { creditsIssued } from "@evx/credits/events";
import { vehicleRegistered } from "@evx/garage/events";
import { type Event, every, type Handler, handle, on } from "@evx/jobs";
import { listingCreated } from "@evx/listings/events";
import { disputeOpened, orderCompleted } from "@evx/orders/events";
import { paymentDisputed } from "@evx/payments/events";
import { withdrawalCompleted } from "@evx/payouts/events";
import { requestDecided, requestSubmitted } from "@evx/review/events";
import type * as v from "valibot";
import { countMissed, countRow } from "./counting.ts";
import { countAll, writeExport } from "./events.ts";
import { clearExports, queueForgottenExports, runExport } from "./export-run.ts";
import type { Kind } from "./kinds.ts";

/** Counts the row that an event names. */
const counting = <S extends v.GenericSchema<object, object>>(
  event: Event<S>,
  kind: Kind,
  idOf: (event: v.InferOutput<S>) => string | null,
): Handler =>
  on(
    event,
    `reports.${event.name.split(".")[1]}`,
    async (job, payload) => {
      const id = idOf(payload);
      if (id) await countRow(job, kind, id);
    },
    { turn: "last" },
  );

/** The events of which the reports are made, and the files that are made of the reports. */
export const reportsJobs: readonly Handler[] = [
  counting(userRegistered, "users", ({ userId }) => userId),
  counting(vehicleRegistered, "cars", ({ vehicleId }) => vehicleId),
  counting(requestSubmitted, "requests", ({ requestId }) => requestId),
  counting(requestDecided, "decisions", ({ requestId }) => requestId),
  counting(creditsIssued, "batches", ({ batchId }) => batchId),
  counting(listingCreated, "listings", ({ listingId }) => listingId),
  counting(orderCompleted, "sales", ({ orderId }) => orderId),
  counting(certificateIssued, "retirements", ({ kind, certificateId }) =>
    kind === "retirement" ? certificateId : null,
  ),
  counting(withdrawalCompleted, "payouts", ({ withdrawalId }) => withdrawalId),
  counting(paymentDisputed, "disputes", ({ outcome, paymentId }) => (outcome === "open" ? paymentId : null)),
  counting(disputeOpened, "objections", ({ disputeId }) => disputeId),
  handle(countAll, async (job) => void (await countMissed(job))),
  // At night: it reads every row that the sums are made of.
  every("reports.count_missed", "40 2 * * *", countMissed),
  handle(writeExport, runExport, { concurrency: 2, long: true }),
  every("reports.clear_exports", "*/10 * * * *", async (job) => {
    await queueForgottenExports(job);
    await clearExports(job);
  }),
];
