import type Stripe from "stripe";
import { type CheckoutOrder, type CheckoutState, GatewayFault } from "../gateway.ts";
import { asked, idIn, wireAmount, wireCurrency } from "./calls.ts";

type Disputed = Pick<CheckoutState, "dispute" | "disputed" | "disputeFee">;

const outcomeOf = (status: string | undefined): CheckoutState["dispute"] => {
  if (status === "won" || status === "warning_closed" || status === "prevented") return "won";
  return status === "lost" ? "lost" : "open";
};

/** How a charge's newest dispute stands, and what Stripe took for it: fees are kept when it is won, too. */
const disputeOf = async (stripe: Stripe, intentId: string): Promise<Disputed> => {
  const found = await asked(() => stripe.disputes.list({ payment_intent: intentId, limit: 1 }));
  const newest = found.data[0];
  const moves = newest?.balance_transactions ?? [];
  const sameCurrency = moves.filter(({ currency }) => currency === newest?.currency);
  const fee = sameCurrency.reduce((sum, move) => sum + move.fee, 0);
  return {
    dispute: outcomeOf(newest?.status),
    ...(newest ? { disputed: BigInt(newest.amount) } : {}),
    disputeFee: BigInt(Math.max(fee, 0)),
  };
};

const checkoutState = async (stripe: Stripe, session: Stripe.Checkout.Session): Promise<CheckoutState> => {
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
    ...(charge?.disputed && intent ? await disputeOf(stripe, intent.id) : { dispute: null }),
    failure: failure?.decline_code ?? failure?.code ?? null,
    ...(session.status === "expired" ? { final: true } : {}),
    // The cards of a test account are everybody's.
    payer: charge?.livemode ? (charge.payment_method_details?.card?.fingerprint ?? undefined) : undefined,
  };
};

/** How a page stands, its charge and disputes with it. */
export const retrieveCheckout = async (stripe: Stripe, ref: string): Promise<CheckoutState> =>
  checkoutState(
    stripe,
    await asked(() => stripe.checkout.sessions.retrieve(ref, { expand: ["payment_intent.latest_charge"] })),
  );

/** Opens a hosted page for one card payment. */
export const createCheckout = async (stripe: Stripe, order: CheckoutOrder): Promise<CheckoutState> => {
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
  return checkoutState(stripe, session);
};

/** Closes an open page; answers the state that holds afterwards, which may be `paid`. */
export const expireCheckout = async (stripe: Stripe, ref: string): Promise<CheckoutState> => {
  try {
    await asked(() => stripe.checkout.sessions.expire(ref));
  } catch (error) {
    // It is no longer open: paid in the same moment, or closed already. The state below says which.
    if (!(error instanceof GatewayFault && error.kind === "refused")) throw error;
  }
  return retrieveCheckout(stripe, ref);
};

/** Hands in what speaks for the charge. */
export const answerDispute = async (stripe: Stripe, intentId: string, evidence: string): Promise<void> => {
  const found = await asked(() => stripe.disputes.list({ payment_intent: intentId, limit: 1 }));
  const id = found.data[0]?.id;
  if (!id) throw new GatewayFault("stripe", "refused", "no_dispute");
  await asked(() => stripe.disputes.update(id, { evidence: { uncategorized_text: evidence }, submit: true }));
};

/** The payment that a charge belongs to. */
export const paymentOfCharge = async (stripe: Stripe, chargeRef: string): Promise<string | null> => {
  const intent = await asked(() => stripe.paymentIntents.retrieve(chargeRef));
  return intent.metadata.payment_id ?? null;
};
