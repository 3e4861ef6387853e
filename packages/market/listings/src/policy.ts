import type { Currency, Minor } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

/**
 * How many grams a person may list in 30 days without a proved identity, where the environment demands one at all.
 * None unless an operator says so.
 */
export const identityLimits = defineRule(
  "marketplace.identity_limits",
  v.object({ listingAbove_g: v.pipe(v.string(), v.regex(/^\d{1,15}$/)) }),
  { listingAbove_g: "0" },
);

/** Over how many days listings add up towards that limit: many small ones are one large. */
export const IDENTITY_DAYS = 30;

/** Largest price per credit and total, in minor units. Below what a bigint column holds, with room for sums. */
export const LARGEST_PRICE = 100_000_000_000n;
export const LARGEST_TOTAL = 1_000_000_000_000_000n;

/**
 * The least and the most that somebody can be asked to pay at once, in minor units: what the card gateway charges at
 * least in that currency (https://docs.stripe.com/currencies, 50 US cents; for VND, which it lists no minimum for, about
 * as much), and what one of the gateways charges at most.
 */
export const payable: Readonly<Record<Currency, { readonly least: Minor; readonly most: Minor }>> = {
  USD: { least: 50n, most: 99_999_999n },
  EUR: { least: 50n, most: 99_999_999n },
  NZD: { least: 50n, most: 99_999_999n },
  JPY: { least: 50n, most: 99_999_999n },
  VND: { least: 10_000n, most: 999_999_999n },
};
