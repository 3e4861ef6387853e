import { isCurrency, minorFromText, priceOf, textFromMinor } from "@evx/kernel";
import { gramsOf } from "../../lib/format.ts";

// Apart from words.ts, so that the list of listings need not load the kernel.

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
