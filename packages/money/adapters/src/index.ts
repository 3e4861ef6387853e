export {
  type BankAccount,
  type Charge,
  type CheckoutOrder,
  type CheckoutState,
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type GatewayName,
  gatewayNames,
  type Movement,
  type Notice,
  type PayoutOrder,
  type PayoutState,
  type RawWebhook,
  type Recipient,
  type RefundOrder,
  type RefundState,
  type Subject,
  type Verdict,
} from "./gateway.ts";
export { type PaypalSettings, paypalGateway } from "./paypal/paypal.ts";
export { type StripeOptions, stripeGateway } from "./stripe/stripe.ts";
export { type VnpaySettings, vnpayGateway } from "./vnpay/vnpay.ts";
