import { wantedRow } from "@evx/auctions";
import type { Db } from "@evx/db";
import { csvFile } from "@evx/files";
import {
  type Currency,
  creditsFromGrams,
  day_ms,
  divideHalfEven,
  type Grams,
  textFromMinor,
} from "@evx/kernel";
import { supplyRow } from "@evx/listings";
import { demandRow } from "@evx/orders";
import { ruleAt } from "@evx/rules";
import type { StoredModel } from "./model/stored.ts";
import { tradersOf } from "./model/trade.ts";
import { hintRules, SALES_READ } from "./policy.ts";
import { type RunRow, servingRun } from "./queries/runs.ts";
import { type DayRow, dayRows, lastTrade, tradeRows, volumeSince } from "./queries/trades.ts";
import type { MarketTrendsView } from "./schema.ts";
import { intervalAround, minorOf } from "./serving.ts";

const SERIES_DAYS = 365;

const dayView = (row: DayRow, currency: Currency) => ({
  date: row.date,
  price: textFromMinor(divideHalfEven(BigInt(row.paid), row.grams), currency),
  last: textFromMinor(row.last_minor, currency),
  lowest: textFromMinor(row.lowest_minor, currency),
  highest: textFromMinor(row.highest_minor, currency),
  volume: row.grams,
  trades: row.trades,
});

/** Relative change from one price to another, to a tenth of a percent. */
const changeOf = (now: bigint, before: bigint): number =>
  Number(divideHalfEven((now - before) * 1_000n, before)) / 1_000;

export type Depth = { supply: Grams; demand: Grams };

/**
 * What can be bought or bid on now, and what buyers are after: in orders that wait for payment and in running
 * auctions with a bid.
 */
export const marketDepth = async (db: Db): Promise<Depth> => {
  const [supply, ordered, wanted] = await Promise.all([supplyRow(db), demandRow(db), wantedRow(db)]);
  return {
    supply: BigInt(supply.grams ?? 0),
    demand: BigInt(ordered.grams ?? 0) + BigInt(wanted.grams ?? 0),
  };
};

const dateOf = (day: number): string => new Date(day * day_ms).toISOString().slice(0, 10);

/** The ranges of the days that are still to come; none that is wider than a hint's may be. */
const forecastView = (
  run: RunRow | undefined,
  { currency, now, widest }: { currency: Currency; now: Date; widest: number },
): MarketTrendsView["forecast"] => {
  if (!run?.model) return [];
  const { forecast } = JSON.parse(run.model) as StoredModel;
  return (forecast?.ahead ?? []).flatMap(({ days, log, reach, held }) => {
    const date = dateOf(forecast.lastDay + days);
    const interval = intervalAround({ log, reach }, false, widest);
    if (date <= dateOf(now.getTime() / day_ms) || !interval) return [];
    return [
      {
        date,
        price: textFromMinor(minorOf(log), currency),
        low: textFromMinor(interval.low, currency),
        high: textFromMinor(interval.high, currency),
        held,
      },
    ];
  });
};

const CSV_HEADER = ["date", "price", "last", "lowest", "highest", "credits", "sales", "currency"];

/** The days with sales of the past year as a file. */
export const trendsCsv = async (
  db: Db,
  input: { currency: Currency; now: Date },
): Promise<ReturnType<typeof csvFile>> => {
  const { series, currency } = await marketTrends(db, input);
  return csvFile(
    "market-trends.csv",
    CSV_HEADER,
    series.map(({ date, price, last, lowest, highest, volume, trades }) => [
      date,
      price,
      last,
      lowest,
      highest,
      creditsFromGrams(volume),
      trades,
      currency,
    ]),
  );
};

/**
 * How the market moves. With fewer sales or people than a hint needs it says `insufficient_data` and gives no change.
 * The coming days are ranges around the last price: on real series nothing beats it.
 */
export const marketTrends = async (
  db: Db,
  { currency, now }: { currency: Currency; now: Date },
): Promise<MarketTrendsView> => {
  const ago = (days: number) => new Date(now.getTime() - days * day_ms);
  const [{ value: rule }, recent, days, last, week, month, lately, depth, run] = await Promise.all([
    ruleAt(db, hintRules, now),
    tradeRows(db, { currency, before: now, limit: SALES_READ }),
    dayRows(db, currency, ago(SERIES_DAYS)),
    lastTrade(db, currency, now),
    lastTrade(db, currency, ago(7)),
    lastTrade(db, currency, ago(30)),
    volumeSince(db, currency, ago(30)),
    marketDepth(db),
    servingRun(db, currency),
  ]);
  const traders = tradersOf(
    recent.map(({ buyer_id, seller_id }) => ({ buyer: buyer_id, seller: seller_id })),
  );
  const enough = recent.length >= rule.fewestTrades && traders >= rule.fewestTraders;
  const change = (before: { price_minor: bigint } | undefined) =>
    enough && last && before ? changeOf(last.price_minor, before.price_minor) : null;
  return {
    currency,
    basis: enough ? "trades" : "insufficient_data",
    lastPrice: last ? textFromMinor(last.price_minor, currency) : null,
    lastAt: last?.at ?? null,
    change7d: change(week),
    change30d: change(month),
    volume30d: BigInt(lately.grams),
    trades30d: Number(lately.trades),
    supply: depth.supply,
    demand: depth.demand,
    trades: recent.length,
    traders,
    needed: { trades: rule.fewestTrades, traders: rule.fewestTraders },
    series: days.map((row) => dayView(row, currency)),
    forecast: enough ? forecastView(run, { currency, now, widest: rule.widestInterval }) : [],
  };
};
