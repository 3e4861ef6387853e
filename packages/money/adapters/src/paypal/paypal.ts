import type { Gateway } from "../gateway.ts";
import { chargeFor, type PaypalSettings, paypalClient } from "./calls.ts";
import * as checkouts from "./checkouts.ts";
import { movements } from "./movements.ts";
import * as payouts from "./payouts.ts";
import * as refunds from "./refunds.ts";
import { verifyWebhook } from "./webhooks.ts";

export type { PaypalSettings } from "./calls.ts";

/** PayPal: Orders v2, captures and refunds, Payouts, webhooks by certificate. */
export const paypalGateway = (settings: PaypalSettings): Gateway => {
  const client = paypalClient(settings);
  return {
    name: "paypal",
    midnight_ms: 0,
    movements: (from, to) => movements(client, from, to),
    listsDisputeFees: true,
    chargeFor,
    createCheckout: (order) => checkouts.createCheckout(client, order),
    retrieveCheckout: (ref) => checkouts.retrieveCheckout(client, ref),
    expireCheckout: (ref) => checkouts.expireCheckout(client, ref),
    paymentOfCharge: (chargeRef) => checkouts.paymentOfCharge(client, chargeRef),
    refund: (order) => refunds.refund(client, order),
    retrieveRefund: (ref) => refunds.retrieveRefund(client, ref),
    openRecipient: payouts.openRecipient,
    payout: (order) => payouts.payout(client, order),
    retrievePayout: (ref) => payouts.retrievePayout(client, ref),
    // Money that did not arrive comes back to the platform's balance by itself.
    recallPayout: async () => {},
    verifyWebhook: (webhook, at) => verifyWebhook(settings, webhook, at),
  };
};
