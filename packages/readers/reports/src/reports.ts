import { countUsers } from "@evx/accounts";
import type { Db } from "@evx/db";
import { type Currency, type Id, textFromMinor } from "@evx/kernel";
import { totals } from "@evx/ledger";
import { monthTotals } from "@evx/trips";
import type * as v from "valibot";
import {
  byMonth,
  type PersonalMetric,
  type PlatformMetric,
  personalMetrics,
  platformMetrics,
  type Sums,
  sumsOf,
} from "./policy.ts";
import { personalRows, platformRows } from "./queries/reports.ts";
import type * as S from "./schema.ts";

type Answer<T extends v.GenericSchema> = v.InferInput<T>;

type Driven = { distance_m: bigint; co2_g: bigint };

const noDriving: Driven = { distance_m: 0n, co2_g: 0n };

const thousandths = (amount: bigint): number => Number(amount) / 1_000;

const personalSums = (sums: Sums<PersonalMetric>, driven: Driven, currency: Currency) => ({
  creditsIssued: sums.issued_g,
  creditsSold: sums.sold_g,
  creditsBought: sums.bought_g,
  creditsRetired: sums.retired_g,
  sales: Number(sums.sales),
  purchases: Number(sums.purchases),
  revenue: textFromMinor(sums.net_minor, currency),
  spent: textFromMinor(sums.spent_minor, currency),
  distanceKm: thousandths(driven.distance_m),
  co2SavedKg: thousandths(driven.co2_g),
});

const total = (months: readonly Driven[]): Driven =>
  months.reduce(
    (sum, { distance_m, co2_g }) => ({ distance_m: sum.distance_m + distance_m, co2_g: sum.co2_g + co2_g }),
    noDriving,
  );

/** A person's year at a glance: what they drove, earned in credits, sold, bought and retired, by month (UTC). */
export const personalReport = async (
  db: Db,
  userId: Id<"user">,
  currency: Currency,
): Promise<Answer<typeof S.PersonalReport>> => {
  const rows = await personalRows(db, userId);
  const driven = new Map((await monthTotals(db, { ownerId: userId })).map((month) => [month.month, month]));
  const traded = new Map(byMonth(personalMetrics, rows).map(({ month, sums }) => [month, sums]));
  const months = [...new Set([...driven.keys(), ...traded.keys()])].sort();
  return {
    userId,
    currency,
    totals: personalSums(sumsOf(personalMetrics, rows), total([...driven.values()]), currency),
    series: months.map((period) => ({
      period,
      ...personalSums(
        traded.get(period) ?? sumsOf(personalMetrics, []),
        driven.get(period) ?? noDriving,
        currency,
      ),
    })),
  };
};

/** The CO2 that all cars of an owner kept out of the air, by month (UTC). */
export const savingsReport = async (db: Db, userId: Id<"user">): Promise<Answer<typeof S.SavingsReport>> => {
  const months = await monthTotals(db, { ownerId: userId });
  const view = ({ distance_m, co2_g }: Driven) => ({
    distanceKm: thousandths(distance_m),
    co2SavedKg: thousandths(co2_g),
    credits: co2_g,
  });
  return {
    userId,
    totals: view(total(months)),
    series: months.map((month) => ({ period: month.month, ...view(month) })),
  };
};

const revenueSums = (sums: Sums<PersonalMetric>, currency: Currency) => ({
  creditsSold: sums.sold_g,
  sales: Number(sums.sales),
  gross: textFromMinor(sums.gross_minor, currency),
  platformFee: textFromMinor(sums.platform_fee_minor, currency),
  cvaFee: textFromMinor(sums.cva_fee_minor, currency),
  net: textFromMinor(sums.net_minor, currency),
});

/** What a seller's sales brought, before and after fees, by month (UTC). Gross is the sum of the other three to the unit. */
export const revenueReport = async (
  db: Db,
  userId: Id<"user">,
  currency: Currency,
): Promise<Answer<typeof S.RevenueReport>> => {
  const rows = await personalRows(db, userId);
  const sold = new Set<string>([
    "sold_g",
    "sales",
    "gross_minor",
    "platform_fee_minor",
    "cva_fee_minor",
    "net_minor",
  ]);
  const months = byMonth(
    personalMetrics,
    rows.filter(({ metric }) => sold.has(metric)),
  );
  return {
    userId,
    currency,
    totals: revenueSums(sumsOf(personalMetrics, rows), currency),
    series: months.map(({ month, sums }) => ({ period: month, ...revenueSums(sums, currency) })),
  };
};

const platformSums = (sums: Sums<PlatformMetric>, currency: Currency) => ({
  users: Number(sums.users),
  creditsIssued: sums.issued_g,
  creditsTraded: sums.traded_g,
  creditsRetired: sums.retired_g,
  trades: Number(sums.trades),
  volume: textFromMinor(sums.volume_minor, currency),
  platformFees: textFromMinor(sums.platform_fee_minor, currency),
  cvaFees: textFromMinor(sums.cva_fee_minor, currency),
  disputes: Number(sums.disputes),
});

/** Grams ever issued and retired, from the ledger itself: the figures that must be right are not a read model's. */
const ofRecord = async (db: Db) => {
  const grams = await totals(db, "gCO2e");
  return { creditsIssued: -(grams.get("issued") ?? 0n), creditsRetired: grams.get("retired") ?? 0n };
};

/** The venue's own report. Issued and retired come from the ledger, people from identity, trade from the read model. */
export const platformReport = async (
  db: Db,
  currency: Currency,
): Promise<Answer<typeof S.PlatformReport>> => {
  const [rows, people, grams] = await Promise.all([platformRows(db), countUsers(db), ofRecord(db)]);
  const sums = sumsOf(platformMetrics, rows);
  const { users: _, ...all } = platformSums(sums, currency);
  return {
    ...all,
    ...grams,
    currency,
    users: Object.fromEntries(people.map(({ role, people }) => [role, people])),
    fees: textFromMinor(sums.platform_fee_minor + sums.cva_fee_minor, currency),
    series: byMonth(platformMetrics, rows).map(({ month, sums }) => ({
      period: month,
      ...platformSums(sums, currency),
    })),
  };
};

/** What anyone may know of the venue. */
export const publicTotals = async (db: Db): Promise<Answer<typeof S.PublicTotals>> => {
  const [rows, grams] = await Promise.all([platformRows(db), ofRecord(db)]);
  const sums = sumsOf(platformMetrics, rows);
  return { ...grams, creditsTraded: sums.traded_g, trades: Number(sums.trades) };
};
