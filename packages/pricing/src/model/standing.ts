import { assert } from "@evx/kernel";
import type { Rung, Trait } from "../schema.ts";
import { type Hedonic, hedonicLog, timeLine } from "./hedonic.ts";
import { comparablesFor, type Past } from "./rungs.ts";
import { mean } from "./stats.ts";
import { capTraders, type Lot, type Sale, sidesOf } from "./trade.ts";
import { accepted, KEPT, ladderLog, type Standing, type Walked } from "./walk.ts";

/** A sale with the name under which its accepted price is kept. */
export type NamedSale = Sale & { readonly id: string };

/** A standing as it is stored: plain JSON, without the sales themselves. */
export type StoredStanding = {
  readonly model: Hedonic;
  readonly traderCap: number;
  readonly rung: Rung | null;
  readonly reach: number | null;
  readonly bound: number | null;
  readonly sigma: number;
  /** ln prices as accepted, of the newest sales. */
  readonly accepted: Readonly<Record<string, number>>;
};

/** Of a walk over these sales, what `resume` needs. */
export const stored = (
  { past, rung, reach, bound, sigma }: Walked,
  sales: readonly NamedSale[],
): StoredStanding => {
  const from = Math.max(0, sales.length - KEPT);
  return {
    model: past.model,
    traderCap: past.traderCap,
    rung,
    reach,
    bound,
    sigma,
    accepted: Object.fromEntries(sales.slice(from).map(({ id }, i) => [id, past.logs[from + i] as number])),
  };
};

/**
 * Stands again where a walk had arrived, and takes in the sales since then: each is accepted as the walk would have.
 * `sales` are those that were kept and all newer ones, in order of time.
 */
export const resume = (
  { accepted: known, model, traderCap, ...standing }: StoredStanding,
  sales: readonly NamedSale[],
): Standing => {
  const sides = sidesOf(sales);
  const past: Past & { logs: number[] } = {
    model,
    sales,
    sides,
    traderCap,
    logs: [],
    weights: capTraders(
      sides,
      sales.map(() => 1),
      traderCap,
    ),
    fitted: sales.map((sale) => hedonicLog(model, sale, sale.day)),
    lines: sales.map(({ day }) => timeLine(model, day)),
  };
  for (const [index, sale] of sales.entries()) {
    const log = known[sale.id];
    const fresh = log === undefined && standing.bound !== null && index > 0;
    if (!fresh) past.logs[index] = log ?? sale.log;
    else {
      // Another object each time: what a past has worked out of its level holds for the prices it had then.
      const before = ladderLog({ ...past }, standing.rung, sale, sale.day, index, standing.sigma, true);
      past.logs[index] = accepted(sides, { index, log: before, actual: sale.log }, standing.bound as number);
    }
  }
  return { ...standing, past };
};

/** Traits of a lot that no sale had. */
export const unseenTraits = ({ model }: Past, lot: Lot): Trait[] => {
  const [oldest, newest] = model.vintages;
  const unseen: Trait[] = [];
  if (lot.country !== null && !model.countries.includes(lot.country)) unseen.push("country");
  if (lot.method !== null && !model.methods.includes(lot.method)) unseen.push("method");
  if (lot.vintage !== null && (lot.vintage < oldest || lot.vintage > newest)) unseen.push("vintage");
  return unseen;
};

export type Answer = {
  readonly log: number;
  /** Half the interval's width; null where none can be promised. */
  readonly reach: number | null;
  readonly unseen: readonly Trait[];
  /** Places among the past's sales, with the ln of today's price of each, newest first. */
  readonly comparables: readonly { readonly index: number; readonly log: number }[];
};

/** What a lot is likely to fetch at a moment, from everything known by then. */
export const answerFor = ({ past, rung, reach, sigma }: Standing, lot: Lot, day: number): Answer => {
  const count = past.sales.length;
  assert(count > 0, "an answer needs sales");
  const unseen = unseenTraits(past, lot);
  // A trait nobody has paid for is asked for as if it were not known: the market's average stands in for it.
  const asked: Lot = {
    ...lot,
    country: unseen.includes("country") ? null : lot.country,
    method: unseen.includes("method") ? null : lot.method,
  };
  const line = timeLine(past.model, day);
  return {
    log: ladderLog(past, rung, asked, day, count, sigma, true),
    reach: rung === null || unseen.length > 0 ? null : reach,
    unseen,
    comparables: comparablesFor(past, asked, day, count).map(({ index }) => ({
      index,
      log: (past.sales[index] as Sale).log + line - (past.lines[index] as number),
    })),
  };
};

/** How well a walk's newest predictions did, in the prices' own unit. Null before anything was predicted. */
export type Score = {
  readonly errors: number;
  readonly mae: number | null;
  readonly naiveMae: number | null;
  /** Share of sales within the interval that was said of them. */
  readonly coverage: number | null;
};

const SCORED = 500;

export const scoreOf = ({ said }: Walked): Score => {
  const scored = said.slice(-SCORED);
  const bounded = scored.filter(({ reach }) => reach !== null);
  const mae = (of: (one: (typeof scored)[number]) => number): number | null =>
    scored.length === 0
      ? null
      : mean(scored.map((one) => Math.abs(Math.exp(one.actual) - Math.exp(of(one)))));
  return {
    errors: said.length,
    mae: mae(({ log }) => log),
    naiveMae: mae(({ naive }) => naive),
    coverage:
      bounded.length === 0
        ? null
        : mean(bounded.map(({ actual, log, reach }) => (Math.abs(actual - log) <= (reach ?? 0) ? 1 : 0))),
  };
};
