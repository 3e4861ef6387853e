import type { Currency, Minor } from "@evx/kernel";
import Stripe from "stripe";
import {
  type CheckoutOrder,
  type CheckoutState,
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type GatewayFaultKind,
  type Notice,
  type PayoutOrder,
  type PayoutState,
  type Recipient,
  type RefundOrder,
  type RefundState,
  type Subject,
} from "./gateway.ts";

export type StripeOptions = {
  readonly secretKey: string;
  /** All secrets whose signatures are accepted: of the account's and the recipients' endpoint, old and new. */
  readonly webhookSecrets: readonly string[];
  /** "https://api.stripe.com" unless an emulator stands in. */
  readonly apiBase?: string;
  readonly timeout_ms?: number;
  readonly retries?: number;
};

/** Stripe's own tolerance for signatures that arrive late. */
const LATE_S = 300;
/** Clocks differ a little; a signature from further ahead was not made by Stripe now. */
const EARLY_S = 60;

/** Codes with which Stripe says that our balance there is too low for now. */
const SHORT = new Set(["balance_insufficient", "insufficient_funds"]);

const kindOf = (error: Stripe.errors.StripeError): GatewayFaultKind => {
  if (SHORT.has(error.code ?? "")) return "short_of_funds";
  if (error instanceof Stripe.errors.StripeConnectionError) return "unavailable";
  if (error instanceof Stripe.errors.StripeRateLimitError) return "unavailable";
  if (error instanceof Stripe.errors.StripeAPIError) return "unavailable";
  if (error instanceof Stripe.errors.StripeAuthenticationError) return "misconfigured";
  if (error instanceof Stripe.errors.StripePermissionError) return "misconfigured";
  if (error instanceof Stripe.errors.StripeIdempotencyError) return "key_reused";
  if (error.statusCode === 409 || (error.statusCode ?? 0) >= 500) return "unavailable";
  return "refused";
};

/** Runs one call and gives its failure a kind. The SDK's error stays as the cause: it holds no secret. */
const asked = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    throw new GatewayFault("stripe", kindOf(error), error.code ?? error.type, { cause: error });
  }
};

const isFault = (error: unknown, ...codes: string[]): boolean =>
  error instanceof GatewayFault && codes.includes(error.code);

/** Stripe counts in the same minor units as we do: VND and JPY have none there either. */
const wireAmount = (amount: Minor): number => {
  if (amount <= 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new GatewayFault("stripe", "refused", "amount_out_of_range");
  }
  return Number(amount);
};

const wireCurrency = (currency: Currency): string => currency.toLowerCase();

const idIn = (value: string | { id: string } | null | undefined): string | null =>
  typeof value === "string" ? value : (value?.id ?? null);

const refundState = (refund: Stripe.Refund): RefundState => ({
  ref: refund.id,
  status:
    refund.status === "succeeded"
      ? "succeeded"
      : refund.status === "failed" || refund.status === "canceled"
        ? "failed"
        : "pending",
  failure: refund.failure_reason ?? null,
});

/** A payout's three names at Stripe in one text: account / transfer / payout. */
const payoutRef = (account: string, transfer: string, payout: string) => `${account}/${transfer}/${payout}`;

const namesIn = (ref: string): { account: string; transfer: string; payout: string } => {
  const [account = "", transfer = "", payout = ""] = ref.split("/");
  return { account, transfer, payout };
};

const payoutState = (ref: string, payout: Stripe.Payout): PayoutState => ({
  ref,
  status:
    payout.status === "paid"
      ? "paid"
      : payout.status === "failed" || payout.status === "canceled"
        ? "failed"
        : "sent",
  failure: payout.failure_code,
});

/** What an event is about, read from the metadata that we gave our objects. */
export const subjectOf = (event: Stripe.Event): Subject => {
  const thing = event.data.object as {
    object?: string;
    metadata?: Record<string, string> | null;
    payment_intent?: string | { id: string } | null;
    id?: string;
  };
  const named = thing.metadata ?? {};
  switch (thing.object) {
    case "checkout.session":
    case "charge":
    case "dispute":
      return { kind: "payment", paymentId: named.payment_id ?? null, chargeRef: idIn(thing.payment_intent) };
    case "payment_intent":
      return { kind: "payment", paymentId: named.payment_id ?? null, chargeRef: thing.id ?? null };
    case "refund":
      return named.refund_id ? { kind: "refund", refundId: named.refund_id } : { kind: "other" };
    case "payout":
      return named.withdrawal_id
        ? { kind: "withdrawal", withdrawalId: named.withdrawal_id }
        : { kind: "other" };
    default:
      return { kind: "other" };
  }
};

const timestampIn = (header: string): number =>
  Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1] ?? Number.NaN);

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

  const disputeOf = async (intentId: string): Promise<CheckoutState["dispute"]> => {
    const found = await asked(() => stripe.disputes.list({ payment_intent: intentId, limit: 1 }));
    const status = found.data[0]?.status;
    if (status === undefined) return "open";
    if (status === "won" || status === "warning_closed" || status === "prevented") return "won";
    return status === "lost" ? "lost" : "open";
  };

  const checkoutState = async (session: Stripe.Checkout.Session): Promise<CheckoutState> => {
    const intent = typeof session.payment_intent === "object" ? session.payment_intent : null;
    const charge = typeof intent?.latest_charge === "object" ? intent.latest_charge : null;
    const paid = session.payment_status === "paid";
    const failure = intent?.last_payment_error;
    return {
      ref: session.id,
      status: paid ? "paid" : session.status === "open" ? (failure ? "declined" : "open") : "expired",
      redirectUrl: session.url,
      chargeRef: idIn(session.payment_intent),
      paymentId: session.metadata?.payment_id ?? null,
      // What was really received: a page can say one total and the charge another only if it was tampered with.
      amount: BigInt(paid && intent ? intent.amount_received : (session.amount_total ?? 0)),
      currency: (session.currency ?? "").toUpperCase(),
      refunded: BigInt(charge?.amount_refunded ?? 0),
      dispute: charge?.disputed && intent ? await disputeOf(intent.id) : null,
      failure: failure?.decline_code ?? failure?.code ?? null,
    };
  };

  const retrieve = async (ref: string): Promise<CheckoutState> =>
    checkoutState(
      await asked(() => stripe.checkout.sessions.retrieve(ref, { expand: ["payment_intent.latest_charge"] })),
    );

  /** Brings the money of a payout that was never sent back to the platform's balance. */
  const takeBack = async (transferId: string, key: string): Promise<void> => {
    const transfer = await asked(() => stripe.transfers.retrieve(transferId));
    if (transfer.reversed) return;
    await asked(() => stripe.transfers.createReversal(transferId, {}, { idempotencyKey: `${key}.reversal` }));
  };

  return {
    name: "stripe",

    async createCheckout(order: CheckoutOrder): Promise<CheckoutState> {
      const metadata = { payment_id: order.paymentId, order_id: order.orderId };
      const session = await asked(() =>
        stripe.checkout.sessions.create(
          {
            mode: "payment",
            allowed_payment_method_types: ["card"],
            line_items: [
              {
                quantity: 1,
                price_data: {
                  currency: wireCurrency(order.currency),
                  unit_amount: wireAmount(order.amount),
                  product_data: { name: order.description },
                },
              },
            ],
            client_reference_id: order.paymentId,
            expires_at: Math.floor(order.expiresAt.getTime() / 1000),
            locale: order.locale,
            metadata,
            payment_intent_data: { description: order.description, metadata, transfer_group: order.orderId },
            success_url: order.successUrl,
            cancel_url: order.cancelUrl,
          },
          { idempotencyKey: order.key },
        ),
      );
      return checkoutState(session);
    },

    retrieveCheckout: retrieve,

    async expireCheckout(ref: string): Promise<CheckoutState> {
      try {
        await asked(() => stripe.checkout.sessions.expire(ref));
      } catch (error) {
        // It is no longer open: paid in the same moment, or closed already. The state below says which.
        if (!(error instanceof GatewayFault && error.kind === "refused")) throw error;
      }
      return retrieve(ref);
    },

    async paymentOfCharge(chargeRef: string): Promise<string | null> {
      const intent = await asked(() => stripe.paymentIntents.retrieve(chargeRef));
      return intent.metadata.payment_id ?? null;
    },

    async refund(order: RefundOrder): Promise<RefundState> {
      try {
        const refund = await asked(() =>
          stripe.refunds.create(
            {
              payment_intent: order.chargeRef,
              amount: wireAmount(order.amount),
              reason: "requested_by_customer",
              metadata: { refund_id: order.key },
            },
            { idempotencyKey: order.key },
          ),
        );
        return refundState(refund);
      } catch (error) {
        if (!isFault(error, "charge_already_refunded")) throw error;
        // Stripe forgets keys after a day; a refund of ours that it knows under its metadata was this one.
        const known = await asked(() => stripe.refunds.list({ payment_intent: order.chargeRef, limit: 100 }));
        const mine = known.data.find((refund) => refund.metadata?.refund_id === order.key);
        if (!mine) throw error;
        return refundState(mine);
      }
    },

    async retrieveRefund(ref: string): Promise<RefundState> {
      return refundState(await asked(() => stripe.refunds.retrieve(ref)));
    },

    async openRecipient(recipient: Recipient): Promise<string> {
      const account = await asked(() =>
        stripe.accounts.create(
          {
            country: recipient.country,
            default_currency: wireCurrency(recipient.currency),
            business_type: "individual",
            controller: {
              fees: { payer: "application" },
              losses: { payments: "application" },
              requirement_collection: "application",
              stripe_dashboard: { type: "none" },
            },
            capabilities: { transfers: { requested: true } },
            settings: { payouts: { schedule: { interval: "manual" } } },
            tos_acceptance: {
              service_agreement: "recipient",
              date: Math.floor(recipient.acceptedAt.getTime() / 1000),
              ip: recipient.acceptedFrom,
            },
            metadata: { user_id: recipient.userId },
          },
          { idempotencyKey: `${recipient.userId}.recipient` },
        ),
      );
      return account.id;
    },

    async payout(order: PayoutOrder): Promise<PayoutState> {
      const amount = wireAmount(order.amount);
      const currency = wireCurrency(order.currency);
      const recipient = { stripeAccount: order.recipientRef };
      const bank = await asked(() =>
        stripe.accounts.createExternalAccount(
          order.recipientRef,
          {
            external_account: {
              object: "bank_account",
              country: order.bank.country,
              currency,
              account_holder_name: order.bank.holder,
              account_holder_type: "individual",
              account_number: order.bank.number,
              ...(order.bank.bankCode ? { routing_number: order.bank.bankCode } : {}),
            },
          },
          { idempotencyKey: `${order.key}.bank` },
        ),
      );
      const transfer = await asked(() =>
        stripe.transfers.create(
          {
            amount,
            currency,
            destination: order.recipientRef,
            transfer_group: order.key,
            metadata: { withdrawal_id: order.key },
          },
          { idempotencyKey: `${order.key}.transfer` },
        ),
      );
      try {
        const payout = await asked(() =>
          stripe.payouts.create(
            { amount, currency, destination: bank.id, metadata: { withdrawal_id: order.key } },
            { ...recipient, idempotencyKey: order.key },
          ),
        );
        return payoutState(payoutRef(order.recipientRef, transfer.id, payout.id), payout);
      } catch (error) {
        if (!(error instanceof GatewayFault && error.kind === "refused")) throw error;
        await takeBack(transfer.id, order.key);
        return { ref: null, status: "failed", failure: error.code };
      }
    },

    async retrievePayout(ref: string): Promise<PayoutState> {
      const { account, payout } = namesIn(ref);
      return payoutState(
        ref,
        await asked(() => stripe.payouts.retrieve(payout, {}, { stripeAccount: account })),
      );
    },

    async recallPayout(ref: string): Promise<void> {
      const { transfer, payout } = namesIn(ref);
      await takeBack(transfer, payout);
    },

    async verifyWebhook(rawBody: string, headers: Headers, at: Date): Promise<Notice> {
      const header = headers.get("stripe-signature") ?? "";
      const now_s = Math.floor(at.getTime() / 1000);
      // The SDK only looks for lateness; a signature from the future would stay good until its time comes.
      if (!(timestampIn(header) <= now_s + EARLY_S))
        throw new ForgedWebhook("The signature's time is not now.");
      let cause: unknown;
      for (const secret of options.webhookSecrets) {
        try {
          const event = await stripe.webhooks.constructEventAsync(
            rawBody,
            header,
            secret,
            LATE_S,
            undefined,
            at.getTime(),
          );
          return {
            id: event.id,
            type: event.type,
            at: new Date(event.created * 1000),
            subject: subjectOf(event),
          };
        } catch (error) {
          cause = error;
        }
      }
      throw new ForgedWebhook("The signature is not the gateway's.", { cause });
    },
  };
};
