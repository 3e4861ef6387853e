import type { Db, Tx } from "@evx/db";
import { type Currency, type Id, newId } from "@evx/kernel";
import { applyCheckout } from "./captures.ts";
import {
  type CheckoutOrder,
  type CheckoutState,
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type Notice,
  type PayoutState,
  type RefundState,
} from "./gateways/gateway.ts";
import { openPayment } from "./payments.ts";
import { pageExpiry } from "./policy.ts";
import type { PaymentsPorts } from "./ports.ts";
import {
  attemptRows,
  changeAttempt,
  changePayment,
  insertAttempt,
  type NewPayment,
  paymentRow,
} from "./queries/payments.ts";
import { vaultOf } from "./vault.ts";

type World = { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

/** A payment in the database, as the marketplace opens it for an order. */
export const aPayment = async (world: World, wish: Partial<NewPayment> = {}): Promise<NewPayment> =>
  world.transact(async (tx) => {
    const payment: NewPayment = {
      id: newId("payment"),
      orderId: newId("order"),
      buyerId: newId("user"),
      sellerId: newId("user"),
      amount_minor: 1234n,
      currency: "USD" satisfies Currency,
      description: "0.100000 credits",
      expiresAt: new Date(tx.at.getTime() + 30 * 60_000),
      ...wish,
    };
    await openPayment(tx, payment);
    return payment;
  });

/**
 * Makes a payment captured exactly as a webhook's job does: the money is in the order's escrow and
 * `paymentCaptured` waits in the outbox. For rooms that need a paid order and no gateway.
 */
export const capturePayment = async (world: World, paymentId: Id<"payment">): Promise<void> => {
  const payment = await paymentRow(world.db, paymentId);
  if (!payment) throw new Error(`No payment ${paymentId}`);
  await world.transact(async (tx) => {
    const number = ((await attemptRows(tx, paymentId)).at(-1)?.number ?? 0) + 1;
    const ref = `cs_fake_${paymentId}_${number}`;
    await insertAttempt(tx, {
      paymentId,
      number,
      gateway: "stripe",
      locale: "en",
      expiresAt: pageExpiry(payment.expires_at, tx.at),
    });
    await changePayment(tx, paymentId, { method: "stripe" });
    await changeAttempt(tx, paymentId, number, { status: "open", ref });
    await applyCheckout(tx, paymentId, number, {
      ref,
      status: "paid",
      redirectUrl: null,
      chargeRef: `pi_fake_${paymentId}_${number}`,
      paymentId,
      amount: payment.amount_minor,
      currency: payment.currency,
      refunded: 0n,
      dispute: null,
      failure: null,
    });
  });
};

type Silent = { calls: number; after: boolean };

/**
 * A gateway in memory that keeps its promises (keys, states) and can be told to misbehave: to be silent before or
 * after it did its work, to decline, to pay another amount, to dispute. What the wire does is tested elsewhere.
 */
export const fakeGateway = () => {
  const pages = new Map<string, CheckoutState>();
  const keys = new Map<string, string>();
  const refunds = new Map<string, RefundState>();
  const payouts = new Map<string, PayoutState & { amount: bigint }>();
  const recalled = new Set<string>();
  const calls: string[] = [];
  let silent: Silent = { calls: 0, after: false };
  let payoutFate: PayoutState["status"] = "sent";
  let refundFate: RefundState["status"] = "succeeded";

  /** Does one call; where silence was asked for, the caller hears nothing of what was done or not done. */
  const answering = async <T>(name: string, work: () => T): Promise<T> => {
    calls.push(name);
    // A real call takes turns with other work; so must this one, or races would never be seen.
    await Bun.sleep(1);
    if (silent.calls === 0) return work();
    silent = { ...silent, calls: silent.calls - 1 };
    if (silent.after) work();
    throw new GatewayFault("stripe", "unavailable", "silence");
  };

  const page = (ref: string): CheckoutState => {
    const state = pages.get(ref);
    if (!state) throw new GatewayFault("stripe", "refused", "resource_missing");
    return state;
  };
  const change = (ref: string, more: Partial<CheckoutState>) => {
    pages.set(ref, { ...page(ref), ...more });
  };
  /** The newest page of a payment. */
  const refOf = (paymentId: string): string => {
    const refs = [...pages.values()]
      .filter((state) => state.paymentId === paymentId)
      .map((state) => state.ref);
    const ref = refs.at(-1);
    if (!ref) throw new Error(`No page was opened for ${paymentId}`);
    return ref;
  };

  const gateway: Gateway = {
    name: "stripe",
    createCheckout: (order: CheckoutOrder) =>
      answering("createCheckout", () => {
        const content = JSON.stringify({ ...order, amount: order.amount.toString() });
        const known = keys.get(order.key);
        if (known && known !== content) throw new GatewayFault("stripe", "key_reused", "idempotency_error");
        keys.set(order.key, content);
        const ref = `cs_${order.key}`;
        if (!known) {
          pages.set(ref, {
            ref,
            status: "open",
            redirectUrl: `http://gateway/${ref}`,
            chargeRef: null,
            paymentId: order.paymentId,
            amount: order.amount,
            currency: order.currency,
            refunded: 0n,
            dispute: null,
            failure: null,
          });
        }
        return page(ref);
      }),
    retrieveCheckout: (ref) => answering("retrieveCheckout", () => page(ref)),
    expireCheckout: (ref) =>
      answering("expireCheckout", () => {
        if (page(ref).status !== "paid") change(ref, { status: "expired", redirectUrl: null });
        return page(ref);
      }),
    paymentOfCharge: (chargeRef) =>
      answering(
        "paymentOfCharge",
        () => [...pages.values()].find((state) => state.chargeRef === chargeRef)?.paymentId ?? null,
      ),
    refund: (order) =>
      answering("refund", () => {
        const known = refunds.get(order.key);
        if (known) return known;
        const state = { ref: `re_${order.key}`, status: refundFate, failure: null };
        refunds.set(order.key, state);
        const paid = [...pages.values()].find(({ chargeRef }) => chargeRef === order.chargeRef);
        if (paid) change(paid.ref, { refunded: paid.refunded + order.amount });
        return state;
      }),
    retrieveRefund: (ref) =>
      answering("retrieveRefund", () => {
        const state = refunds.get(ref.slice("re_".length));
        if (!state) throw new GatewayFault("stripe", "refused", "resource_missing");
        return state;
      }),
    openRecipient: ({ userId }) => answering("openRecipient", () => `acct_${userId}`),
    payout: (order) =>
      answering("payout", () => {
        const ref = `po_${order.key}`;
        const known = payouts.get(ref);
        if (known) return known;
        const state = { ref, status: payoutFate, failure: payoutFate === "failed" ? "no_account" : null };
        payouts.set(ref, { ...state, amount: order.amount });
        return state;
      }),
    retrievePayout: (ref) =>
      answering("retrievePayout", () => {
        const state = payouts.get(ref);
        if (!state) throw new GatewayFault("stripe", "refused", "resource_missing");
        return state;
      }),
    recallPayout: (ref) =>
      answering("recallPayout", () => {
        recalled.add(ref);
      }),
    async verifyWebhook(rawBody, headers): Promise<Notice> {
      if (headers.get("x-signature") !== "good")
        throw new ForgedWebhook("The signature is not the gateway's.");
      const notice = JSON.parse(rawBody) as Omit<Notice, "at"> & { at: string };
      return { ...notice, at: new Date(notice.at) };
    },
  };

  return {
    gateway,
    calls,
    payouts,
    recalled,
    refunds,
    pageCount: () => pages.size,
    /** The buyer pays on the payment's newest page, or on the one named. */
    pay: (paymentId: string, more: Partial<CheckoutState> = {}, ref = refOf(paymentId)) =>
      change(ref, { status: "paid", redirectUrl: null, chargeRef: `pi_${ref}`, failure: null, ...more }),
    decline: (paymentId: string, failure = "generic_decline") =>
      change(refOf(paymentId), { status: "declined", failure }),
    change: (paymentId: string, more: Partial<CheckoutState>) => change(refOf(paymentId), more),
    /** The next calls fail, before they do their work or after it. */
    beSilent: (count: number, when: "before" | "after") => {
      silent = { calls: count, after: when === "after" };
    },
    payoutsWill: (status: PayoutState["status"]) => {
      payoutFate = status;
    },
    refundsWill: (status: RefundState["status"]) => {
      refundFate = status;
    },
    settleRefund: (refundId: string, status: RefundState["status"], failure: string | null = null) =>
      refunds.set(refundId, { ref: `re_${refundId}`, status, failure }),
    settlePayout: (withdrawalId: string, status: PayoutState["status"], failure: string | null = null) => {
      const ref = `po_${withdrawalId}`;
      const known = payouts.get(ref);
      if (!known) throw new Error(`No payout ${ref}`);
      payouts.set(ref, { ...known, status, failure });
    },
    /** A webhook as this gateway sends it, about a payment unless told otherwise. */
    webhook: (subject: Notice["subject"], id = newId("event") as string) => ({
      gateway: "stripe" as const,
      rawBody: JSON.stringify({ id, type: "test", at: "2026-03-01T00:00:00Z", subject }),
      headers: new Headers({ "x-signature": "good" }),
    }),
  };
};

/** Ports for tests, with a fake gateway unless others are given. */
export const testPorts = (more: Partial<PaymentsPorts> = {}): PaymentsPorts => ({
  gateways: { stripe: fakeGateway().gateway },
  payoutGateway: "stripe",
  vault: vaultOf("a secret of the tests, long enough"),
  webUrl: "http://web",
  homeCountry: "VN",
  holdDays: 0,
  requireKyc: false,
  requireVerifiedEmail: false,
  ...more,
});
