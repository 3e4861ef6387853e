import { GatewayFault, type GatewayName, gatewayNames } from "@evx/adapters";
import { expirePayment } from "./payments.ts";
import { nextLook, QUIET_MS } from "./policy.ts";
import { closeStalePages, pollPayment } from "./polling.ts";
import type { PaymentsPorts, RequestContext } from "./ports.ts";
import {
  changeAttempt,
  closedAttempts,
  lookLater,
  overduePayments,
  quietAttempts,
} from "./queries/payments.ts";
import { changeRefund, quietRefunds } from "./queries/refunds.ts";
import { quietEvents } from "./queries/webhooks.ts";
import { advanceRefund } from "./refund-sending.ts";
import { processEvent } from "./webhooks.ts";

/** At most so many of each kind and gateway in one run; the longest unheard come first, so none is left behind. */
const BATCH = 100;

/** A gateway that was silent so often, one time after the other, is left alone until the next round. */
const MOST_SILENT = 3;

const isSilence = (error: unknown): boolean => error instanceof GatewayFault && error.kind === "unavailable";

type Round = {
  ctx: RequestContext;
  ports: PaymentsPorts;
  now: Date;
  quiet: Date;
};

/**
 * Works through rows: one that fails is logged, goes to the end of its row by `later`, and does not keep the others from
 * their turn.
 */
const each = async <T extends object>(
  { ctx }: Round,
  rows: readonly T[],
  work: (row: T) => Promise<unknown>,
  later: (row: T) => Promise<unknown>,
): Promise<void> => {
  let silences = 0;
  for (const row of rows) {
    if (silences === MOST_SILENT) return;
    try {
      await work(row);
      silences = 0;
    } catch (error) {
      silences = isSilence(error) ? silences + 1 : 0;
      ctx.log.warn({ error, ...row }, "reconciling failed; it is tried again in a minute");
      await later(row);
    }
  }
};

/** Everything unfinished at one gateway. Each has a round of its own, so that one that hangs holds up no other. */
const askGateway = async (round: Round, gateway: GatewayName): Promise<void> => {
  const { ctx, ports, now, quiet } = round;
  await each(
    round,
    await quietEvents(ctx.db, gateway, quiet, BATCH),
    ({ id }) => processEvent(ctx, ports, { gateway, eventId: id }),
    // It counts its tries itself.
    async () => {},
  );
  const pages = await quietAttempts(ctx.db, gateway, quiet, BATCH);
  await each(
    round,
    pages.filter((page, at) => pages.findIndex(({ payment_id }) => payment_id === page.payment_id) === at),
    async ({ payment_id }) => {
      await pollPayment(ctx, ports, payment_id, { at: gateway });
      await closeStalePages(ctx, ports, payment_id, { at: gateway });
    },
    ({ payment_id, number }) => ctx.transact((tx) => changeAttempt(tx, payment_id, number, {})),
  );
  await each(
    round,
    await closedAttempts(ctx.db, gateway, now, BATCH),
    ({ payment_id }) => pollPayment(ctx, ports, payment_id, { at: gateway, closedToo: true }),
    // It was not asked: that counts as no look.
    (attempt) => ctx.transact((tx) => lookLater(tx, attempt, nextLook(tx.at, tx.at))),
  );
  await each(
    round,
    await quietRefunds(ctx.db, gateway, quiet, BATCH),
    ({ id }) => advanceRefund(ctx, ports, id),
    ({ id }) => ctx.transact((tx) => changeRefund(tx, id, {})),
  );
};

/** Ends payments whose window is over. Their pages are closed first, so that nobody pays for what is over. */
const endOverdue = async (round: Round): Promise<void> => {
  const { ctx, ports, now } = round;
  await each(
    round,
    await overduePayments(ctx.db, now, BATCH),
    async ({ id }) => {
      await closeStalePages(ctx, ports, id).catch((error: unknown) =>
        ctx.log.warn({ error, payment: id }, "a page could not be closed; it is tried again in a minute"),
      );
      await ctx.transact((tx) => expirePayment(tx, id));
    },
    async () => {},
  );
};

/** Refunds into balances: no gateway is asked. */
const endBalanceRefunds = async (round: Round): Promise<void> => {
  const { ctx, ports, quiet } = round;
  await each(
    round,
    await quietRefunds(ctx.db, "balance", quiet, BATCH),
    ({ id }) => advanceRefund(ctx, ports, id),
    ({ id }) => ctx.transact((tx) => changeRefund(tx, id, {})),
  );
};

/**
 * Asks the gateways about everything unfinished of which nothing was heard for a while: webhooks can be lost,
 * jobs can give up, and money must not depend on either. Also ends payments whose window is over. Each kind has a round of
 * its own, so that none waits for another.
 */
export const reconcile = async (ctx: RequestContext, ports: PaymentsPorts): Promise<void> => {
  const now = ctx.clock.now();
  const round = { ctx, ports, now, quiet: new Date(now.getTime() - QUIET_MS) };
  const ends = await Promise.allSettled([
    endOverdue(round),
    endBalanceRefunds(round),
    ...gatewayNames.filter((name) => ports.gateways[name]).map((name) => askGateway(round, name)),
  ]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
};
