import type { Db } from "@evx/db";
import { type Id, kgFromGrams } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { factorsAt } from "./factors.ts";
import { dayTotalRows, monthTotalRows } from "./queries/totals.ts";
import { allVehiclesOfOwner } from "./queries/vehicles.ts";
import type * as S from "./schema.ts";

type Period = v.InferOutput<typeof S.OwnSavingsInput>["period"];
type MonthRow = Awaited<ReturnType<typeof monthTotalRows>>[number];
type Part = { trips: number; distance_m: bigint; co2_g: bigint; claimed_co2_g: bigint | null };

/** Months as years, in their order. */
const byYear = (months: readonly MonthRow[]): [string, Part][] => {
  const years = new Map<string, MonthRow>();
  for (const row of months) {
    const year = row.month.slice(0, 4);
    const known = years.get(year);
    years.set(year, {
      ...row,
      trips: row.trips + (known?.trips ?? 0),
      distance_m: row.distance_m + (known?.distance_m ?? 0n),
      co2_g: row.co2_g + (known?.co2_g ?? 0n),
      claimed_co2_g: row.claimed_co2_g + (known?.claimed_co2_g ?? 0n),
    });
  }
  return [...years];
};

const seriesBy = async (
  db: Db,
  ownerId: Id<"user">,
  period: Period,
  months: readonly MonthRow[],
): Promise<[string, Part][]> => {
  if (period === "year") return byYear(months);
  if (period === "month") return months.map((row) => [row.month, row]);
  // What is claimed is kept by month: a day's part of it is not known without counting trips.
  return (await dayTotalRows(db, ownerId)).map((row) => [row.day, { ...row, claimed_co2_g: null }]);
};

/**
 * What all of an owner's vehicles saved: one figure for the home page and a series by day, month or year (UTC) for the
 * chart, from the running totals.
 */
export const ownSavings = async (
  db: Db,
  actor: Pick<Actor, "id">,
  { period }: v.InferOutput<typeof S.OwnSavingsInput>,
  at: Date,
): Promise<v.InferInput<typeof S.OwnSavingsView>> => {
  const [vehicles, rows] = await Promise.all([
    allVehiclesOfOwner(db, actor.id),
    monthTotalRows(db, { ownerId: actor.id }),
  ]);
  const { method } = await factorsAt(db, vehicles[0]?.country_code ?? "VN", at);
  const sum = (pick: (row: (typeof rows)[number]) => bigint) =>
    rows.reduce((total, row) => total + pick(row), 0n);
  const co2_g = sum((row) => row.co2_g);
  const claimed_g = sum((row) => row.claimed_co2_g);
  return {
    vehicles: vehicles.length,
    trips: rows.reduce((total, row) => total + row.trips, 0),
    distanceKm: Number(sum((row) => row.distance_m)) / 1000,
    co2SavedKg: kgFromGrams(co2_g),
    credits: co2_g,
    claimableCredits: co2_g - claimed_g,
    method,
    period,
    series: (await seriesBy(db, actor.id, period, rows)).map(([name, row]) => ({
      period: name,
      trips: row.trips,
      distanceKm: Number(row.distance_m) / 1000,
      co2SavedKg: kgFromGrams(row.co2_g),
      claimedKg: row.claimed_co2_g === null ? null : kgFromGrams(row.claimed_co2_g),
    })),
  };
};
