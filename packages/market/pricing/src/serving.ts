import type { Db } from "@evx/db";
import { type Currency, day_ms } from "@evx/kernel";
import { ruleAt } from "@evx/rules";
import type * as v from "valibot";
import { hintLog, type Standing } from "./model/hint.ts";
import { type StoredModel, standingOf } from "./model/stored.ts";
import type { Offering } from "./model/trade.ts";
import { hintRules } from "./policy.ts";
import { lastCounts, type RunRow, servingRun } from "./queries/runs.ts";
import type { Metrics } from "./training.ts";

/** Models speak in ln price; a hint is whole minor units, at least one. */
export const minorOf = (log: number): bigint => BigInt(Math.max(1, Math.round(Math.exp(log))));

/**
 * The interval to show around a price, in whole minor units, or null: without a finite reach, when every past miss was
 * zero (a market that never moved says nothing of how it will), when it would be empty, and when its high is more than
 * `widest` times its low.
 */
export const intervalAround = (
  { log, reach }: { log: number; reach: number | null },
  neverMissed: boolean,
  widest: number,
): { low: bigint; high: bigint } | null => {
  if (reach === null || !Number.isFinite(reach) || !Number.isFinite(log) || neverMissed) return null;
  const ratio = Math.exp(2 * reach);
  if (!(ratio <= widest)) return null;
  const [low, high] = [minorOf(log - reach), minorOf(log + reach)];
  return low < high && Number(high) <= Number(low) * widest ? { low, high } : null;
};

/** What the last training left to answer from. */
export type Serving = {
  readonly run: RunRow;
  readonly metrics: Partial<Metrics>;
  readonly stored: StoredModel;
  readonly standing: Standing;
  readonly rule: v.InferOutput<typeof hintRules.schema>;
  readonly day: number;
};

type Served = {
  /** Null where sales or people are too few. */
  readonly serving: Serving | null;
  readonly counts: {
    readonly trades: number;
    readonly traders: number;
    readonly needed: { readonly trades: number; readonly traders: number };
  };
};

/** Reads the model of a currency. Nothing is kept between two questions. */
export const servedModel = async (
  db: Db,
  { currency, now }: { currency: Currency; now: Date },
): Promise<Served> => {
  const [{ value: rule }, run, last] = await Promise.all([
    ruleAt(db, hintRules, now),
    servingRun(db, currency),
    lastCounts(db, currency),
  ]);
  const { trades = 0, traders = 0 } = last ?? {};
  const counts = { trades, traders, needed: { trades: rule.fewestTrades, traders: rule.fewestTraders } };
  if (!run?.model || trades < rule.fewestTrades || traders < rule.fewestTraders)
    return { serving: null, counts };
  const stored = JSON.parse(run.model) as StoredModel;
  const metrics = run.metrics as Partial<Metrics>;
  const standing = standingOf(stored);
  return { serving: { run, metrics, stored, standing, rule, day: now.getTime() / day_ms }, counts };
};

type Answer = {
  readonly log: number;
  readonly interval: { readonly low: bigint; readonly high: bigint } | null;
};

/** The price of an offering with its interval; null while prices have not settled. `known`: it has no trait that no sale had. */
export const answerOf = (
  { stored, standing, rule, day, metrics }: Serving,
  offering: Offering,
  known: boolean,
): Answer | null => {
  const log = hintLog(standing, offering, day);
  if (log === null) return null;
  const reach = known && (metrics.errors ?? 0) >= rule.fewestErrors ? stored.reach : null;
  return { log, interval: intervalAround({ log, reach }, stored.neverMissed, rule.widestInterval) };
};
