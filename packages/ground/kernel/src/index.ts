export * from "./clock.ts";
export * from "./grams.ts";
export * from "./ids.ts";
export * from "./money.ts";
export * from "./refusal.ts";
export * from "./schema.ts";
