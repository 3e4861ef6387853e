import { isNamedQuality, sorts } from "./words.ts";

/** The filters as they stand in the address. */
export type Asked = {
  q?: string;
  type?: string;
  country?: string;
  vintage?: string;
  method?: string;
  quality?: string;
  minPrice?: string;
  maxPrice?: string;
  minCredits?: string;
  sort?: string;
};

export const filters = [
  "q",
  "type",
  "quality",
  "country",
  "vintage",
  "method",
  "minPrice",
  "maxPrice",
  "minCredits",
] as const;

/** All that the address may ask for. */
export const asks = [...filters, "sort"] as const;

export const isFiltered = (asked: Asked): boolean => filters.some((name) => asked[name]);

const amount = (text: string | undefined) => (text && /^\d{1,12}(\.\d{1,6})?$/.test(text) ? text : undefined);

/** What is asked of the server; anything in the address that makes no sense is left out, and the page says so. */
export const inputOf = (asked: Asked) => {
  const { q, country, vintage, method } = asked;
  const sort = sorts.find((name) => name === asked.sort);
  const type = asked.type === "fixed" || asked.type === "auction" ? asked.type : undefined;
  const quality = asked.quality && isNamedQuality(asked.quality) ? asked.quality : undefined;
  const minPrice = amount(asked.minPrice);
  const maxPrice = amount(asked.maxPrice);
  const minCredits = amount(asked.minCredits);
  return {
    limit: 24,
    ...(q ? { q: q.slice(0, 100) } : {}),
    ...(type ? { type } : {}),
    ...(country && /^[A-Z]{2}$/.test(country) ? { country } : {}),
    ...(vintage && /^(19|20|21)\d\d$/.test(vintage) ? { vintage } : {}),
    ...(method ? { method: method.slice(0, 40) } : {}),
    ...(quality ? { quality } : {}),
    ...(minPrice ? { minPrice } : {}),
    ...(maxPrice ? { maxPrice } : {}),
    ...(minCredits && Number(minCredits) > 0 ? { minCredits } : {}),
    ...(sort ? { sort } : {}),
  };
};
