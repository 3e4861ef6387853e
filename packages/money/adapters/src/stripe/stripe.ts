import Stripe from "stripe";
import type { Gateway } from "../gateway.ts";
import * as checkouts from "./checkouts.ts";
import { chargeable } from "./limits.ts";
import { movements } from "./movements.ts";
import * as payouts from "./payouts.ts";
import * as refunds from "./refunds.ts";
import { verifyWebhook } from "./webhooks.ts";

export type StripeOptions = {
  readonly secretKey: string;
  /** All secrets whose signatures are accepted: of the account's and the recipients' endpoint, old and new. */
  readonly webhookSecrets: readonly string[];
  /** "https://api.stripe.com" unless an emulator stands in. */
  readonly apiBase?: string;
  readonly timeout_ms?: number;
  readonly retries?: number;
};

/** Stripe: hosted Checkout for payments, Connect recipients for withdrawals, through the official SDK. */
export const stripeGateway = (options: StripeOptions): Gateway => {
  const base = new URL(options.apiBase ?? "https://api.stripe.com");
  const protocol = base.protocol === "http:" ? "http" : "https";
  const stripe = new Stripe(options.secretKey, {
    host: base.hostname,
    port: base.port || (protocol === "http" ? 80 : 443),
    protocol,
    timeout: options.timeout_ms ?? 10_000,
    maxNetworkRetries: options.retries ?? 2,
    telemetry: false,
  });
  return {
    name: "stripe",
    midnight_ms: 0,
    movements: (from, to) => movements(stripe, from, to),
    chargeFor: (amount, currency) => (chargeable(amount, currency) ? { amount, currency } : null),
    createCheckout: (order) => checkouts.createCheckout(stripe, order),
    retrieveCheckout: (ref) => checkouts.retrieveCheckout(stripe, ref),
    expireCheckout: (ref) => checkouts.expireCheckout(stripe, ref),
    paymentOfCharge: (chargeRef) => checkouts.paymentOfCharge(stripe, chargeRef),
    answerDispute: (chargeRef, evidence) => checkouts.answerDispute(stripe, chargeRef, evidence),
    refund: (order) => refunds.refund(stripe, order),
    retrieveRefund: (ref) => refunds.retrieveRefund(stripe, ref),
    openRecipient: (recipient) => payouts.openRecipient(stripe, recipient),
    payout: (order) => payouts.payout(stripe, order),
    retrievePayout: (ref) => payouts.retrievePayout(stripe, ref),
    recallPayout: (ref) => payouts.recallPayout(stripe, ref),
    verifyWebhook: ({ rawBody, headers }, at) =>
      verifyWebhook(stripe, options.webhookSecrets, rawBody, headers, at),
  };
};
