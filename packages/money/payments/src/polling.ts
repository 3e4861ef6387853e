import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { applyCheckout } from "./captures.ts";
import { locked } from "./payments.ts";
import { isUnpaid, OPENING_TIME_MS } from "./policy.ts";
import { gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
import { attemptRows, changeAttempt, paymentRow } from "./queries/payments.ts";

/**
 * Asks the gateways how a payment's pages stand and takes the answers in. Webhooks, jobs and buyers lead here. Where a
 * gateway speaks of the payment, closed pages are looked at too: money can come on one that it could not close.
 */
export const pollPayment = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  paymentId: Id<"payment">,
  { closedToo = false }: { closedToo?: boolean } = {},
): Promise<void> => {
  const payment = await paymentRow(ctx.db, paymentId);
  const over = !payment || !isUnpaid(payment.status) || payment.expires_at <= ctx.clock.now();
  for (const attempt of await attemptRows(ctx.db, paymentId)) {
    const closed = attempt.status === "closed";
    if (!attempt.ref || attempt.gateway === "balance" || (closed && !closedToo)) continue;
    const gateway = gatewayOf(ports, attempt.gateway);
    // Looking at a page can take its money, where the buyer has agreed: never once nobody should pay on it.
    const closing = closed || (over && attempt.status === "open");
    const asked = ctx.clock.now();
    const state = await (closing
      ? gateway.expireCheckout(attempt.ref)
      : gateway.retrieveCheckout(attempt.ref));
    // Of a page that nobody waits for, only money is news.
    if (closed && state.status !== "paid") continue;
    await ctx.transact((tx) => applyCheckout(tx, paymentId, attempt.number, state, asked));
  }
};

/**
 * Closes pages that nobody should pay on: all but the newest, or all when the payment is over.
 * One that was paid in the same moment comes back as paid and is taken in as such.
 */
export const closeStalePages = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  paymentId: Id<"payment">,
): Promise<void> => {
  const payment = await ctx.transact((tx) => locked(tx, paymentId));
  const attempts = await attemptRows(ctx.db, paymentId);
  const over = !isUnpaid(payment.status) || payment.expires_at <= ctx.clock.now();
  const stale = over ? attempts : attempts.slice(0, -1);
  for (const attempt of stale) {
    if (attempt.status === "opening") {
      await ctx.transact((tx) => giveUpOpening(tx, paymentId, attempt.number));
    }
    if (attempt.status !== "open" || !attempt.ref || attempt.gateway === "balance") continue;
    const state = await gatewayOf(ports, attempt.gateway).expireCheckout(attempt.ref);
    await ctx.transact((tx) => applyCheckout(tx, paymentId, attempt.number, state));
  }
};

/** An opening without an answer was given to nobody; after a while it is not waited for. */
const giveUpOpening = async (tx: Tx, paymentId: Id<"payment">, number: number): Promise<void> => {
  await locked(tx, paymentId);
  const attempt = (await attemptRows(tx, paymentId)).find((row) => row.number === number);
  if (attempt?.status !== "opening") return;
  const late = attempt.opened_at.getTime() <= tx.at.getTime() - OPENING_TIME_MS;
  await changeAttempt(tx, paymentId, number, late ? { status: "closed" } : {});
};
