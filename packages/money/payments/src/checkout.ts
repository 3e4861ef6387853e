import { type Charge, type Gateway, GatewayFault, type GatewayName } from "@evx/adapters";
import type { Tx } from "@evx/db";
import { enqueue } from "@evx/jobs";
import { assert, type Id, type Locale, minorFromText } from "@evx/kernel";
import { chargeOf } from "./charges.ts";
import { refuse } from "./errors.ts";
import { closePages } from "./jobs.ts";
import { wayOf } from "./lifecycle.ts";
import { currencyOf, type PaymentView, paymentView } from "./payments.ts";
import { isUnpaid, nextLook, OPENING_TIME_MS, pageExpiry } from "./policy.ts";
import { chosenGateway, gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
import {
  type AttemptRow,
  attemptRows,
  changeAttempt,
  changePayment,
  insertAttempt,
  lockPayment,
  lockPaymentOfOrder,
  type PaymentRow,
} from "./queries/payments.ts";

type Begun = { payment: PaymentRow; attempt: AttemptRow };

const keyOf = (attempt: AttemptRow): string => `${attempt.payment_id}.${attempt.number}`;

/** A page that can still be used: open, or being opened by somebody who asked at the same time. */
export const usable = (attempt: AttemptRow, gateway: GatewayName, now: Date): boolean => {
  if (attempt.gateway !== gateway || attempt.expires_at <= now) return false;
  if (attempt.status === "open") return attempt.redirect_url !== null;
  return attempt.status === "opening" && attempt.opened_at.getTime() > now.getTime() - OPENING_TIME_MS;
};

export type CheckoutInput = {
  orderId: Id<"order">;
  buyerId: Id<"user">;
  method: GatewayName;
  locale: Locale;
  /** What the buyer was shown that they would be charged. */
  shown?: { amount: string; currency: string } | undefined;
};

/** A buyer is never charged something else than what they were shown: a rate may have changed since. */
const checkShown = (charge: Charge, { shown, method }: Pick<CheckoutInput, "shown" | "method">): void => {
  if (!shown) return;
  const { amount, currency } = charge;
  if (shown.currency === currency && minorFromText(shown.amount, currency) === amount) return;
  throw refuse("payment_charge_changed", { method });
};

/**
 * Chooses the page that a buyer is sent to, or makes the row of a new one. The payment's lock makes two
 * simultaneous calls choose the same. Nothing is asked of the gateway before the row is committed.
 */
const begin = async (tx: Tx, gateway: Gateway, order: CheckoutInput): Promise<Begun> => {
  const payment = await lockPaymentOfOrder(tx, order.orderId);
  if (!payment || payment.buyer_id !== order.buyerId) throw refuse("payment_unknown");
  // Money on its way needs no second page: two would be paid.
  const { pay } = wayOf(payment);
  if (pay !== "page") throw refuse(pay);
  if (payment.expires_at <= tx.at) throw refuse("payment_expired");
  if (payment.flag) throw refuse("payment_gateway_refused", { reason: payment.flag });
  const attempts = await attemptRows(tx, payment.id);
  const last = attempts.at(-1);
  if (last && usable(last, gateway.name, tx.at)) {
    checkShown(chargeOf(payment, last), order);
    return { payment, attempt: last };
  }
  const charge = gateway.chargeFor(payment.amount_minor, currencyOf(payment));
  if (!charge) throw refuse("payment_amount_not_charged", { method: gateway.name });
  checkShown(charge, order);
  const attempt = await insertAttempt(tx, {
    paymentId: payment.id,
    number: (last?.number ?? 0) + 1,
    gateway: gateway.name,
    charged: charge.currency === payment.currency ? null : charge,
    locale: order.locale,
    expiresAt: pageExpiry(payment.expires_at, tx.at),
  });
  await changePayment(tx, payment.id, { method: gateway.name });
  if (last) await enqueue(tx, closePages, { paymentId: payment.id });
  return { payment: { ...payment, method: gateway.name }, attempt };
};

/** Asks the gateway for the page of an attempt. What is sent follows from the row alone, so a retry sends the same. */
const openPage = async (ports: PaymentsPorts, { payment, attempt }: Begun) => {
  const back = (result: string) => `${ports.webUrl}/pay/${payment.order_id}?back=${result}`;
  return gatewayOf(ports, attempt.gateway).createCheckout({
    key: keyOf(attempt),
    paymentId: payment.id,
    orderId: payment.order_id,
    ...chargeOf(payment, attempt),
    description: payment.description,
    openedAt: attempt.opened_at,
    expiresAt: attempt.expires_at,
    locale: attempt.locale as Locale,
    successUrl: back("paid"),
    cancelUrl: back("cancelled"),
  });
};

/**
 * Sends a buyer to the gateway's payment page: row first, then the gateway, then its answer into the row.
 * Two calls at once, or one that is repeated after a crash in between, end on one page.
 * Refuses `payment_unknown`, `payment_already_paid`, `payment_pending`, `payment_expired`,
 * `payment_method_unavailable`, `payment_amount_not_charged`, `payment_charge_changed`,
 * `payment_gateway_unavailable`, `payment_gateway_refused`.
 */
export const checkout = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  order: CheckoutInput,
): Promise<{ payment: PaymentView; redirectUrl: string }> => {
  const gateway = chosenGateway(ports, order.method);
  const begun = await ctx.transact((tx) => begin(tx, gateway, order));
  const { payment, attempt } = begun;
  if (attempt.status === "open" && attempt.redirect_url) {
    return { payment: paymentView(payment, ctx.clock.now()), redirectUrl: attempt.redirect_url };
  }
  const state = await openPage(ports, begun).catch(async (error: unknown) => {
    if (!(error instanceof GatewayFault)) throw error;
    ctx.log.warn({ error, payment: payment.id, attempt: attempt.number }, "the gateway opened no page");
    if (error.kind === "unavailable" || error.kind === "misconfigured" || error.kind === "short_of_funds") {
      throw refuse("payment_gateway_unavailable", {}, { cause: error });
    }
    await ctx.transact((tx) => changeAttempt(tx, payment.id, attempt.number, { status: "closed" }));
    throw refuse("payment_gateway_refused", { reason: error.code }, { cause: error });
  });
  const shown = await ctx.transact((tx) => keepPage(tx, payment.id, attempt.number, state));
  if (!shown) throw refuse("payment_gateway_unavailable");
  if (!state.redirectUrl) throw refuse("payment_already_paid");
  return { payment: paymentView(shown, ctx.clock.now()), redirectUrl: state.redirectUrl };
};

/** Keeps a page that was opened; null when it was given up meanwhile, so that its buyer is not sent there. */
const keepPage = async (
  tx: Tx,
  paymentId: Id<"payment">,
  number: number,
  state: { ref: string; redirectUrl: string | null },
): Promise<PaymentRow | null> => {
  const payment = await lockPayment(tx, paymentId);
  assert(payment, `${paymentId} is still there`);
  const attempt = (await attemptRows(tx, paymentId)).find((row) => row.number === number);
  if (attempt?.status === "opening") {
    await changeAttempt(tx, paymentId, number, {
      status: "open",
      ref: state.ref,
      redirect_url: state.redirectUrl,
    });
  }
  if (attempt?.status === "closed") {
    if (attempt.ref === null)
      await changeAttempt(tx, paymentId, number, {
        ref: state.ref,
        look_again_at: nextLook(tx.at, tx.at),
      });
    return null;
  }
  // Cancelled while the gateway was asked: nobody may pay on the page that came of it.
  if (!isUnpaid(payment.status)) await enqueue(tx, closePages, { paymentId: payment.id });
  return payment;
};
