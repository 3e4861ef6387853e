import type { Db } from "@evx/db";
import { countedGrams, factorsAt } from "@evx/emissions";
import { type Currency, day_ms, textFromMinor } from "@evx/kernel";
import { saleFees } from "@evx/orders";
import { ruleAt } from "@evx/rules";
import { fewestSalesOfMonth, SALES_READ, typicalCar } from "./policy.ts";
import { tradeRows } from "./queries/trades.ts";
import type { EarningsBasisView } from "./schema.ts";

/** The middle one of sorted prices; of two in the middle the lower, so that no price is named that nobody paid. */
const middle = (sorted: readonly bigint[]): bigint | undefined => sorted[(sorted.length - 1) >> 1];

/**
 * What an owner could expect per kilometre: the grams that the method in force counts for a typical car, the middle price
 * of the last 30 days (of the last year where the month had too few sales), the range of the year, and the fees in
 * force. No price is made up: without a sale in the last year there is none.
 */
export const earningsBasis = async (
  db: Db,
  { currency, now }: { currency: Currency; now: Date },
): Promise<EarningsBasisView> => {
  const { country, metres, energy_wh } = typicalCar;
  const [factors, { value: fees }, sales] = await Promise.all([
    factorsAt(db, country, now),
    ruleAt(db, saleFees, now),
    tradeRows(db, { currency, before: now, limit: SALES_READ }),
  ]);
  const since = (days: number) => sales.filter(({ at }) => now.getTime() - at.getTime() <= days * day_ms);
  const [year, month] = [since(365), since(30)];
  const basis = month.length >= fewestSalesOfMonth ? month : year;
  const sorted = (rows: typeof sales) => rows.map((row) => row.price_minor).sort((a, b) => Number(a - b));
  const text = (price: bigint | undefined) => (price === undefined ? null : textFromMinor(price, currency));
  const all = sorted(year);
  return {
    currency,
    method: factors.method,
    factorSet: factors.factorSet,
    gramsPer10000km: String(
      countedGrams({ distance_m: metres, energy_wh, year: now.getUTCFullYear() }, factors),
    ),
    price: text(middle(sorted(basis))),
    days: basis === month ? 30 : 365,
    sales: basis.length,
    low: text(all[0]),
    high: text(all.at(-1)),
    platformFeePercent: fees.platformFeeBps / 100,
    cvaFeePercent: fees.cvaFeeBps / 100,
  };
};
