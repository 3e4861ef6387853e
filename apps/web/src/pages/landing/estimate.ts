import type { Answer, api } from "../../lib/api.ts";

export type Basis = Answer<typeof api.pricing.earnings>;

/** Decimal text of an amount that is given in the unit's smallest parts: 1960n with two places → "19.60". */
const textOf = (minor: bigint, places: number): string => {
  const digits = String(minor).padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

/** Grams of CO2 that so many kilometres avoid, rounded down. */
export const gramsFor = (km: number, basis: Pick<Basis, "gramsPer10000km">): bigint =>
  (BigInt(km) * BigInt(basis.gramsPer10000km)) / 10_000n;

/** What grams bring at a price per credit, after both fees, in the price's own decimals. Rounded down: no promise. */
export const earningsFor = (
  grams: bigint,
  price: string,
  { platformFeePercent, cvaFeePercent }: Pick<Basis, "platformFeePercent" | "cvaFeePercent">,
): string => {
  const places = price.split(".")[1]?.length ?? 0;
  const price_minor = BigInt(price.replace(".", ""));
  const kept_bps = 10_000n - BigInt(Math.round((platformFeePercent + cvaFeePercent) * 100));
  return textOf((grams * price_minor * kept_bps) / (1_000_000n * 10_000n), places);
};
