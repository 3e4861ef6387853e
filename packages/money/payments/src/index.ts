export { payFromBalance } from "./balance.ts";
export { bookGatewayFee, type ChargeHere, capturedHere, chargesHere } from "./compared.ts";
export { bookDisputeFee } from "./disputes.ts";
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
export { webhookBacklog } from "./queries/backlog.ts";
export { disputedRows } from "./queries/disputed.ts";
export { type RefundReason, refundPayment } from "./refunds.ts";
export { receiveWebhook, type WebhookAnswer } from "./webhooks.ts";
