export * from "@evx/auctions/schema";
export * from "@evx/listings/schema";
export * from "@evx/orders/schema";
