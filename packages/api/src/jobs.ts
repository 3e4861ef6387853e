import { creditsJobs } from "@evx/credits/jobs";
import { invoicesJobs } from "@evx/invoices/jobs";
import { every, type Handler } from "@evx/jobs";
import { day_ms } from "@evx/kernel";
import { notificationsJobs } from "@evx/notifications/jobs";
import { paymentsJobs } from "@evx/payments/jobs";
import { payoutsJobs } from "@evx/payouts/jobs";
import { pricingJobs } from "@evx/pricing/jobs";
import { reconciliationJobs } from "@evx/reconciliation/jobs";
import { reportsJobs } from "@evx/reports/jobs";
import { identityJobs } from "./identity.ts";
import type { Ports } from "./index.ts";
import { marketplaceJobs } from "./marketplace.ts";
import { forgetKeys } from "./rest/queries/keys.ts";
import { vehicleJobs } from "./vehicles.ts";
import { verificationJobs } from "./verification.ts";

/** An Idempotency-Key is remembered for a day. */
const keysLiveMs = day_ms;

const housekeeping: Handler[] = [
  every("api.forget_keys", "43 * * * *", (job) =>
    forgetKeys(job.db, new Date(job.clock.now().getTime() - keysLiveMs)),
  ),
];

/** Waits while the venue is closed: it moves money, or ends somebody's chance to pay or to bid. */
const moving = (handlers: readonly Handler[]): Handler[] =>
  handlers.map((handler) => ({ ...handler, movesMoney: true }));

/** Goes on while the venue is closed: people are still told what happened, and operators sign in by letters. */
const always = (handlers: readonly Handler[]): Handler[] =>
  handlers.map((handler) => ({ ...handler, always: true }));

/** Everything that the worker does, from all rooms. */
export const appHandlers = (ports: Ports): Handler[] => [
  ...housekeeping,
  ...always(identityJobs(ports.identity)),
  ...vehicleJobs(ports.vehicles),
  ...creditsJobs,
  ...verificationJobs(ports.verification),
  ...moving(paymentsJobs(ports.payments)),
  ...moving(payoutsJobs(ports.payouts, ports.payoutsSettings)),
  ...moving(invoicesJobs),
  ...reconciliationJobs(ports.payments),
  ...moving(marketplaceJobs),
  ...pricingJobs,
  ...always(notificationsJobs(ports.notifications, ports.notificationsSettings)),
  ...reportsJobs,
];
