import type { GatewayName } from "@evx/adapters";
import { expirePayment } from "./payments.ts";
import { QUIET_MS } from "./policy.ts";
import { closeStalePages, pollPayment } from "./polling.ts";
import type { PaymentsPorts, RequestContext } from "./ports.ts";
import { overduePayments, quietAttempts } from "./queries/payments.ts";
import { quietRefunds } from "./queries/refunds.ts";
import { quietEvents } from "./queries/webhooks.ts";
import { advanceRefund } from "./refund-sending.ts";
import { processEvent } from "./webhooks.ts";

/** At most so many of each kind in one run; the longest unheard come first, so none is left behind. */
const BATCH = 100;

/**
 * Asks the gateways about everything unfinished of which nothing was heard for a while: webhooks can be lost,
 * jobs can give up, and money must not depend on either. Also ends payments whose window is over.
 */
export const reconcile = async (ctx: RequestContext, ports: PaymentsPorts): Promise<void> => {
  const now = ctx.clock.now();
  const quiet = new Date(now.getTime() - QUIET_MS);

  /** One that fails is logged and does not keep the others from their turn. */
  const each = async <T extends object>(rows: readonly T[], work: (row: T) => Promise<unknown>) => {
    for (const row of rows) {
      try {
        await work(row);
      } catch (error) {
        ctx.log.warn({ error, ...row }, "reconciling failed; it is tried again in a minute");
      }
    }
  };

  await each(
    await quietEvents(ctx.db, quiet, BATCH),
    ({ gateway, id }: { gateway: GatewayName; id: string }) =>
      processEvent(ctx, ports, { gateway, eventId: id }),
  );
  // Late ones first: their pages are closed, so that nobody pays for what is over.
  await each(await overduePayments(ctx.db, now, BATCH), async ({ id }) => {
    try {
      await closeStalePages(ctx, ports, id);
    } finally {
      await ctx.transact((tx) => expirePayment(tx, id));
    }
  });
  const attempts = await quietAttempts(ctx.db, quiet, BATCH);
  await each(
    [...new Set(attempts.map((attempt) => attempt.payment_id))].map((id) => ({ id })),
    async ({ id }) => {
      await pollPayment(ctx, ports, id);
      await closeStalePages(ctx, ports, id);
    },
  );
  await each(await quietRefunds(ctx.db, quiet, BATCH), ({ id }) => advanceRefund(ctx, ports, id));
};
