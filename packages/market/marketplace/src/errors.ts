export { refuse as refuseAuction } from "@evx/auctions/errors";
export { refuse as refuseListing } from "@evx/listings/errors";
export { refuse as refuseOrder } from "@evx/orders/errors";
