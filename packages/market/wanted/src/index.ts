export { bestBid, orderBook } from "./book.ts";
export { fillWanted } from "./selling.ts";
export { cancelWanted, placeWanted, wantedDetail } from "./wanted.ts";
