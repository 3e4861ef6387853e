import { amountOf } from "./amounts.ts";

/** What somebody wants to buy across listings, as typed. It stands in the address, so it survives signing in. */
export const emptyTerms = {
  credits: "",
  maxPrice: "",
  vintageFrom: "",
  country: "",
  method: "",
  quality: "",
};

export type Terms = typeof emptyTerms;

/** All that an address may ask for. */
export const termNames = Object.keys(emptyTerms) as (keyof Terms)[];

const isNamedQuality = (tier: string): tier is "connected" | "export" | "manual" =>
  tier === "connected" || tier === "export" || tier === "manual";

/** Whether the amount can be asked for. */
export const canAsk = (terms: Terms): boolean => amountOf(terms.credits) !== null;

/** What the server is asked: without the fields that were left empty. */
export const askOf = (terms: Terms) => {
  const { credits, maxPrice, vintageFrom, country, method, quality } = terms;
  return {
    creditsAmount: credits,
    ...(maxPrice ? { maxPrice } : {}),
    ...(vintageFrom ? { vintageFrom } : {}),
    ...(country ? { country } : {}),
    ...(method ? { method } : {}),
    ...(isNamedQuality(quality) ? { quality } : {}),
  };
};

/** The terms as they stand in an address; what makes no sense is left out, and the page says so. */
export const termsIn = (asked: Partial<Record<keyof Terms, string | string[]>>): Terms => {
  const text = (name: keyof Terms) => {
    const value = asked[name];
    return typeof value === "string" ? value.slice(0, 40) : "";
  };
  return {
    credits: amountOf(text("credits")) === null ? "" : text("credits"),
    maxPrice: /^\d{1,12}(\.\d{1,6})?$/.test(text("maxPrice")) ? text("maxPrice") : "",
    vintageFrom: /^(19|20|21)\d\d$/.test(text("vintageFrom")) ? text("vintageFrom") : "",
    country: /^[A-Z]{2}$/.test(text("country")) ? text("country") : "",
    method: text("method"),
    quality: isNamedQuality(text("quality")) ? text("quality") : "",
  };
};
