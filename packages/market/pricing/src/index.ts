export { type HintInput, priceHint } from "./hints.ts";
export { rebuildTrades } from "./trades.ts";
export { marketDepth, marketTrends } from "./trends.ts";
