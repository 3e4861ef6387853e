import { isCurrency, minorFromText, priceOf, textFromMinor } from "@evx/kernel";
import type { Answer, api } from "../../lib/api.ts";
import { gramsOf } from "../../lib/format.ts";

export type Row = Answer<typeof api.marketplace.listings.search>["items"][number];
export type Detail = Answer<typeof api.marketplace.listings.byId>;
export type AuctionState = NonNullable<Detail["auction"]>;

export const sorts = ["newest", "price", "-price", "ending"] as const;

/** Methods that have a name in the dictionary; any other is shown by its code. */
export const isNamedMethod = (code: string): code is "flat-v1" | "metered-v1" =>
  code === "flat-v1" || code === "metered-v1";

export const isNamedQuality = (tier: string): tier is "connected" | "export" | "manual" =>
  tier === "connected" || tier === "export" || tier === "manual";

/** An amount of credits that can be bought: more than zero, at most six decimals. Null for anything else. */
export const amountOf = (text: string): bigint | null => {
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(text)) return null;
  const grams = gramsOf(text);
  return grams > 0n ? grams : null;
};

/** An amount of money in minor units; null for anything that the currency cannot write. */
export const minorOf = (text: string, currency: string): bigint | null =>
  isCurrency(currency) ? minorFromText(text, currency) : null;

/** What so many credits cost at a price per credit, as the order will compute it. */
export const totalText = (credits: string, pricePerCredit: string, currency: string): string => {
  const price = minorOf(pricePerCredit, currency);
  if (price === null || !isCurrency(currency)) return "";
  return textFromMinor(priceOf(gramsOf(credits), price), currency);
};
