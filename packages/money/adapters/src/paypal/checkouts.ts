import type { Minor } from "@evx/kernel";
import * as v from "valibot";
import { type CheckoutOrder, type CheckoutState, GatewayFault } from "../gateway.ts";
import { Money, minorOf, money, type PaypalClient } from "./calls.ts";

const Capture = v.object({
  id: v.string(),
  status: v.string(),
  amount: Money,
  custom_id: v.optional(v.string()),
  status_details: v.optional(v.object({ reason: v.optional(v.string()) })),
});

const Refunded = v.object({ status: v.string(), amount: Money });

const Unit = v.object({
  amount: v.optional(Money),
  custom_id: v.optional(v.string()),
  payments: v.optional(
    v.object({
      captures: v.optional(v.array(Capture), []),
      refunds: v.optional(v.array(Refunded), []),
    }),
  ),
});

const Order = v.object({
  id: v.string(),
  status: v.string(),
  purchase_units: v.optional(v.array(Unit), []),
  payer: v.optional(v.object({ payer_id: v.optional(v.string()) })),
  links: v.optional(v.array(v.object({ rel: v.string(), href: v.string() })), []),
});
type Order = v.InferOutput<typeof Order>;

const Disputes = v.object({
  items: v.optional(v.array(v.object({ dispute_id: v.string() })), []),
});
const Dispute = v.object({
  status: v.string(),
  dispute_amount: v.optional(Money),
  dispute_outcome: v.optional(v.object({ outcome_code: v.optional(v.string()) })),
});

/** Outcomes by which the buyer has the money. */
const LOST = new Set(["RESOLVED_BUYER_FAVOUR", "ACCEPTED"]);

type Disputed = Pick<CheckoutState, "dispute" | "disputed">;

const disputeOf = async (client: PaypalClient, capture: string): Promise<Disputed> => {
  const path = `/v1/customer/disputes?disputed_transaction_id=${encodeURIComponent(capture)}`;
  const { items } = await client.get(path, Disputes);
  const newest = items[0];
  if (!newest) return { dispute: null };
  const told = await client.get(`/v1/customer/disputes/${encodeURIComponent(newest.dispute_id)}`, Dispute);
  const lost = LOST.has(told.dispute_outcome?.outcome_code ?? "");
  const dispute = told.status !== "RESOLVED" ? "open" : lost ? "lost" : "won";
  return told.dispute_amount ? { dispute, disputed: minorOf(told.dispute_amount) } : { dispute };
};

/** What went back: cancelled and failed ones did not. */
const refundedIn = (refunds: readonly v.InferOutput<typeof Refunded>[]): Minor =>
  refunds
    .filter(({ status }) => status === "COMPLETED" || status === "PENDING")
    .reduce((sum, { amount }) => sum + minorOf(amount), 0n);

const statusOf = (order: Order, capture: string | undefined): CheckoutState["status"] => {
  if (capture === "COMPLETED" || capture === "PARTIALLY_REFUNDED" || capture === "REFUNDED") return "paid";
  if (capture === "PENDING") return "pending";
  // An order is spent by its capture, whatever became of that; and one that is void or done has no way to be paid.
  if (capture !== undefined || order.status === "VOIDED" || order.status === "COMPLETED") return "expired";
  return "open";
};

const stateOf = (order: Order, dispute: CheckoutState["dispute"]): CheckoutState => {
  const unit = order.purchase_units[0];
  const captures = unit?.payments?.captures ?? [];
  const capture =
    captures.find(({ status }) => status !== "DECLINED" && status !== "FAILED") ?? captures.at(-1);
  const amount = capture?.amount ?? unit?.amount ?? { currency_code: "", value: "0" };
  const status = statusOf(order, capture?.status);
  const link = order.links.find(({ rel }) => rel === "payer-action" || rel === "approve");
  return {
    ref: order.id,
    status,
    redirectUrl: status === "open" ? (link?.href ?? null) : null,
    chargeRef: capture?.id ?? null,
    paymentId: unit?.custom_id ?? capture?.custom_id ?? null,
    amount: minorOf(amount),
    currency: amount.currency_code,
    refunded: refundedIn(unit?.payments?.refunds ?? []),
    dispute,
    failure: status === "expired" && capture ? `capture_${capture.status.toLowerCase()}` : null,
    payer: order.payer?.payer_id,
  };
};

const orderPath = (ref: string) => `/v2/checkout/orders/${encodeURIComponent(ref)}`;

const lookAt = async (client: PaypalClient, order: Order): Promise<CheckoutState> => {
  const state = stateOf(order, null);
  if (state.status !== "paid" || state.chargeRef === null) return state;
  return { ...state, ...(await disputeOf(client, state.chargeRef)) };
};

const look = async (client: PaypalClient, ref: string): Promise<CheckoutState> => {
  try {
    return await lookAt(client, await client.get(orderPath(ref), Order));
  } catch (error) {
    // PayPal forgets orders that nobody paid.
    if (
      !(
        error instanceof GatewayFault &&
        (error.code === "RESOURCE_NOT_FOUND" || error.code === "INVALID_RESOURCE_ID")
      )
    )
      throw error;
    return { ...nothing, ref };
  }
};

const nothing: Omit<CheckoutState, "ref"> = {
  status: "expired",
  redirectUrl: null,
  chargeRef: null,
  paymentId: null,
  amount: 0n,
  currency: "",
  refunded: 0n,
  dispute: null,
  failure: null,
};

/** Opens an order for the buyer to approve. `invoice_id` is the page's: PayPal refuses to take one invoice twice. */
export const createCheckout = async (client: PaypalClient, order: CheckoutOrder): Promise<CheckoutState> => {
  const body = {
    intent: "CAPTURE",
    purchase_units: [
      {
        reference_id: "default",
        custom_id: order.paymentId,
        invoice_id: order.key,
        description: order.description.slice(0, 127),
        amount: money(order.amount, order.currency),
      },
    ],
    payment_source: {
      paypal: {
        experience_context: {
          locale: order.locale === "vi" ? "vi-VN" : "en-US",
          shipping_preference: "NO_SHIPPING",
          user_action: "PAY_NOW",
          return_url: order.successUrl,
          cancel_url: order.cancelUrl,
        },
      },
    },
  };
  return stateOf(await client.post("/v2/checkout/orders", order.key, body, Order), null);
};

/**
 * How an order stands. One that its buyer approved is captured here: nobody else does it. An error of the capture does
 * not mean that nothing was taken, and two at once get one no: so the order is asked again, whatever came.
 */
export const retrieveCheckout = async (client: PaypalClient, ref: string): Promise<CheckoutState> => {
  const order = await client.get(orderPath(ref), Order).catch((error: unknown) => {
    if (error instanceof GatewayFault && error.code === "RESOURCE_NOT_FOUND") return null;
    throw error;
  });
  if (order?.status !== "APPROVED") return order ? lookAt(client, order) : look(client, ref);
  try {
    return await lookAt(client, await client.post(`${orderPath(ref)}/capture`, `${ref}.capture`, {}, Order));
  } catch (error) {
    if (!(error instanceof GatewayFault)) throw error;
    const state = await look(client, ref);
    if (state.status !== "open") return state;
    if (error.kind !== "refused") throw error;
    // The buyer's means were refused: they may choose another on the same page.
    return { ...state, status: "declined", failure: error.code.toLowerCase() };
  }
};

/** An order that we do not capture takes no money, so that it is closed by leaving it: what was captured stays so. */
export const expireCheckout = async (client: PaypalClient, ref: string): Promise<CheckoutState> => {
  const state = await look(client, ref);
  return state.status === "open" ? { ...state, status: "expired", redirectUrl: null } : state;
};

/** The payment that a capture belongs to. */
export const paymentOfCharge = async (client: PaypalClient, chargeRef: string): Promise<string | null> => {
  const capture = await client.get(`/v2/payments/captures/${encodeURIComponent(chargeRef)}`, Capture);
  return capture.custom_id ?? null;
};
