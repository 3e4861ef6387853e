import { GRAMS_PER_CREDIT, type Grams, type Minor } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

const upTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** How long wanted orders wait, how many one buyer may have, and how long a buyer has to pay what was found. */
export const wantedRules = defineRule(
  "marketplace.wanted",
  v.pipe(
    v.object({
      days: upTo(3_660),
      longestDays: upTo(3_660),
      openPerBuyer: upTo(1_000_000),
      paymentWindow_min: upTo(43_200),
    }),
    v.forward(
      v.partialCheck(
        [["days"], ["longestDays"]],
        ({ days, longestDays }) => days <= longestDays,
        "Must not be more than the most days.",
      ),
      ["days"],
    ),
  ),
  { days: 30, longestDays: 365, openPerBuyer: 50, paymentWindow_min: 240 },
);

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What a wanted order asks for beside its price; null where anything will do. */
export type Wish = {
  vintage_from: number | null;
  country_code: string | null;
  method_code: string | null;
  quality_tier: string | null;
};

/** What credits are; `mixed` when they are of several kinds. */
export type Kind = {
  vintage_year: number;
  country_code: string;
  method_code: string;
  mixed: boolean;
  tiers: readonly string[];
};

/** Whether credits are what is wished for. Nothing can be said of all of a mixed lot, so it suits whoever takes anything. */
export const suits = (wish: Wish, kind: Kind): boolean => {
  const asks = [wish.vintage_from, wish.country_code, wish.method_code, wish.quality_tier].some(
    (one) => one !== null,
  );
  if (!asks) return true;
  return (
    !kind.mixed &&
    (wish.vintage_from === null || kind.vintage_year >= wish.vintage_from) &&
    (wish.country_code === null || kind.country_code === wish.country_code) &&
    (wish.method_code === null || kind.method_code === wish.method_code) &&
    (wish.quality_tier === null || (kind.tiers.length === 1 && kind.tiers[0] === wish.quality_tier))
  );
};

/**
 * How much of a listing a wanted order takes: all that both have, unless the listing sells no such small part. Zero for
 * none.
 */
export const takes = (listing: { remaining_g: Grams; min_g: Grams | null }, wanted_g: Grams): Grams => {
  const grams = wanted_g < listing.remaining_g ? wanted_g : listing.remaining_g;
  const least = listing.min_g ?? 0n;
  return grams < least && grams < listing.remaining_g ? 0n : grams;
};

/** The most that grams may cost at a price: what is set aside for them. */
export const mostFor = (grams: Grams, price_minor: Minor): Minor =>
  (grams * price_minor + GRAMS_PER_CREDIT - 1n) / GRAMS_PER_CREDIT;

/** How many grams money pays for at a price, however that rounds. */
export const gramsFor = (money_minor: Minor, price_minor: Minor): Grams =>
  (money_minor * GRAMS_PER_CREDIT) / price_minor;

/** What grams cost that so many are worth at least so much: smaller amounts cannot be paid for. */
export const isDust = (grams: Grams, price_minor: Minor, least_minor: Minor): boolean =>
  grams * price_minor < least_minor * GRAMS_PER_CREDIT;
