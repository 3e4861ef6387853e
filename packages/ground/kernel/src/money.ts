import { GRAMS_PER_CREDIT, type Grams } from "./grams.ts";

/** An amount in the minor unit of its currency: cents for USD, dong for VND. */
export type Minor = bigint;

/** Currencies the venue can run in, with the decimals of their minor unit (ISO 4217). */
export const currencies = { USD: 2, EUR: 2, VND: 0, NZD: 2, JPY: 0 } as const;

export type Currency = keyof typeof currencies;

export const isCurrency = (text: string): text is Currency => Object.hasOwn(currencies, text);

/**
 * Reads a decimal amount ("12.34", "1200000") in a currency's minor unit.
 * Answers null when it has more decimals than the currency, a sign, an exponent or other characters.
 */
export const minorFromText = (text: string, currency: Currency): Minor | null => {
  const places = currencies[currency];
  const parts = /^(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (!parts) return null;
  const decimals = parts[2] ?? "";
  if (decimals.length > places && !/^0*$/.test(decimals.slice(places))) return null;
  return BigInt((parts[1] as string) + decimals.slice(0, places).padEnd(places, "0"));
};

/** An amount with its currency's decimals: 1234n USD → "12.34", 1200000n VND → "1200000". */
export const textFromMinor = (minor: Minor, currency: Currency): string => {
  const places = currencies[currency];
  const sign = minor < 0n ? "-" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, "0");
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

/** n / d rounded to the nearest whole, ties to the even one (IEEE 754's default); d > 0. */
export const divideHalfEven = (n: bigint, d: bigint): bigint => {
  const floor = n / d - (n % d < 0n ? 1n : 0n);
  const twice = (n - floor * d) * 2n;
  if (twice < d) return floor;
  if (twice > d) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
};

/** What a quantity costs: grams × minor units per credit, rounded half-even once. */
export const priceOf = (grams: Grams, pricePerCredit: Minor): Minor =>
  divideHalfEven(grams * pricePerCredit, GRAMS_PER_CREDIT);

/** A share of an amount in basis points (250 = 2.5 %), rounded half-even. */
export const shareOf = (amount: Minor, bps: number): Minor => divideHalfEven(amount * BigInt(bps), 10_000n);

/**
 * Splits an amount by weights so that the parts sum to it exactly.
 * What flooring leaves over goes, one unit each, to the largest remainders; ties to the earlier part.
 */
export const splitByWeights = (amount: bigint, weights: readonly bigint[]): bigint[] => {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole <= 0n) throw new RangeError("splitByWeights needs a positive sum of weights");
  const parts = weights.map((weight) => (amount * weight) / whole);
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, rest: (amount * weight) % whole }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] as bigint) + 1n;
    left -= 1n;
  }
  return parts;
};
