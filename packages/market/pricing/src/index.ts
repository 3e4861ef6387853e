export { type HintInput, priceHint } from "./hints.ts";
export type { PricingPorts } from "./ports.ts";
export { latestTrades, volumeSince } from "./queries/trades.ts";
export { rebuildTrades } from "./trades.ts";
export { marketDepth, marketTrends } from "./trends.ts";
