import { userRegistered } from "@evx/accounts/events";
import { certificateIssued } from "@evx/certificates/events";
import type { Tx } from "@evx/db";
import { type Event, every, type Handler, on } from "@evx/jobs";
import { orderCompleted } from "@evx/orders/events";
import { paymentDisputed } from "@evx/payments/events";
import { requestDecided } from "@evx/review/events";
import type * as v from "valibot";
import { monthOf } from "./policy.ts";
import { addPlatform, countOnce } from "./queries/reports.ts";
import { countMissed } from "./rebuild.ts";
import { addForBoth, addSale } from "./sums.ts";

/** Adds an event to the read models, once however often its job runs. */
const counting = <S extends v.GenericSchema<object, object>>(
  event: Event<S>,
  source: (event: v.InferOutput<S>) => string | null,
  count: (tx: Tx, event: v.InferOutput<S>) => Promise<void>,
): Handler =>
  on(event, `reports.${event.name.split(".")[1]}`, async (job, payload) => {
    const name = source(payload);
    if (name)
      await job.transact(async (tx) => ((await countOnce(tx, name)) ? count(tx, payload) : undefined));
  });

/** The events of which the reports are made. People's rows come before the venue's, so that no two jobs wait for each other. */
export const reportsJobs: readonly Handler[] = [
  counting(
    userRegistered,
    ({ userId }) => `user:${userId}`,
    (tx) => addPlatform(tx, monthOf(tx.at), { users: 1n }),
  ),
  counting(
    requestDecided,
    ({ requestId, outcome }) => (outcome === "approved" ? `issued:${requestId}` : null),
    (tx, { ownerId, issued }) => addForBoth(tx, ownerId, monthOf(tx.at), { issued_g: BigInt(issued) }),
  ),
  counting(
    orderCompleted,
    ({ orderId }) => `order:${orderId}`,
    (tx, order) =>
      addSale(tx, {
        sellerId: order.sellerId,
        buyerId: order.buyerId,
        month: monthOf(new Date(order.at)),
        grams: BigInt(order.grams),
        gross_minor: BigInt(order.totalMinor),
        platform_fee_minor: BigInt(order.platformFeeMinor),
        cva_fee_minor: BigInt(order.cvaFeeMinor),
        net_minor: BigInt(order.netMinor),
      }),
  ),
  counting(
    certificateIssued,
    ({ kind, certificateId }) => (kind === "retirement" ? `retired:${certificateId}` : null),
    (tx, { holderId, grams }) => addForBoth(tx, holderId, monthOf(tx.at), { retired_g: BigInt(grams) }),
  ),
  counting(
    paymentDisputed,
    ({ paymentId, outcome }) => (outcome === "open" ? `disputed:${paymentId}` : null),
    (tx) => addPlatform(tx, monthOf(tx.at), { disputes: 1n }),
  ),
  // At night: it reads every row that the sums are made of.
  every("reports.count_missed", "40 2 * * *", countMissed),
];
