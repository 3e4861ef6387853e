import type { Rung } from "../schema.ts";
import { type Forecast, forecastOf } from "./forecast.ts";
import type { Hedonic } from "./hedonic.ts";
import type { Standing } from "./hint.ts";
import { daysBefore, heardAt, type Past } from "./rungs.ts";
import { type Usual, WEEK_DAYS } from "./settled.ts";
import type { TimeToSell } from "./time-to-sell.ts";
import { earlierThan, type Sale } from "./trade.ts";
import type { Walked } from "./walk.ts";

/** A sale as a stored model keeps it. Who traded are numbers that mean nothing elsewhere. */
export type StoredSale = {
  readonly country: string;
  readonly method: string;
  readonly vintage: number;
  readonly size: number;
  readonly auction: boolean;
  readonly day: number;
  /** ln of the price as paid, and as accepted. */
  readonly log: number;
  readonly accepted: number;
  readonly since: number;
  readonly weight: number;
  readonly fitted: number;
  readonly line: number;
  readonly sides: readonly [buyer: number, seller: number];
  /** As the sale's row has them: minor units, grams, milliseconds. */
  readonly price: string;
  readonly grams: string;
  readonly at: number;
};

/** What a walk that saw no doubted sale makes of one of the stored sales, which is at `place` among them. */
type HeldSale = Pick<StoredSale, "accepted" | "since" | "weight" | "fitted" | "line"> & {
  readonly place: number;
};

/** What a hint reads: plain data, written by a training and read by any server. */
export type StoredModel = {
  readonly format: 1;
  readonly regression: Hedonic;
  /** What it would be without the doubted sales, which the other is held to; null where there were none. Absent in older models. */
  readonly held?: {
    readonly regression: Hedonic;
    readonly rung: Rung | null;
    readonly sales: readonly HeldSale[];
  } | null;
  readonly rung: Rung | null;
  readonly reach: number | null;
  readonly sigma: number;
  readonly usual: Usual;
  readonly traderCap: number;
  readonly sales: readonly StoredSale[];
  readonly seen: {
    readonly country: readonly string[];
    readonly method: readonly string[];
    readonly vintage: readonly number[];
  };
  /** No past sale was ever missed: nothing is known of how prices move. */
  readonly neverMissed: boolean;
  /** ln of how far the market moved in the month before; null where it is younger. */
  readonly month: number | null;
  readonly timeToSell: TimeToSell | null;
  /** Of the venue's price in the days after `lastDay`, in whole days since 1970. */
  readonly forecast: { readonly lastDay: number; readonly ahead: readonly Forecast[] };
};

/** Sales that wait to count and will within two weeks: so many of the newest. */
const MOST_WAITING = 300;
const MONTH_DAYS = 30;
const NO_MISS = 1e-6;

/** The sales that hints of the coming days read: those that count now, those that did a week ago, and those that will. */
const placesToKeep = (past: Past, day: number): number[] => {
  const count = past.sales.length;
  const then = daysBefore(day, WEEK_DAYS);
  const weekAgo = earlierThan(past.sales, then);
  const waiting: number[] = [];
  for (let i = count - 1; i >= 0 && waiting.length < MOST_WAITING; i--) {
    if ((past.sales[i] as Sale).day < day - 2 * WEEK_DAYS - 1) break;
    if ((past.since[i] as number) > day) waiting.push(i);
  }
  const places = [heardAt(past, day, count), heardAt(past, then, weekAgo), waiting];
  return [...new Set(places.flat())].sort((a, b) => a - b);
};

/** What a past makes of one of its sales. */
const madeOf = (past: Past, i: number) => ({
  accepted: past.logs[i] as number,
  since: past.since[i] as number,
  weight: past.weights[i] as number,
  fitted: past.fitted(i),
  line: past.line(i),
});

const monthOf = (levels: Walked["levels"]): number | null => {
  const last = levels.at(-1);
  if (!last) return null;
  const then = levels.findLast(({ day }) => day <= last.day - MONTH_DAYS);
  return then ? last.log - then.log : null;
};

/** Ranges for the coming days, from the last price of each day (UTC) as it was paid. */
const forecastFrom = (sales: readonly Sale[]): StoredModel["forecast"] => {
  const last = new Map(sales.map(({ day, log }) => [Math.floor(day), log]));
  const days = [...last].map(([day, log]) => ({ day, log }));
  return { lastDay: days.at(-1)?.day ?? 0, ahead: forecastOf(days) };
};

/** What a walk has learned, as it is stored. `rows` are parallel to the walk's sales. */
export const storedModel = (
  { past, rung, reach, sigma, usual, said, levels, held }: Walked,
  rows: readonly { price_minor: bigint; grams: bigint; at: Date }[],
  day: number,
  timeToSell: TimeToSell | null,
): StoredModel => {
  // The second walk's sales are those of the first, but for the doubted ones.
  const placeOf = new Map(past.sales.map((sale, i) => [sale, i]));
  const ofHeld = held ? placesToKeep(held.past, day) : [];
  const inAll = ofHeld.map((i) => placeOf.get(held?.past.sales[i] as Sale) as number);
  const places = [...new Set([...placesToKeep(past, day), ...inAll])].sort((a, b) => a - b);
  const stored = new Map(places.map((i, place) => [i, place]));
  const sales = places.map((i): StoredSale => {
    const { country, method, vintage, size, auction, day, log } = past.sales[i] as Sale;
    const row = rows[i] as (typeof rows)[number];
    const who = (number: number | undefined) => past.circles.get(number as number) ?? (number as number);
    return {
      ...{ country, method, vintage, size, auction, day, log },
      ...madeOf(past, i),
      sides: [who(past.sides.buyers[i]), who(past.sides.sellers[i])],
      price: row.price_minor.toString(),
      grams: row.grams.toString(),
      at: row.at.getTime(),
    };
  });
  const all = <K extends "country" | "method" | "vintage">(trait: K) => [
    ...new Set(past.sales.map((sale) => sale[trait])),
  ];
  return {
    format: 1,
    regression: past.model,
    held: held
      ? {
          regression: held.past.model,
          rung: held.rung,
          sales: ofHeld.map((i, at) => ({
            place: stored.get(inAll[at] as number) as number,
            ...madeOf(held.past, i),
          })),
        }
      : null,
    ...{ rung, reach, sigma, usual, traderCap: past.traderCap, sales, timeToSell },
    seen: { country: all("country"), method: all("method"), vintage: all("vintage") },
    neverMissed: said.every(({ log, actual }) => Math.abs(log - actual) < NO_MISS),
    month: monthOf(levels),
    forecast: forecastFrom(past.sales),
  };
};

type Made = Pick<StoredSale, "accepted" | "since" | "weight" | "fitted" | "line">;

/** A past of stored sales, and what was made of each. */
const pastFrom = (
  sales: readonly StoredSale[],
  made: readonly Made[],
  model: Hedonic,
  traderCap: number,
): Past => ({
  model,
  sales: sales.map((sale) => ({ ...sale, buyer: "", seller: "" })),
  sides: { buyers: sales.map(({ sides }) => sides[0]), sellers: sales.map(({ sides }) => sides[1]) },
  circles: new Map(),
  since: made.map(({ since }) => since),
  traderCap,
  logs: made.map(({ accepted }) => accepted),
  weights: made.map(({ weight }) => weight),
  fitted: (index) => (made[index] as Made).fitted,
  line: (index) => (made[index] as Made).line,
});

/** What predicts, from what was stored. */
export const standingOf = (stored: StoredModel): Standing => {
  const { sales, regression, held, rung, sigma, usual, traderCap } = stored;
  const standing = { past: pastFrom(sales, sales, regression, traderCap), rung, sigma, usual };
  if (!held) return standing;
  const ofHeld = held.sales.map(({ place }) => sales[place] as StoredSale);
  const past = pastFrom(ofHeld, held.sales, held.regression, traderCap);
  const vouched = new Set(held.sales.map(({ place }) => place));
  const doubted = new Set(sales.keys().filter((i) => !vouched.has(i)));
  return { ...standing, held: { past, rung: held.rung, doubted } };
};
