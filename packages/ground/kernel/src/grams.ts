/** Carbon in whole grams of CO2e. One credit is one tonne: 1,000,000 g, so six decimals of a credit are exact. */
export type Grams = bigint;

export const GRAMS_PER_CREDIT = 1_000_000n;

/**
 * Reads a decimal number of credits ("0.1", "12.345678") as grams.
 * Answers null for anything else: signs, exponents, spaces, more than six decimals or twelve whole digits.
 */
export const gramsFromCredits = (text: string): Grams | null => {
  const parts = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text);
  if (!parts) return null;
  return BigInt(parts[1] as string) * GRAMS_PER_CREDIT + BigInt((parts[2] ?? "").padEnd(6, "0"));
};

/** Grams as credits with all six decimals: 100000n → "0.100000". */
export const creditsFromGrams = (grams: Grams): string => {
  const sign = grams < 0n ? "-" : "";
  const size = grams < 0n ? -grams : grams;
  return `${sign}${size / GRAMS_PER_CREDIT}.${(size % GRAMS_PER_CREDIT).toString().padStart(6, "0")}`;
};

/** Grams as a number of kilograms, exact to the gram below nine billion tonnes. For display only. */
export const kgFromGrams = (grams: Grams): number => Number(grams) / 1000;
