import { type Minor, shareOf } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

const bps = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5_000));
const upTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** What a sale costs its seller, in basis points of the total. An order freezes the version it was placed under. */
export const saleFees = defineRule(
  "marketplace.sale_fees",
  v.object({ platformFeeBps: bps, cvaFeeBps: bps }),
  { platformFeeBps: 250, cvaFeeBps: 100 },
);

/** How long an order waits for its money, and how many of them one buyer may leave waiting. */
export const orderLimits = defineRule(
  "marketplace.order_limits",
  v.object({
    paymentWindow_min: upTo(43_200),
    winnerWindow_h: upTo(720),
    openOrdersPerBuyer: upTo(1_000_000),
  }),
  { paymentWindow_min: 30, winnerWindow_h: 48, openOrdersPerBuyer: 20 },
);

export type Fees = { platform: Minor; cva: Minor; net: Minor };

/**
 * Splits a sale's total into platform fee, CVA fee and what the seller receives. Each fee rounds half-even once;
 * the seller's part is what is left, so the three sum to the total exactly.
 */
export const feesOf = (total: Minor, rule: { platformFeeBps: number; cvaFeeBps: number }): Fees => {
  const platform = shareOf(total, rule.platformFeeBps);
  const cva = shareOf(total, rule.cvaFeeBps);
  return { platform, cva, net: total - platform - cva };
};
