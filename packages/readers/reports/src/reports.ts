import { countUsers } from "@evx/accounts";
import type { Db } from "@evx/db";
import { allVehiclesOfOwner } from "@evx/garage";
import { type Currency, type Id, textFromMinor } from "@evx/kernel";
import { totals } from "@evx/ledger";
import { driven } from "@evx/trips";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { byPeriod, noSums, type Period, type Sums, sumsOf, venue } from "./policy.ts";
import { sumRows, sumsOfSubjects } from "./queries/sums.ts";
import type * as S from "./schema.ts";

type Answer<T extends v.GenericSchema> = v.InferInput<T>;

type Driven = { distance_m: bigint; co2_g: bigint };

const noDriving: Driven = { distance_m: 0n, co2_g: 0n };

const thousandths = (amount: bigint): number => Number(amount) / 1_000;

const total = (parts: readonly Driven[]): Driven =>
  parts.reduce(
    (sum, { distance_m, co2_g }) => ({ distance_m: sum.distance_m + distance_m, co2_g: sum.co2_g + co2_g }),
    noDriving,
  );

/** A subject's sums in a period: together, and by its days, months or years. */
export const summed = async (db: Db, subject: string, period: Period) => {
  const rows = await sumRows(db, subject, period);
  return { sums: sumsOf(rows), series: byPeriod(rows) };
};

/** Whose report it is, and of which vehicle where it is of one alone. */
export type Whose = { readonly userId: Id<"user">; readonly vehicleId?: Id<"vehicle"> | undefined };

/** A person's vehicles, or the one that is asked for. Refuses `report_not_found` for one that is not theirs. */
const vehiclesAsked = async (db: Db, { userId, vehicleId }: Whose) => {
  const vehicles = await allVehiclesOfOwner(db, userId);
  if (vehicleId === undefined) return vehicles;
  const found = vehicles.filter(({ id }) => id === vehicleId);
  if (found.length === 0) throw refuse("report_not_found");
  return found;
};

const personalSums = (sums: Sums, driven: Driven, currency: Currency) => ({
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

/**
 * A person at a glance: what they drove, earned in credits, sold, bought and retired. Driving is by the days of each
 * vehicle's zone, all else by those of the period's. Of one vehicle: its driving and what was issued for it.
 */
export const personalReport = async (
  db: Db,
  whose: Whose,
  period: Period,
  currency: Currency,
): Promise<Answer<typeof S.PersonalReport>> => {
  const vehicles = await vehiclesAsked(db, whose);
  const [{ sums, series }, drove, issued] = await Promise.all([
    summed(db, whose.vehicleId ?? whose.userId, period),
    driven(db, vehicles, period),
    sumsOfSubjects(
      db,
      vehicles.map(({ id }) => id),
      "issued_g",
      period,
    ),
  ]);
  const driving = new Map<string, Driven>(drove.series.map((part) => [part.period, part]));
  const moved = [...series].filter(([, { issued_g, sold_g, bought_g, retired_g }]) =>
    [issued_g, sold_g, bought_g, retired_g].some((grams) => grams !== 0n),
  );
  return {
    userId: whose.userId,
    currency,
    ...period,
    totals: personalSums(sums, total(drove.series), currency),
    series: [...new Set([...driving.keys(), ...moved.map(([name]) => name)])].sort().map((name) => ({
      period: name,
      ...personalSums(series.get(name) ?? noSums(), driving.get(name) ?? noDriving, currency),
    })),
    vehicles: vehicles.map(({ id, make, model, model_year }) => {
      const own = drove.each.get(id);
      return {
        vehicleId: id,
        name: `${make} ${model} ${model_year}`,
        trips: own?.trips ?? 0,
        distanceKm: thousandths(own?.distance_m ?? 0n),
        co2SavedKg: thousandths(own?.co2_g ?? 0n),
        creditsIssued: issued.get(id) ?? 0n,
      };
    }),
  };
};

/** The CO2 that an owner's cars, or one of them, kept out of the air. */
export const savingsReport = async (
  db: Db,
  whose: Whose,
  period: Period,
): Promise<Answer<typeof S.SavingsReport>> => {
  const { series } = await driven(db, await vehiclesAsked(db, whose), period);
  const view = ({ distance_m, co2_g }: Driven) => ({
    distanceKm: thousandths(distance_m),
    co2SavedKg: thousandths(co2_g),
    credits: co2_g,
  });
  return {
    userId: whose.userId,
    ...period,
    totals: view(total(series)),
    series: series.map((part) => ({ period: part.period, ...view(part) })),
  };
};

const revenueSums = (sums: Sums, currency: Currency) => ({
  creditsSold: sums.sold_g,
  sales: Number(sums.sales),
  gross: textFromMinor(sums.gross_minor, currency),
  platformFee: textFromMinor(sums.platform_fee_minor, currency),
  cvaFee: textFromMinor(sums.cva_fee_minor, currency),
  net: textFromMinor(sums.net_minor, currency),
});

/** What a seller's sales brought, before and after fees. Gross is the sum of the other three to the unit. */
export const revenueReport = async (
  db: Db,
  userId: Id<"user">,
  period: Period,
  currency: Currency,
): Promise<Answer<typeof S.RevenueReport>> => {
  const { sums, series } = await summed(db, userId, period);
  return {
    userId,
    currency,
    ...period,
    totals: revenueSums(sums, currency),
    series: [...series]
      .filter(([, part]) => part.sales > 0n)
      .map(([name, part]) => ({ period: name, ...revenueSums(part, currency) })),
  };
};

const reviewSums = (sums: Sums) => ({
  decided: Number(sums.decided),
  approved: Number(sums.approved),
  rejected: Number(sums.rejected),
  creditsIssued: sums.approved_g,
  tripsReviewed: Number(sums.reviewed_trips),
  tripsRefused: Number(sums.refused_trips),
  hours: sums.decided > 0n ? Math.round(Number(sums.review_s) / Number(sums.decided) / 36) / 100 : null,
});

/** An auditor's work: how much they decided, how it ended, how long it took. */
export const auditorReport = async (
  db: Db,
  userId: Id<"user">,
  period: Period,
): Promise<Answer<typeof S.AuditorReport>> => {
  const { sums, series } = await summed(db, userId, period);
  return {
    userId,
    ...period,
    totals: reviewSums(sums),
    series: [...series]
      .filter(([, part]) => part.decided > 0n)
      .map(([name, part]) => ({ period: name, ...reviewSums(part) })),
  };
};

const platformSums = (sums: Sums, currency: Currency) => ({
  users: Number(sums.users),
  creditsIssued: sums.issued_g,
  creditsTraded: sums.sold_g,
  creditsRetired: sums.retired_g,
  trades: Number(sums.sales),
  volume: textFromMinor(sums.gross_minor, currency),
  platformFees: textFromMinor(sums.platform_fee_minor, currency),
  cvaFees: textFromMinor(sums.cva_fee_minor, currency),
  disputes: Number(sums.disputes),
});

/** Grams ever issued and retired, from the ledger itself: the figures that must be right are not a read model's. */
const ofRecord = async (db: Db) => {
  const grams = await totals(db, "gCO2e");
  return { creditsIssued: -(grams.get("issued") ?? 0n), creditsRetired: grams.get("retired") ?? 0n };
};

/**
 * The venue's own report. People come from accounts as they are today; of the whole of time, issued and retired grams come
 * from the ledger.
 */
export const platformReport = async (
  db: Db,
  period: Period,
  currency: Currency,
): Promise<Answer<typeof S.PlatformReport>> => {
  const [{ sums, series }, people, grams] = await Promise.all([
    summed(db, venue, period),
    countUsers(db),
    ofRecord(db),
  ]);
  const { users: newUsers, ...all } = platformSums(sums, currency);
  return {
    ...period,
    ...all,
    ...(period.from === null && period.to === null ? grams : {}),
    currency,
    users: Object.fromEntries(people.map(({ role, people }) => [role, people])),
    newUsers,
    fees: textFromMinor(sums.platform_fee_minor + sums.cva_fee_minor, currency),
    paidOut: textFromMinor(sums.paid_out_minor, currency),
    series: [...series].map(([name, part]) => ({ period: name, ...platformSums(part, currency) })),
  };
};

/** What anyone may know of the venue. */
export const publicTotals = async (db: Db): Promise<Answer<typeof S.PublicTotals>> => {
  const all = { from: null, to: null, zone: "UTC", by: "year" } as const;
  const [{ sums }, grams] = await Promise.all([summed(db, venue, all), ofRecord(db)]);
  return { ...grams, creditsTraded: sums.sold_g, trades: Number(sums.sales) };
};
