export { auctionPorts, wonOrderPorts } from "./auction-ports.ts";
export { bidLog, proveAuction, wholeBidLog } from "./bid-log.ts";
export { bidOn, bidsOf, placeBid } from "./bids.ts";
export { commitment, genesisOf, linkOf, type Proof, replay } from "./chain.ts";
export { closeAuction } from "./closing.ts";
export { extendAuctions } from "./extensions.ts";
export { auctionRules } from "./policy.ts";
export { runningAuctions, wantedRow } from "./queries/auctions.ts";
