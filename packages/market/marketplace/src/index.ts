/** The former name of three rooms, for those who still use it. */

export * from "@evx/auctions";
export type { TradeSettings as MarketplacePorts } from "@evx/listings";
export * from "@evx/listings";
export * from "@evx/orders";
