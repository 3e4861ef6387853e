import type { GatewayName } from "@evx/adapters";
import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { applyCheckout } from "./captures.ts";
import { locked } from "./payments.ts";
import { isUnpaid, OPENING_TIME_MS } from "./policy.ts";
import { gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
import {
  type AttemptRow,
  attemptRows,
  changeAttempt,
  lookLater,
  type PaymentRow,
  paymentRow,
} from "./queries/payments.ts";

type Which = {
  /** Where a gateway speaks of the payment, closed pages are looked at too: money can come on one all the same. */
  closedToo?: boolean;
  /** The pages of one gateway alone. */
  at?: GatewayName;
};

/** Each page has its turn, whatever becomes of the others; the first fault is thrown in the end. */
const eachPage = async (
  pages: readonly AttemptRow[],
  work: (page: AttemptRow) => Promise<void>,
): Promise<void> => {
  const faults: unknown[] = [];
  for (const page of pages) await work(page).catch((fault: unknown) => faults.push(fault));
  if (faults.length > 0) throw faults[0];
};

const pollPage = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  payment: PaymentRow,
  attempt: AttemptRow & { ref: string },
): Promise<void> => {
  const gateway = gatewayOf(ports, attempt.gateway);
  const closed = attempt.status === "closed";
  const over = !isUnpaid(payment.status) || payment.expires_at <= ctx.clock.now();
  // Looking at a page can take its money, where the buyer has agreed: never once nobody should pay on it.
  const closing = closed || (over && attempt.status === "open");
  const asked = ctx.clock.now();
  const state = await (closing ? gateway.expireCheckout(attempt.ref) : gateway.retrieveCheckout(attempt.ref));
  // Of a page that nobody waits for, only money is news.
  if (closed && state.status !== "paid") {
    if (attempt.look_again_at) await ctx.transact((tx) => lookLater(tx, attempt));
    return;
  }
  await ctx.transact((tx) => applyCheckout(tx, attempt.payment_id, attempt.number, state, asked));
};

/**
 * Asks the gateways how a payment's pages stand and takes the answers in. Webhooks, jobs and buyers lead here. Answers
 * whether there is such a payment.
 */
export const pollPayment = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  paymentId: Id<"payment">,
  { closedToo = false, at }: Which = {},
): Promise<boolean> => {
  const payment = await paymentRow(ctx.db, paymentId);
  if (!payment) return false;
  await eachPage(await attemptRows(ctx.db, paymentId), async (attempt) => {
    const { ref, gateway, status } = attempt;
    if (!ref || gateway === "balance" || (at && gateway !== at)) return;
    if (status === "closed" && !closedToo) return;
    await pollPage(ctx, ports, payment, { ...attempt, ref });
  });
  return true;
};

/**
 * Closes pages that nobody should pay on: all but the newest, or all when the payment is over.
 * One that was paid in the same moment comes back as paid and is taken in as such.
 */
export const closeStalePages = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  paymentId: Id<"payment">,
  { at }: Pick<Which, "at"> = {},
): Promise<void> => {
  const payment = await ctx.transact((tx) => locked(tx, paymentId));
  const attempts = await attemptRows(ctx.db, paymentId);
  const over = !isUnpaid(payment.status) || payment.expires_at <= ctx.clock.now();
  const stale = (over ? attempts : attempts.slice(0, -1)).filter(({ gateway }) => !at || gateway === at);
  await eachPage(stale, async ({ number, status, ref, gateway }) => {
    if (status === "opening") await ctx.transact((tx) => giveUpOpening(tx, paymentId, number));
    if (status !== "open" || !ref || gateway === "balance") return;
    const state = await gatewayOf(ports, gateway).expireCheckout(ref);
    await ctx.transact((tx) => applyCheckout(tx, paymentId, number, state));
  });
};

/** An opening without an answer was given to nobody; after a while it is not waited for. */
const giveUpOpening = async (tx: Tx, paymentId: Id<"payment">, number: number): Promise<void> => {
  await locked(tx, paymentId);
  const attempt = (await attemptRows(tx, paymentId)).find((row) => row.number === number);
  if (attempt?.status !== "opening") return;
  const late = attempt.opened_at.getTime() <= tx.at.getTime() - OPENING_TIME_MS;
  await changeAttempt(tx, paymentId, number, late ? { status: "closed" } : {});
};
