export { netInHand, shareCvaFee } from "./fees.ts";
export {
  cancelOrder,
  expireOrder,
  mayOrderMore,
  type NewOrder,
  orderDetail,
  orderFor,
  ordersOf,
  placeOrder,
} from "./orders.ts";
export { feesOf, orderLimits, saleFees } from "./policy.ts";
export type { WonOrderPorts } from "./ports.ts";
export { completedOfSales, completedOrderRows, completedWithin } from "./queries/completed.ts";
export {
  auctionOrderRows,
  type CompletedOrder,
  completedOrders,
  demandRow,
  type OrderRow,
  orderRow,
  settleOrder,
  unpaidOrders,
  wonOrderIds,
} from "./queries/orders.ts";
export { postponeUnpaid } from "./queries/sweeps.ts";
export { makeQuote, quotableGrams } from "./quotes.ts";
export { reserve } from "./reservations.ts";
export { clearSelfDealing, selfDealtIds } from "./self-dealing.ts";
export { settleFromBalance, settlePaid, takePayment } from "./settlement.ts";
export { placeSweep } from "./sweeps.ts";
