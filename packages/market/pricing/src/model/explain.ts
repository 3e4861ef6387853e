import type { MovedBy } from "../schema.ts";
import { type Hedonic, partsOf } from "./hedonic.ts";
import type { StoredModel } from "./stored.ts";
import type { Offering } from "./trade.ts";

/** What moves a price by less, in ln, is not worth a word. */
const LEAST = 0.005;

/**
 * What makes this offering's price another than the market's average, the strongest first: how much by, as a share of the
 * price. The `market` is its own move in the month before. Nothing where only the last price is repeated.
 */
export const explain = (
  { rung, regression, month }: Pick<StoredModel, "rung" | "month"> & { regression: Hedonic },
  offering: Offering,
): MovedBy[] => {
  const traits = rung === "last_price" ? [] : partsOf(regression, offering);
  return [...traits, ...(month === null ? [] : [{ what: "market" as const, log: month }])]
    .filter(({ log }) => Math.abs(log) >= LEAST)
    .sort((a, b) => Math.abs(b.log) - Math.abs(a.log))
    .map(({ what, log }) => ({ what, share: Math.exp(log) - 1 }));
};
