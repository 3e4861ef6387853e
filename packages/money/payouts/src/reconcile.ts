import { QUIET_MS, type RequestContext } from "@evx/payments";
import type { PayoutsPorts } from "./ports.ts";
import { quietWithdrawals } from "./queries/withdrawals.ts";
import { advanceWithdrawal } from "./sending.ts";

/** At most so many in one run; the longest unheard come first, so none is left behind. */
const BATCH = 100;

/**
 * Asks the gateways about every withdrawal on its way of which nothing was heard for a while: webhooks can be lost,
 * jobs can give up, and money must not depend on either. One that fails does not keep the others from their turn.
 */
export const reconcile = async (ctx: RequestContext, ports: PayoutsPorts): Promise<void> => {
  const quiet = new Date(ctx.clock.now().getTime() - QUIET_MS);
  for (const { id } of await quietWithdrawals(ctx.db, quiet, BATCH)) {
    try {
      await advanceWithdrawal(ctx, ports, id);
    } catch (error) {
      ctx.log.warn({ error, withdrawal: id }, "reconciling failed; it is tried again in a minute");
    }
  }
};
