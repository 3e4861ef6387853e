import { member, open, operator, rest, router, selfOrOperator } from "@evx/rpc";
import * as v from "valibot";
import { csvOf } from "./csv.ts";
import { personalReport, platformReport, publicTotals, revenueReport, savingsReport } from "./reports.ts";
import * as S from "./schema.ts";

const of = (path: string, summary: string) => rest("GET", `/reports/${path}`, { summary, file: true });

/** The columns of a download: those of the series, in the schema's order. */
const columnsOf = (schema: { entries: { series: { item: { entries: object } } } }) =>
  Object.keys(schema.entries.series.item.entries);

export const reportsRouter = router({
  personal: member
    .meta(of("personal/{userId}", "A person's totals and months"))
    .input(S.ReportOf)
    .output(v.union([S.PersonalReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      const report = await personalReport(ctx.db, input.userId, ctx.currency);
      return input.format === "csv" ? csvOf("personal", report.series, columnsOf(S.PersonalReport)) : report;
    }),
  savings: member
    .meta(of("co2-savings/{userId}", "CO2 kept out of the air by an owner's cars"))
    .input(S.ReportOf)
    .output(v.union([S.SavingsReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      const report = await savingsReport(ctx.db, input.userId);
      return input.format === "csv"
        ? csvOf("co2-savings", report.series, columnsOf(S.SavingsReport))
        : report;
    }),
  revenue: member
    .meta(of("revenue/{userId}", "What a seller's sales brought"))
    .input(S.ReportOf)
    .output(v.union([S.RevenueReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      const report = await revenueReport(ctx.db, input.userId, ctx.currency);
      return input.format === "csv" ? csvOf("revenue", report.series, columnsOf(S.RevenueReport)) : report;
    }),
  platform: operator
    .meta(of("platform", "The venue's totals and months"))
    .input(S.PlatformInput)
    .output(v.union([S.PlatformReport, S.FileView]))
    .query(async ({ ctx, input }) => {
      const report = await platformReport(ctx.db, ctx.currency);
      return input.format === "csv" ? csvOf("platform", report.series, columnsOf(S.PlatformReport)) : report;
    }),
  totals: open
    .meta(rest("GET", "/public/totals", { summary: "What anyone may know of the venue" }))
    .output(S.PublicTotals)
    .query(({ ctx }) => publicTotals(ctx.db)),
});
