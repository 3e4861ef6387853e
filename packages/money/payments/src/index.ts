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
export { webhookBacklog } from "./queries/backlog.ts";
export { sharedPayers } from "./queries/payments.ts";
export { type RefundReason, refundPayment } from "./refunds.ts";
export { receiveWebhook, type WebhookAnswer } from "./webhooks.ts";
