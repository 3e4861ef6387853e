export { type Limits, limitsAt } from "./balance.ts";
export {
  type BankAccount,
  type CheckoutState,
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type GatewayName,
  gatewayNames,
} from "./gateways/gateway.ts";
export { type StripeOptions, stripeGateway } from "./gateways/stripe.ts";
export { cancelPayment, openPayment, paymentOfOrder, paymentsOfOrders, settlePayment } from "./payments.ts";
export { type PaymentStatus, withdrawalLimits } from "./policy.ts";
export type { Edge, PaymentsPorts } from "./ports.ts";
export { type RefundReason, refundPayment } from "./refunds.ts";
export { type Vault, vaultOf } from "./vault.ts";
export type { PaymentView, WithdrawalView } from "./views.ts";
export { receiveWebhook, type WebhookAnswer } from "./webhooks.ts";
