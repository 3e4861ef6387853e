import type { Finding } from "@evx/formats";
import type { VehicleClass } from "@evx/garage";
import { day_ms } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

/** For how many days after a trip its positions, track and notes are kept; at most ten years. */
export const positionRetention = defineRule(
  "vehicles.position_retention",
  v.object({ days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_660)) }),
  { days: 730 },
);

type EnergyBounds = { rejectBelow: number; flagBelow: number; flagAbove: number; rejectAbove: number };

/**
 * Watt-hours per kilometre (kWh/100 km × 10). Bounds for cars come from 1,282 real cars: 143 / 183 / 290 Wh/km at
 * the first percentile, the median and the 99th.
 */
const energyBounds: Record<VehicleClass, EnergyBounds> = {
  car: { rejectBelow: 40, flagBelow: 100, flagAbove: 350, rejectAbove: 1_000 },
  van: { rejectBelow: 40, flagBelow: 120, flagAbove: 500, rejectAbove: 1_500 },
  quadricycle: { rejectBelow: 10, flagBelow: 30, flagAbove: 150, rejectAbove: 500 },
  motorcycle: { rejectBelow: 10, flagBelow: 20, flagAbove: 150, rejectAbove: 500 },
};

export const bounds = {
  /** Under this distance a cold start explains any consumption, so high values are ignored. */
  shortTrip_m: 2_000,
  speedFlag_kmh: 130,
  speedReject_kmh: 200,
  /** Distance below 0.98 × great circle − 0.2 km cannot be; above 4 × great circle it is a detour worth a look. */
  directPermille: 980,
  directSlack_m: 200,
  detourTimes: 4,
  batteryPercent: 105,
  day_m: 1_500_000,
  trip_m: 3_000_000,
  longestTrip_ms: 14 * day_ms,
  /** Clocks of cars run a little ahead; more than this after now is a date in the future. */
  clockSlack_ms: 5 * 60_000,
  earliest_ms: Date.UTC(2000, 0, 1),
} as const;

/** The facts of a vehicle that plausibility needs. */
export type VehicleFacts = {
  vehicleClass: VehicleClass;
  battery_wh: number | null;
};

/** A trip as plausibility looks at it. */
export type JudgedTrip = {
  start: number;
  end: number;
  distance_m: number;
  energy_wh: number | null;
  /** `exact` times are measured; `estimated` ones are derived from a duration or a single moment; `day` has a date only. */
  precision: "exact" | "estimated" | "day";
  /** Energy derived from a coarse state of charge says too little to refuse a trip by it. */
  energyEstimated: boolean;
  greatCircle_m: number | null;
  track?: readonly unknown[] | null;
  odometerStart_m?: number | null;
  odometerEnd_m?: number | null;
};

const round1 = (value: number): number => Math.round(value * 10) / 10;

const noFlags: readonly Finding[] = [];

/** Whether a track, or the odometer at both ends, tells the trip's distance: then a round trip is nothing odd. */
const isWitnessed = ({ distance_m, track, odometerStart_m, odometerEnd_m }: JudgedTrip): boolean => {
  if (track && track.length > 1) return true;
  const driven_m = (odometerEnd_m ?? 0) - (odometerStart_m ?? 0);
  return (
    odometerStart_m != null && driven_m > 0 && Math.abs(driven_m - distance_m) <= 2_000 + distance_m * 0.05
  );
};

/** By how much a trip may have lasted longer than its times say: whole minutes are rounded, estimated ones at both ends. */
const roundingOf = ({ start, end, precision }: JudgedTrip): number => {
  if (precision === "estimated") return 120_000;
  return start % 60_000 === 0 && end % 60_000 === 0 ? 60_000 : 0;
};

/** Flags and the reason to refuse a trip, if there is one. Numbers are what the sentence shows, in km, h, kWh. */
export const judgeTrip = (
  trip: JudgedTrip,
  facts: VehicleFacts,
): { reject: (Finding & { field: string }) | null; flags: readonly Finding[] } => {
  const { distance_m } = trip;
  let flags: Finding[] | null = null;
  const flag = (code: string, values: Finding["values"]) => {
    flags ??= [];
    flags.push({ code, values });
  };
  const refuse = (field: string, code: string, values: Finding["values"]) => ({
    reject: { field, code, values },
    flags: noFlags,
  });

  if (distance_m > bounds.trip_m) return refuse("distance", "distance_too_long", { km: distance_m / 1000 });

  // A day's records are judged together, where the others of that day are known.
  if (trip.precision !== "day") {
    const speed = (distance_m * 3600) / (trip.end - trip.start + roundingOf(trip));
    if (speed > bounds.speedReject_kmh)
      return refuse("distance", "speed_impossible", { kmh: Math.round(speed), limit: 200 });
    if (speed > bounds.speedFlag_kmh)
      flag("speed_high", { kmh: Math.round(speed), limit: bounds.speedFlag_kmh });
  }

  const direct_m = trip.greatCircle_m;
  if (direct_m !== null) {
    if (distance_m * 1000 < direct_m * bounds.directPermille - bounds.directSlack_m * 1000) {
      return refuse("distance", "distance_below_direct", {
        km: distance_m / 1000,
        directKm: direct_m / 1000,
      });
    }
    if (distance_m > direct_m * bounds.detourTimes && !isWitnessed(trip)) {
      flag("distance_above_direct", { km: distance_m / 1000, directKm: direct_m / 1000 });
    }
  }

  const { energy_wh } = trip;
  if (energy_wh !== null && distance_m > 0) {
    const use = (energy_wh * 1000) / distance_m;
    const limits = energyBounds[facts.vehicleClass];
    const values = { kwhPer100Km: round1(use / 10), kwh: energy_wh / 1000, km: distance_m / 1000 };
    const short = distance_m < bounds.shortTrip_m;
    const certain = !trip.energyEstimated && trip.precision !== "day";
    if (use < limits.rejectBelow && certain)
      return refuse("energy", "energy_impossibly_low", { ...values, limit: limits.rejectBelow / 10 });
    if (use > limits.rejectAbove && certain && !short)
      return refuse("energy", "energy_impossibly_high", { ...values, limit: limits.rejectAbove / 10 });
    // A coarse figure is odd only where a measured one would be refused: a percent of charge is half a kilowatt-hour.
    const low = certain ? limits.flagBelow : limits.rejectBelow;
    const high = certain ? limits.flagAbove : limits.rejectAbove;
    if (use < low) flag("energy_low", { ...values, limit: low / 10 });
    else if (use > high && !short) flag("energy_high", { ...values, limit: high / 10 });
    if (
      trip.precision !== "day" &&
      facts.battery_wh !== null &&
      energy_wh * 100 > facts.battery_wh * bounds.batteryPercent
    ) {
      flag("energy_above_battery", { kwh: energy_wh / 1000, batteryKwh: facts.battery_wh / 1000 });
    }
  }

  if (distance_m > bounds.day_m) flag("day_too_long", { km: distance_m / 1000, limit: bounds.day_m / 1000 });
  return { reject: null, flags: flags ?? noFlags };
};
