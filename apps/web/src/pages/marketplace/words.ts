import type { Answer, api } from "../../lib/api.ts";

export type Row = Answer<typeof api.marketplace.listings.search>["items"][number];
export type Detail = Answer<typeof api.marketplace.listings.byId>;
export type AuctionState = NonNullable<Detail["auction"]>;

export const sorts = ["newest", "price", "-price", "ending"] as const;

/** Methods that have a name in the dictionary; any other is shown by its code. */
export const isNamedMethod = (code: string): code is "flat-v1" | "metered-v1" =>
  code === "flat-v1" || code === "metered-v1";

export const isNamedQuality = (tier: string): tier is "connected" | "export" | "manual" =>
  tier === "connected" || tier === "export" || tier === "manual";
