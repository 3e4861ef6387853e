export * from "@evx/auctions/events";
export * from "@evx/listings/events";
export * from "@evx/orders/events";
