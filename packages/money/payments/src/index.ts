export {
  type BankAccount,
  type CheckoutState,
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type GatewayName,
  gatewayNames,
  type PayoutState,
} from "./gateways/gateway.ts";
export { type PaypalSettings, paypalGateway } from "./gateways/paypal/paypal.ts";
export { type StripeOptions, stripeGateway } from "./gateways/stripe/stripe.ts";
export { type VnpaySettings, vnpayGateway } from "./gateways/vnpay/vnpay.ts";
export {
  cancelPayment,
  currencyOf,
  openPayment,
  type PaymentStanding,
  type PaymentView,
  paymentOfOrder,
  saleOf,
  settledSince,
  standingOfPayment,
  wentBackAfterSale,
} from "./payments.ts";
export { type PaymentStatus, QUIET_MS } from "./policy.ts";
export { chosenGateway, gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
export { sharedPayers } from "./queries/payments.ts";
export { type RefundReason, refundPayment } from "./refunds.ts";
export { receiveWebhook, type WebhookAnswer } from "./webhooks.ts";
