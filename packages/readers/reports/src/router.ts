import { displayNames } from "@evx/accounts";
import type { Id } from "@evx/kernel";
import { type Context, member, open, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import * as v from "valibot";
import { csvOf } from "./csv.ts";
import { pdfOf, type ReportName } from "./pdf.ts";
import { rebuildReports } from "./rebuild.ts";
import { personalReport, platformReport, publicTotals, revenueReport, savingsReport } from "./reports.ts";
import * as S from "./schema.ts";

const of = (path: string, summary: string) => ({
  ...rest("GET", `/reports/${path}`, { summary, file: "by_format" }),
  points: 2,
});

/** The columns of a download: those of the series, in the schema's order. */
const columnsOf = (schema: { entries: { series: { item: { entries: object } } } }) =>
  Object.keys(schema.entries.series.item.entries);

type Series = { series: readonly Record<string, string | number | bigint>[] };

/** A report as it was asked for: itself, or a file of it. */
const answered = async <R extends Series & { userId?: Id<"user">; currency?: string }>(
  ctx: Pick<Context, "db" | "locale" | "clock">,
  name: ReportName,
  { report, totals }: { report: R; totals: Parameters<typeof pdfOf>[1]["totals"] },
  schema: Parameters<typeof columnsOf>[0],
  { format, locale }: v.InferOutput<typeof S.PlatformInput>,
) => {
  if (format === "csv") return csvOf(name, report.series, columnsOf(schema));
  if (format === "json") return report;
  const { series, currency, userId } = report;
  return pdfOf(name, { totals, series, ...(currency ? { currency } : {}) }, columnsOf(schema), {
    locale: locale ?? ctx.locale,
    at: ctx.clock.now(),
    whose: userId ? ((await displayNames(ctx.db, [userId])).get(userId) ?? null) : null,
  });
};

export const reportsRouter = router({
  personal: member
    .meta(of("personal/{userId}", "A person's totals and months"))
    .input(S.ReportOf)
    .output(v.union([S.PersonalReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      const report = await personalReport(ctx.db, input.userId, ctx.currency);
      return answered(ctx, "personal", { report, totals: report.totals }, S.PersonalReport, input);
    }),
  savings: member
    .meta(of("co2-savings/{userId}", "CO2 kept out of the air by an owner's cars"))
    .input(S.ReportOf)
    .output(v.union([S.SavingsReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      const report = await savingsReport(ctx.db, input.userId);
      return answered(ctx, "co2-savings", { report, totals: report.totals }, S.SavingsReport, input);
    }),
  revenue: member
    .meta(of("revenue/{userId}", "What a seller's sales brought"))
    .input(S.ReportOf)
    .output(v.union([S.RevenueReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      const report = await revenueReport(ctx.db, input.userId, ctx.currency);
      return answered(ctx, "revenue", { report, totals: report.totals }, S.RevenueReport, input);
    }),
  platform: operator
    .meta(of("platform", "The venue's totals and months"))
    .input(S.PlatformInput)
    .output(v.union([S.PlatformReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      const report = await platformReport(ctx.db, ctx.currency);
      const { users: _, series: __, currency: ___, ...totals } = report;
      return answered(ctx, "platform", { report, totals }, S.PlatformReport, input);
    }),
  totals: open
    .meta(rest("GET", "/public/totals", { summary: "What anyone may know of the venue" }))
    .output(S.PublicTotals)
    .query(({ ctx }) => publicTotals(ctx.db)),
  rebuild: operator
    .meta(told("Build the reports' sums again from the rows that the truth is in"))
    .output(S.Rebuilt)
    .mutation(({ ctx }) => ctx.transact((tx) => rebuildReports(tx, ctx.actor))),
});
