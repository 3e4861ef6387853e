export { aBid, anAuction, databaseNow, endNow, marketJobs, payOrder } from "@evx/auctions/testing";
export { aListing, aSeller, givenBatch, type Origin } from "@evx/listings/testing";
export { aBuyer, anOrder } from "@evx/orders/testing";
