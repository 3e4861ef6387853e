export { bookGatewayFee, type ChargeHere, capturedHere, chargesHere } from "./compared.ts";
export {
  type BankAccount,
  type CheckoutState,
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type GatewayName,
  gatewayNames,
  type Movement,
  type PayoutState,
} from "./gateways/gateway.ts";
export { type PaypalSettings, paypalGateway } from "./gateways/paypal/paypal.ts";
export { type StripeOptions, stripeGateway } from "./gateways/stripe/stripe.ts";
export { type VnpaySettings, vnpayGateway } from "./gateways/vnpay/vnpay.ts";
export type { PaymentStanding, PaymentStatus } from "./lifecycle.ts";
export {
  cancelPayment,
  currencyOf,
  openPayment,
  type PaymentView,
  paymentOfOrder,
  saleOf,
  settledSince,
  standingOfPayment,
  wentBackAfterSale,
} from "./payments.ts";
export { QUIET_MS } from "./policy.ts";
export { chosenGateway, gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
export { type RefundReason, refundPayment } from "./refunds.ts";
export { receiveWebhook, type WebhookAnswer } from "./webhooks.ts";
