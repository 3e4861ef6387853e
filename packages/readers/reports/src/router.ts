import { displayNames } from "@evx/accounts";
import { csvFile, xlsxFile } from "@evx/files";
import type { Currency, Id } from "@evx/kernel";
import { type Context, member, open, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import * as v from "valibot";
import { type Asked, summedOf } from "./asked.ts";
import { buyerReport } from "./buyer.ts";
import { rebuildReports } from "./counting.ts";
import { askExport, exportFile, exportOf, exportsOf } from "./exports.ts";
import { insight } from "./insight.ts";
import { pdfBytes, titleOf } from "./pdf.ts";
import { periodOf } from "./periods.ts";
import type { Period } from "./policy.ts";
import {
  auditorReport,
  personalReport,
  platformReport,
  publicTotals,
  revenueReport,
  savingsReport,
} from "./reports.ts";
import * as S from "./schema.ts";
import { numeric, rowsOf } from "./sheets.ts";

const of = (path: string, summary: string) => ({
  ...rest("GET", `/reports/${path}`, { summary, file: "by_format" }),
  points: 2,
});

type Ctx = Pick<Context, "db" | "locale" | "clock" | "currency">;
type Input = v.InferOutput<typeof S.PlatformInput> & {
  userId?: Id<"user">;
  vehicleId?: Id<"vehicle"> | undefined;
};

const periodAsked = (ctx: Ctx, input: Input): Promise<Period> => periodOf(ctx.db, ctx.clock.now(), input);

/** A report as it was asked for: itself, or a file of it. */
const answered = async <R>(
  ctx: Ctx,
  report: Exclude<S.Exported, "sales" | "trips">,
  input: Input,
  itself: (period: Period, currency: Currency) => Promise<R>,
) => {
  const period = await periodAsked(ctx, input);
  const { format, userId = null, vehicleId = null } = input;
  if (format === "json") return itself(period, ctx.currency);
  const locale = input.locale ?? ctx.locale;
  const asked: Asked = {
    ...period,
    report,
    userId,
    vehicleId,
    role: "ev_owner",
    locale,
    currency: ctx.currency,
  };
  const summed = await summedOf(ctx.db, asked);
  if (!summed) throw new Error(`${report} has no sums`);
  const rows = rowsOf(summed.series, summed.columns);
  if (format === "csv") return csvFile(`${report}.csv`, summed.columns, rows);
  if (format === "xlsx")
    return xlsxFile(
      `${report}.xlsx`,
      titleOf(report, locale),
      summed.columns,
      rows.map((row) => row.map(numeric)),
    );
  const whose = userId ? ((await displayNames(ctx.db, [userId])).get(userId) ?? null) : null;
  const content = await pdfBytes(asked, summed, { at: ctx.clock.now(), whose });
  return { contentType: "application/pdf", fileName: `${report}.pdf`, content };
};

const people = {
  personal: member
    .meta(of("personal/{userId}", "What a person drove, earned, sold, bought and retired in a period"))
    .input(S.OwnerReportOf)
    .output(v.union([S.PersonalReport, S.FileView]))
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return answered(ctx, "personal", input, (period, currency) =>
        personalReport(ctx.db, input, period, currency),
      );
    }),
  savings: member
    .meta(of("co2-savings/{userId}", "CO2 kept out of the air by an owner's cars"))
    .input(S.OwnerReportOf)
    .output(v.union([S.SavingsReport, S.FileView]))
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return answered(ctx, "co2-savings", input, (period) => savingsReport(ctx.db, input, period));
    }),
  revenue: member
    .meta(of("revenue/{userId}", "What a seller's sales brought"))
    .input(S.ReportOf)
    .output(v.union([S.RevenueReport, S.FileView]))
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return answered(ctx, "revenue", input, (period, currency) =>
        revenueReport(ctx.db, input.userId, period, currency),
      );
    }),
  buyer: member
    .meta(of("buyer/{userId}", "What a buyer bought and retired, by the attributes of the credits"))
    .input(S.ReportOf)
    .output(v.union([S.BuyerReport, S.FileView]))
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return answered(ctx, "buyer", input, (period, currency) =>
        buyerReport(ctx.db, input.userId, period, currency),
      );
    }),
  auditor: member
    .meta(of("auditor/{userId}", "An auditor's decisions, and how long they took"))
    .input(S.ReportOf)
    .output(v.union([S.AuditorReport, S.FileView]))
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return answered(ctx, "auditor", input, (period) => auditorReport(ctx.db, input.userId, period));
    }),
};

const exportsRoutes = {
  ask: member
    .meta(rest("POST", "/reports/exports", { status: 201, summary: "Have a report written into a file" }))
    .input(S.AskExport)
    .output(S.ExportAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("export");
      const facts = { now: ctx.clock.now(), currency: ctx.currency, locale: ctx.locale };
      return { export: await ctx.transact((tx) => askExport(tx, ctx.actor, { id, input, ...facts })) };
    }),
  list: member
    .meta(rest("GET", "/reports/exports", { summary: "Your files, newest first" }))
    .output(S.Exports)
    .query(({ ctx }) => exportsOf(ctx.db, ctx.actor, ctx.clock.now())),
  one: member
    .meta(rest("GET", "/reports/exports/{id}", { summary: "How far a file is, and where it is" }))
    .input(S.ExportId)
    .output(S.ExportAnswer)
    .query(async ({ ctx, input }) => ({
      export: await exportOf(ctx.db, ctx.actor, { id: input.id, now: ctx.clock.now() }),
    })),
  file: member
    .meta(
      rest("GET", "/reports/exports/{id}/file", { summary: "The file itself, until it expires", file: true }),
    )
    .input(S.ExportId)
    .output(S.FileView)
    .query(({ ctx, input }) => exportFile(ctx.db, ctx.actor, { id: input.id, now: ctx.clock.now() })),
};

export const reportsRouter = router({
  ...people,
  platform: operator
    .meta(of("platform", "The venue's totals and periods"))
    .input(S.PlatformInput)
    .output(v.union([S.PlatformReport, S.FileView]))
    .query(({ ctx, input }) =>
      answered(ctx, "platform", input, (period, currency) => platformReport(ctx.db, period, currency)),
    ),
  insight: operator
    .meta(rest("GET", "/reports/platform/insight", { summary: "How far people come, and who does most" }))
    .input(S.InsightInput)
    .output(S.Insight)
    .query(async ({ ctx, input }) =>
      insight(ctx.db, await periodOf(ctx.db, ctx.clock.now(), input), {
        currency: ctx.currency,
        most: input.most,
      }),
    ),
  exports: router(exportsRoutes),
  totals: open
    .meta(rest("GET", "/public/totals", { summary: "What anyone may know of the venue" }))
    .output(S.PublicTotals)
    .query(({ ctx }) => publicTotals(ctx.db)),
  rebuild: operator
    .meta(told("Build the reports' sums again from the rows that the truth is in"))
    .output(S.Rebuilt)
    .mutation(({ ctx }) => ctx.transact((tx) => rebuildReports(tx, ctx.actor))),
});
