import type { Db } from "@evx/db";
import { factorsAt } from "@evx/emissions";
import { allVehiclesOfOwner, daysIn, visibleVehicle } from "@evx/garage";
import { kgFromGrams } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { dayTotalRows, monthTotalRows, seriesOf, type TotalsKey } from "./queries/totals.ts";
import type * as S from "./schema.ts";

type Period = v.InferOutput<typeof S.OwnSavingsInput>["period"];
type MonthRow = Awaited<ReturnType<typeof monthTotalRows>>[number];
type Part = { trips: number; distance_m: bigint; co2_g: bigint; claimed_co2_g: bigint };

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
  vehicles: readonly TotalsKey[],
  period: Period,
  months: readonly MonthRow[],
): Promise<[string, Part][]> => {
  if (period === "year") return byYear(months);
  if (period === "month") return months.map((row) => [row.month, row]);
  return (await dayTotalRows(db, vehicles)).map((row) => [row.day, row]);
};

/**
 * What all of an owner's vehicles saved: one figure for the home page and a series by day, month or year for the chart,
 * each vehicle's in its own zone, from the running totals.
 */
export const ownSavings = async (
  db: Db,
  actor: Pick<Actor, "id">,
  { period }: v.InferOutput<typeof S.OwnSavingsInput>,
  at: Date,
): Promise<v.InferInput<typeof S.OwnSavingsView>> => {
  const vehicles = await allVehiclesOfOwner(db, actor.id);
  const rows = await monthTotalRows(db, { vehicles });
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
    series: (await seriesBy(db, vehicles, period, rows)).map(([name, row]) => ({
      period: name,
      trips: row.trips,
      distanceKm: Number(row.distance_m) / 1000,
      co2SavedKg: kgFromGrams(row.co2_g),
      claimedKg: kgFromGrams(row.claimed_co2_g),
    })),
  };
};

/**
 * CO2 saved by day, month or year of the vehicle's zone, from the running totals: the cost does not grow with trips.
 * Between two days, or the days of two moments, the first and the last period hold no other days.
 */
export const co2Savings = async (
  db: Db,
  actor: Actor,
  input: v.InferOutput<typeof S.SavingsInput>,
  at: Date,
): Promise<v.InferInput<typeof S.SavingsView>> => {
  const vehicle = await visibleVehicle(db, actor, input.id);
  const rows = await seriesOf(
    db,
    { carId: vehicle.car_id, vehicleId: vehicle.id, ...(await daysIn(db, vehicle.zone, input)) },
    input.period,
  );
  const { method } = await factorsAt(db, vehicle.country_code, at);
  const sum = (pick: (row: (typeof rows)[number]) => bigint) =>
    rows.reduce((total, row) => total + pick(row), 0n);
  const co2_g = sum((row) => row.co2_g);
  return {
    period: input.period,
    zone: vehicle.zone,
    method,
    totalDistanceKm: Number(sum((row) => row.distance_m)) / 1000,
    totalCo2SavedKg: kgFromGrams(co2_g),
    totalTrips: rows.reduce((total, row) => total + row.trips, 0),
    credits: co2_g,
    series: rows.map((row) => ({
      period: row.period,
      trips: row.trips,
      distanceKm: Number(row.distance_m) / 1000,
      energyKwh: Number(row.energy_wh) / 1000,
      co2SavedKg: kgFromGrams(row.co2_g),
    })),
  };
};
