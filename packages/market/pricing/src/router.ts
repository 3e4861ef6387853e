import { fileAnswer } from "@evx/kernel";
import { member, open, operator, rest, router, told } from "@evx/rpc";
import { earningsBasis } from "./estimate.ts";
import { fairPrices } from "./fair.ts";
import { priceHint } from "./hints.ts";
import type { PricingPorts } from "./ports.ts";
import { modelRuns } from "./runs.ts";
import * as S from "./schema.ts";
import { rebuildTrades } from "./trades.ts";
import { marketTrends, trendsCsv } from "./trends.ts";

export const pricingRouter = (ports: PricingPorts) =>
  router({
    predict: member
      .meta(rest("POST", "/ai/predict-price", { summary: "What credits may fetch, with why" }))
      .input(S.PredictPrice)
      .output(S.PriceHint)
      .query(({ ctx, input }) =>
        priceHint(ctx.db, ports, { ...input, currency: ctx.currency, now: ctx.clock.now() }),
      ),
    fair: open
      .meta(rest("POST", "/ai/fair-prices", { summary: "How listings' prices compare with past sales" }))
      .input(S.FairPrices)
      .output(S.FairPriceList)
      .query(async ({ ctx, input }) => ({
        items: await fairPrices(ctx.db, { ...input, now: ctx.clock.now() }),
      })),
    runs: operator
      .meta(rest("GET", "/ai/model-runs", { summary: "The price model's trainings, the newest first" }))
      .output(S.ModelRuns)
      .query(async ({ ctx }) => ({ currency: ctx.currency, items: await modelRuns(ctx.db, ctx.currency) })),
    trends: open
      .meta(rest("GET", "/ai/market-trends", { summary: "Prices, volume, supply and demand" }))
      .output(S.MarketTrends)
      .query(({ ctx }) => marketTrends(ctx.db, { currency: ctx.currency, now: ctx.clock.now() })),
    trendsCsv: open
      .meta(rest("GET", "/ai/market-trends.csv", { summary: "The market's days as CSV", file: true }))
      .output(fileAnswer)
      .query(({ ctx }) => trendsCsv(ctx.db, { currency: ctx.currency, now: ctx.clock.now() })),
    earnings: open
      .meta(rest("GET", "/public/earnings", { summary: "What an estimate of an owner's earnings stands on" }))
      .output(S.EarningsBasis)
      .query(({ ctx }) => earningsBasis(ctx.db, { currency: ctx.currency, now: ctx.clock.now() })),
    rebuild: operator
      .meta(told("Build the sales that hints lean on again from the completed orders"))
      .output(S.Rebuilt)
      .mutation(({ ctx }) => ctx.transact((tx) => rebuildTrades(tx, ctx.actor))),
  });
