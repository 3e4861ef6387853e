/** What a file is asked for: kept beside the file, so that any worker can write it. */
import type { Db } from "@evx/db";
import { type Currency, type Id, idOf, isCurrency } from "@evx/kernel";
import * as v from "valibot";
import { buyerReport } from "./buyer.ts";
import { salesSheet, tripsSheet } from "./lists.ts";
import { type Period, steps } from "./policy.ts";
import { auditorReport, personalReport, platformReport, revenueReport, savingsReport } from "./reports.ts";
import * as S from "./schema.ts";
import { columnsOf, type Sheet, seriesSheet } from "./sheets.ts";

export const Asked = v.object({
  report: v.picklist(S.exported),
  /** Null for everybody's. */
  userId: v.nullable(idOf("user")),
  vehicleId: v.nullable(idOf("vehicle")),
  role: v.picklist(["ev_owner", "buyer", "cva", "admin"]),
  locale: v.picklist(["en", "vi"]),
  currency: v.pipe(
    v.string(),
    v.check(isCurrency),
    v.transform((code) => code as Currency),
  ),
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
  zone: v.string(),
  by: v.picklist(steps),
});
export type Asked = v.InferOutput<typeof Asked>;

type Row = Readonly<Record<string, string | number | bigint | null>>;

/** A report by sums: what stands on paper above its rows, and the rows. */
export type Summed = {
  readonly totals: Row;
  readonly series: readonly Row[];
  readonly columns: readonly string[];
};

const oneself = ({ userId }: Asked): Id<"user"> => {
  if (!userId) throw new Error("This report is of one person, and none is named.");
  return userId;
};

const platformSummed = async (db: Db, period: Period, currency: Currency): Promise<Summed> => {
  const {
    series,
    users: _,
    from: __,
    to: ___,
    zone: ____,
    by: _____,
    currency: ______,
    ...totals
  } = await platformReport(db, period, currency);
  return { totals, series, columns: columnsOf(S.PlatformReport) };
};

/** The report of a name by its sums, or null for a list of single rows. */
export const summedOf = async (db: Db, asked: Asked): Promise<Summed | null> => {
  const { report, currency, vehicleId } = asked;
  const { from, to, zone, by } = asked;
  const period: Period = { from, to, zone, by };
  if (report === "sales" || report === "trips") return null;
  if (report === "platform") return platformSummed(db, period, currency);
  const userId = oneself(asked);
  const whose = { userId, vehicleId: vehicleId ?? undefined };
  if (report === "personal")
    return { ...(await personalReport(db, whose, period, currency)), columns: columnsOf(S.PersonalReport) };
  if (report === "co2-savings")
    return { ...(await savingsReport(db, whose, period)), columns: columnsOf(S.SavingsReport) };
  if (report === "revenue")
    return { ...(await revenueReport(db, userId, period, currency)), columns: columnsOf(S.RevenueReport) };
  if (report === "buyer")
    return { ...(await buyerReport(db, userId, period, currency)), columns: columnsOf(S.BuyerReport) };
  return { ...(await auditorReport(db, userId, period)), columns: columnsOf(S.AuditorReport) };
};

/** The rows of whatever is asked for. */
export const sheetOf = async (db: Db, asked: Asked): Promise<Sheet> => {
  const { report, userId, vehicleId, role, ...period } = asked;
  if (report === "trips")
    return tripsSheet(db, { userId: oneself(asked), vehicleId: vehicleId ?? undefined }, period);
  if (report === "sales") {
    const side = role === "buyer" ? "buyerId" : "sellerId";
    return salesSheet(db, userId ? { [side]: userId } : {}, period);
  }
  const summed = await summedOf(db, asked);
  return summed ? seriesSheet(summed.series, summed.columns) : { columns: [], total: 0, portions: none() };
};

async function* none(): AsyncGenerator<[], void, void> {
  // A report of no rows.
}
