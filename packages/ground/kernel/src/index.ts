export * from "./bounded.ts";
export * from "./clock.ts";
export * from "./fresh.ts";
export * from "./gate.ts";
export * from "./geo.ts";
export * from "./grams.ts";
export * from "./hash.ts";
export * from "./ids.ts";
export * from "./links.ts";
export * from "./local-times.ts";
export * from "./log-about.ts";
export * from "./money.ts";
export * from "./network.ts";
export {
  afterCursor,
  afterId,
  afterMoment,
  type CursorPart,
  cursorOf,
  keyOfCursor,
  type MomentKey,
  momentKey,
  type Page,
  type PageInput,
  page,
  pageEntries,
  pageFrom,
  pageOf,
} from "./pages.ts";
export * from "./refusal.ts";
export * from "./retirement.ts";
export * from "./schema.ts";
export * from "./time.ts";
export * from "./zones.ts";
