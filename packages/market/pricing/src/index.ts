export { priceHint, type Wish } from "./hints.ts";
export { marketTrends } from "./trends.ts";
