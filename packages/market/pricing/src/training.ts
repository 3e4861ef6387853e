import { accountGroups } from "@evx/accounts";
import type { Db, Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { type Currency, day_ms, type Id, isCurrency } from "@evx/kernel";
import { lotOutcomes } from "@evx/listings";
import { ruleAt } from "@evx/rules";
import { hintOf } from "./model/hint.ts";
import { rungLog } from "./model/rungs.ts";
import { mean } from "./model/stats.ts";
import { type StoredModel, standingOf, storedModel } from "./model/stored.ts";
import { learnTimeToSell, type Outcome } from "./model/time-to-sell.ts";
import { earlierThan, type Sale, tradersOf } from "./model/trade.ts";
import { isEnough, type Walked, walkInSlices } from "./model/walk.ts";
import { hintRules, TRAINED_ON } from "./policy.ts";
import { insertRun, lastRun, lockRuns, type RunRow, retireServing, servingRun } from "./queries/runs.ts";
import { countTrades, type TradeRow, tradeCurrencies, tradeRows } from "./queries/trades.ts";
import { sizeOf } from "./sizes.ts";

/** What the models look at. A run notes it, so that one can tell later what a model knew. */
const features = ["country", "method", "vintage", "size", "auction", "time", "level", "doubt"] as const;

/** How a model did on past sales, each predicted from strictly earlier ones. Errors are in minor units per credit. */
export type Metrics = {
  readonly errors: number;
  readonly mae: number | null;
  readonly naiveMae: number | null;
  readonly coverage: number | null;
  /** The share of past sales of which nothing would have been said, because prices had not settled. */
  readonly unsettled: number | null;
};

/** Judged by so many of the newest past sales. */
const JUDGED_BY = 500;
/** A new model must not miss the sales since the last one by more than this many times as much as that one would have. */
const MOST_WORSE = 1.1;
const FEWEST_TO_JUDGE = 10;
/** A market does not lose half of its sales; a read model that is being repaired does. */
const FEWEST_LEFT = 0.5;
/** A training that took long is not begun again before ten times as long has gone by. */
const REST = 10;
const LONG_MS = 1_000;
/** The chance to sell within a week is learned from so many of the newest lots. */
const LOTS = 2_000;
/** One person's lots say no more of it than so many: who lists a hundred that nobody wants says nothing of others'. */
const LOTS_OF_ONE = 10;
/** Accounts of one person are looked for among the people of so many of the newest sales. */
const LINKED_AMONG = 5_000;

export const saleOf = (row: TradeRow): Sale => ({
  country: row.country,
  method: row.method,
  vintage: row.vintage,
  size: sizeOf(row.grams),
  auction: row.listing_type === "auction",
  day: row.at.getTime() / day_ms,
  log: Math.log(Number(row.price_minor)),
  buyer: row.buyer_id,
  seller: row.seller_id,
});

const metricsOf = ({ said }: Pick<Walked, "said">): Metrics => {
  const newest = said.slice(-JUDGED_BY);
  const told = newest.filter(({ unsettled }) => !unsettled);
  const held = told.filter(({ reach }) => reach !== null);
  const miss = (log: number, actual: number) => Math.abs(Math.exp(log) - Math.exp(actual));
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    errors: said.length,
    mae: told.length === 0 ? null : mean(told.map(({ log, actual }) => miss(log, actual))),
    naiveMae: told.length === 0 ? null : mean(told.map(({ naive, actual }) => miss(naive, actual))),
    coverage: share(
      held.filter(({ log, actual, reach }) => Math.abs(log - actual) <= (reach ?? 0)).length,
      held.length,
    ),
    unsettled: share(newest.length - told.length, newest.length),
  };
};

/** Of lots, oldest first, no person's but the newest few. */
const fewOfEach = async <Lot extends { seller_id: Id<"user"> }>(
  db: Db,
  lots: readonly Lot[],
): Promise<Lot[]> => {
  const groups = await accountGroups(db, [...new Set(lots.map(({ seller_id }) => seller_id))]);
  const had = new Map<string, number>();
  const kept = lots.toReversed().filter(({ seller_id }) => {
    const who = [...(groups.get(seller_id)?.members ?? [])].sort()[0] ?? seller_id;
    had.set(who, (had.get(who) ?? 0) + 1);
    return (had.get(who) ?? 0) <= LOTS_OF_ONE;
  });
  return kept.reverse();
};

/** Lots whose week is over, each beside what the model says of it on the day it was offered. */
const outcomesOf = async (db: Db, walked: Walked, currency: Currency, now: Date): Promise<Outcome[]> => {
  const { past, rung } = walked;
  const lots = await fewOfEach(db, await lotOutcomes(db, { currency, now, limit: LOTS }));
  return lots.flatMap((lot) => {
    const day = lot.created_at.getTime() / day_ms;
    const count = earlierThan(past.sales, day);
    if (count < FEWEST_TO_JUDGE) return [];
    const offering = {
      country: lot.country_code,
      method: lot.method_code,
      vintage: lot.vintage_year,
      size: sizeOf(lot.amount_g),
      auction: false,
    };
    const said = rungLog(past, rung ?? "hedonic", offering, day, count);
    return [{ above: Math.log(Number(lot.price_minor)) - said, sold: lot.sold }];
  });
};

/** Sales that are still missing after a day are gone for good: the model that knew them is not kept longer. */
const isYoung = (serving: RunRow | undefined, now: Date): boolean =>
  serving !== undefined && now.getTime() - serving.ended_at.getTime() < day_ms;

/** Why a new model must not serve, or null. */
const whyKeptBack = (
  serving: RunRow | undefined,
  fresh: { walked: Walked; sales: readonly Sale[]; stored: StoredModel },
  now: Date,
): "not_a_number" | "worse" | "fewer_sales" | null => {
  const { walked, sales, stored } = fresh;
  const newest = walked.said.slice(-JUDGED_BY);
  const numbers = [...stored.regression.coefficients, ...newest.map(({ log }) => log)];
  if (!numbers.every(Number.isFinite)) return "not_a_number";
  if (!serving?.model || !serving.last_sale_at) return null;
  if (sales.length < FEWEST_LEFT * serving.trades && isYoung(serving, now)) return "fewer_sales";
  const before = standingOf(JSON.parse(serving.model) as StoredModel);
  const since = serving.last_sale_at.getTime() / day_ms;
  const unknown = newest.filter(({ index }) => (sales[index] as Sale).day > since);
  if (unknown.length < FEWEST_TO_JUDGE) return null;
  const ours = mean(unknown.map(({ log, actual }) => Math.abs(log - actual)));
  const theirs = mean(
    unknown.map(({ index, actual }) => {
      const sale = sales[index] as Sale;
      return Math.abs(hintOf(before, sale, sale.day, before.past.sales.length).log - actual);
    }),
  );
  return ours > MOST_WORSE * theirs + 1e-9 ? "worse" : null;
};

/**
 * The sales with each person under one name, however many accounts they have: whoever shares a bank account, a document, a
 * browser or a card counts as one in every guard. Looked for among the people of the newest sales.
 */
const salesByPerson = async (db: Db, rows: readonly TradeRow[]): Promise<Sale[]> => {
  const newest = rows.slice(-LINKED_AMONG);
  const groups = await accountGroups(db, [
    ...new Set(newest.flatMap((row) => [row.buyer_id, row.seller_id])),
  ]);
  const names = new Map([...groups].map(([id, { members }]) => [id as string, [...members].sort()[0] ?? id]));
  const name = (id: string) => names.get(id) ?? id;
  return rows.map(saleOf).map((sale) => ({ ...sale, buyer: name(sale.buyer), seller: name(sale.seller) }));
};

type Learned = Pick<RunRow, "status" | "reason" | "metrics" | "rung" | "model">;

const learn = async (
  db: Db,
  { rows, sales }: { rows: readonly TradeRow[]; sales: readonly Sale[] },
  { currency, now, parameters }: { currency: Currency; now: Date; parameters: Parameters },
): Promise<Learned> => {
  const serving = await servingRun(db, currency);
  const day = now.getTime() / day_ms;
  const { fewestTrades, fewestTraders } = parameters;
  if (!isEnough(sales, parameters, day, fewestTrades) || tradersOf(sales) < fewestTraders)
    return isYoung(serving, now)
      ? { status: "kept_back", reason: "fewer_sales", metrics: {}, rung: null, model: null }
      : { status: "insufficient_data", reason: null, metrics: {}, rung: null, model: null };
  const walked = await walkInSlices(sales, parameters, day);
  const timeToSell = learnTimeToSell(await outcomesOf(db, walked, currency, now));
  const stored = storedModel(walked, rows, day, timeToSell);
  const reason = whyKeptBack(serving, { walked, sales, stored }, now);
  return {
    status: reason === null ? "serving" : "kept_back",
    reason,
    metrics: metricsOf(walked),
    rung: walked.rung ?? "indicative",
    model: reason === null ? JSON.stringify(stored) : null,
  };
};

type Parameters = { fewestTrades: number; fewestTraders: number; traderCap: number };

const parametersAt = async (db: Db, now: Date): Promise<Parameters> => {
  const { fewestTrades, fewestTraders, traderCap } = (await ruleAt(db, hintRules, now)).value;
  return { fewestTrades, fewestTraders, traderCap };
};

/** Whether there is something to learn: another sale, another rule, another way of learning, or another day, on which sales begin to count. */
const isDue = async (db: Db, last: RunRow | undefined, currency: Currency, now: Date): Promise<boolean> => {
  const { trades, newest } = await countTrades(db, currency);
  if (!last) return trades > 0;
  const parameters = JSON.stringify(await parametersAt(db, now));
  const known = last.parameters as Partial<Parameters>;
  const { fewestTrades, fewestTraders, traderCap } = known;
  return (
    newest !== last.last_order_id ||
    Math.min(trades, TRAINED_ON) !== last.trades ||
    JSON.stringify({ fewestTrades, fewestTraders, traderCap }) !== parameters ||
    JSON.stringify(last.features) !== JSON.stringify(features) ||
    Math.floor(now.getTime() / day_ms) !== Math.floor(last.started_at.getTime() / day_ms)
  );
};

/** When the next training may begin; null for at once. */
const restUntil = (last: RunRow | undefined, now: Date): Date | null => {
  if (!last || last.took_ms < LONG_MS) return null;
  const until = new Date(last.ended_at.getTime() + REST * last.took_ms);
  return until > now ? until : null;
};

type Trained =
  | { readonly run: "none" }
  | { readonly run: "later"; readonly at: Date }
  | { readonly run: RunRow["status"]; readonly version: number };

/**
 * Learns from a currency's sales and stores what a hint needs, in one transaction at the end: killed before, nothing has
 * happened and the next training does it. Twice beside each other the second stores nothing. A model that is no number,
 * misses new sales by more than the one that serves, or lost half of its sales is noted and kept back.
 */
export const train = async (
  job: Pick<JobContext, "db" | "clock" | "transact">,
  currency: Currency,
): Promise<Trained> => {
  const started_at = job.clock.now();
  const before = performance.now();
  const last = await lastRun(job.db, currency);
  if (!(await isDue(job.db, last, currency, started_at))) return { run: "none" };
  const rest = restUntil(last, started_at);
  if (rest) return { run: "later", at: rest };
  const rows = await tradeRows(job.db, { currency, before: started_at, limit: TRAINED_ON });
  const parameters = await parametersAt(job.db, started_at);
  const sales = await salesByPerson(job.db, rows);
  const learned = await learn(job.db, { rows, sales }, { currency, now: started_at, parameters });
  const run = {
    ...learned,
    metrics: JSON.stringify(learned.metrics),
    features: JSON.stringify(features),
    parameters: JSON.stringify(parameters),
    currency,
    version: (last?.version ?? 0) + 1,
    started_at,
    took_ms: Math.round(performance.now() - before),
    first_sale_at: rows[0]?.at ?? null,
    last_sale_at: rows.at(-1)?.at ?? null,
    last_order_id: rows.at(-1)?.order_id ?? null,
    trades: rows.length,
    traders: tradersOf(sales),
  };
  const stored = await job.transact(async (tx: Tx) => {
    await lockRuns(tx, currency);
    if (((await lastRun(tx, currency))?.version ?? 0) >= run.version) return false;
    if (run.status !== "kept_back") await retireServing(tx, currency);
    await insertRun(tx, { ...run, ended_at: tx.at });
    return true;
  });
  return stored ? { run: run.status, version: run.version } : { run: "none" };
};

/** The currencies in which there were sales. */
export const currenciesToTrain = async (db: Db): Promise<Currency[]> =>
  (await tradeCurrencies(db)).filter(isCurrency);
