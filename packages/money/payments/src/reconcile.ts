import { closeStalePages, lookAt } from "./checkout.ts";
import type { GatewayName } from "./gateways/gateway.ts";
import { expirePayment } from "./payments.ts";
import { settleWithdrawal } from "./payouts.ts";
import { QUIET_MS } from "./policy.ts";
import type { Edge, PaymentsPorts } from "./ports.ts";
import { overduePayments, quietAttempts } from "./queries/payments.ts";
import { quietRefunds } from "./queries/refunds.ts";
import { quietEvents } from "./queries/webhooks.ts";
import { quietWithdrawals } from "./queries/withdrawals.ts";
import { settleRefund } from "./refund-jobs.ts";
import { processEvent } from "./webhooks.ts";

/** At most so many of each kind in one run; the longest unheard come first, so none is left behind. */
const BATCH = 100;

/**
 * Asks the gateways about everything unfinished of which nothing was heard for a while: webhooks can be lost,
 * jobs can give up, and money must not depend on either. Also ends payments whose window is over.
 */
export const reconcile = async (edge: Edge, ports: PaymentsPorts): Promise<void> => {
  const now = edge.clock.now();
  const quiet = new Date(now.getTime() - QUIET_MS);

  /** One that fails is logged and does not keep the others from their turn. */
  const each = async <T extends object>(rows: readonly T[], work: (row: T) => Promise<unknown>) => {
    for (const row of rows) {
      try {
        await work(row);
      } catch (error) {
        edge.log.warn({ error, ...row }, "reconciling failed; it is tried again in a minute");
      }
    }
  };

  await each(
    await quietEvents(edge.db, quiet, BATCH),
    ({ gateway, id }: { gateway: GatewayName; id: string }) =>
      processEvent(edge, ports, { gateway, eventId: id }),
  );
  // Late ones first: their pages are closed, so that nobody pays for what is over.
  await each(await overduePayments(edge.db, now, BATCH), async ({ id }) => {
    try {
      await closeStalePages(edge, ports, id);
    } finally {
      await edge.transact((tx) => expirePayment(tx, id));
    }
  });
  const attempts = await quietAttempts(edge.db, quiet, BATCH);
  await each(
    [...new Set(attempts.map((attempt) => attempt.payment_id))].map((id) => ({ id })),
    async ({ id }) => {
      await lookAt(edge, ports, id);
      await closeStalePages(edge, ports, id);
    },
  );
  await each(await quietRefunds(edge.db, quiet, BATCH), ({ id }) => settleRefund(edge, ports, id));
  await each(await quietWithdrawals(edge.db, quiet, BATCH), ({ id }) => settleWithdrawal(edge, ports, id));
};
