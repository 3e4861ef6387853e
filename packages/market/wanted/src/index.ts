export { autoSaleOf } from "./auto-sale.ts";
export { bestBid, orderBook } from "./book.ts";
export { standingWanted } from "./queries/wanted.ts";
export { fillWanted } from "./selling.ts";
export { cancelWanted, placeWanted, wantedDetail } from "./wanted.ts";
