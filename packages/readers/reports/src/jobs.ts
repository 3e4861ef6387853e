import type { Tx } from "@evx/db";
import { userRegistered } from "@evx/identity/events";
import { type Event, type Handler, on } from "@evx/jobs";
import { orderCompleted } from "@evx/marketplace/events";
import { paymentDisputed } from "@evx/payments/events";
import { certificateIssued, requestDecided } from "@evx/verification/events";
import type * as v from "valibot";
import { monthOf } from "./policy.ts";
import { addPersonal, addPlatform, countOnce } from "./queries.ts";

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
    async (tx, { ownerId, issued }) => {
      const issued_g = BigInt(issued);
      await addPersonal(tx, ownerId, monthOf(tx.at), { issued_g });
      await addPlatform(tx, monthOf(tx.at), { issued_g });
    },
  ),
  counting(
    orderCompleted,
    ({ orderId }) => `order:${orderId}`,
    async (tx, order) => {
      const month = monthOf(new Date(order.at));
      const grams = BigInt(order.grams);
      const gross_minor = BigInt(order.totalMinor);
      const platform_fee_minor = BigInt(order.platformFeeMinor);
      const cva_fee_minor = BigInt(order.cvaFeeMinor);
      const seller = {
        sold_g: grams,
        sales: 1n,
        gross_minor,
        platform_fee_minor,
        cva_fee_minor,
        net_minor: BigInt(order.netMinor),
      };
      const buyer = { bought_g: grams, purchases: 1n, spent_minor: gross_minor };
      for (const [id, amounts] of [[order.sellerId, seller] as const, [order.buyerId, buyer] as const].sort())
        await addPersonal(tx, id, month, amounts);
      await addPlatform(tx, month, {
        traded_g: grams,
        trades: 1n,
        volume_minor: gross_minor,
        platform_fee_minor,
        cva_fee_minor,
      });
    },
  ),
  counting(
    certificateIssued,
    ({ kind, certificateId }) => (kind === "retirement" ? `retired:${certificateId}` : null),
    async (tx, { holderId, grams }) => {
      const retired_g = BigInt(grams);
      await addPersonal(tx, holderId, monthOf(tx.at), { retired_g });
      await addPlatform(tx, monthOf(tx.at), { retired_g });
    },
  ),
  counting(
    paymentDisputed,
    ({ paymentId, outcome }) => (outcome === "open" ? `disputed:${paymentId}` : null),
    (tx) => addPlatform(tx, monthOf(tx.at), { disputes: 1n }),
  ),
];
