import { FindingView } from "@evx/formats/schema";
import { VehicleView } from "@evx/garage/schema";
import {
  boundIn,
  creditsOut,
  idOf,
  idOut,
  inOrder,
  momentOut,
  pageEntries,
  pageOf,
  textOf,
} from "@evx/kernel";
import * as v from "valibot";

export const tripStatus = v.picklist(["recorded", "claimed", "verified", "released"]);

export const qualityTier = v.picklist(["connected", "export", "manual"]);

/** A vehicle with its whole sums: trips, kilometres, CO2, and how much of it no request holds yet. */
export const VehicleSummary = v.object({
  ...VehicleView.entries,
  tripCount: v.number(),
  distanceKm: v.number(),
  co2SavedKg: v.number(),
  credits: creditsOut,
  claimableTrips: v.number(),
  claimableCo2Kg: v.number(),
  claimableCredits: creditsOut,
});

export const VehiclePage = pageOf(VehicleSummary);

export const VehicleList = v.object({
  ...pageEntries,
  /** Words that stand in the plate, the name, the make and model, or the VIN. */
  q: v.optional(textOf(60, 0)),
});

export const TripId = v.object({ id: idOf("vehicle"), tripId: idOf("trip") });

export const TripView = v.object({
  id: idOut("trip"),
  startTime: momentOut,
  endTime: momentOut,
  distanceKm: v.number(),
  energyKwh: v.nullable(v.number()),
  co2SavedKg: v.number(),
  status: tripStatus,
  /** `day`: the record stands for a whole day and its times say no more than the date. */
  precision: v.picklist(["exact", "estimated", "day"]),
  quality: qualityTier,
  source: v.string(),
  notes: v.nullable(v.string()),
  flags: v.array(FindingView),
  releaseReason: v.nullable(v.string()),
});

export const TripPage = pageOf(TripView);

const flag = v.union([
  v.boolean(),
  v.pipe(
    v.picklist(["true", "false"]),
    v.transform((text) => text === "true"),
  ),
]);

export const ListTrips = v.pipe(
  v.object({
    id: idOf("vehicle"),
    ...pageEntries,
    from: v.optional(boundIn),
    to: v.optional(boundIn),
    status: v.optional(tripStatus),
    flagged: v.optional(flag),
    importId: v.optional(idOf("import")),
    order: v.optional(v.picklist(["newest", "oldest"]), "newest"),
  }),
  inOrder("from", "to"),
);

const PositionView = v.object({ lat: v.number(), lon: v.number() });

export const TripDetail = v.object({
  ...TripView.entries,
  vehicleId: idOut("vehicle"),
  /** The zone of the vehicle, by whose days it counts. */
  zone: v.string(),
  start: v.nullable(PositionView),
  end: v.nullable(PositionView),
  odometerStartKm: v.nullable(v.number()),
  odometerEndKm: v.nullable(v.number()),
  factorSet: v.string(),
  flatCo2Kg: v.number(),
  meteredCo2Kg: v.nullable(v.number()),
  /** Seconds since the start, position, km/h. */
  track: v.array(
    v.object({ second: v.number(), lat: v.number(), lon: v.number(), speedKmh: v.nullable(v.number()) }),
  ),
});

/** A trip as the auditor sees it: both methods side by side, and where it went. */
export const AuditedTrip = v.object({
  ...TripView.entries,
  start: v.nullable(PositionView),
  end: v.nullable(PositionView),
  kwhPer100Km: v.nullable(v.number()),
  averageKmh: v.nullable(v.number()),
  flatCo2Kg: v.number(),
  meteredCo2Kg: v.nullable(v.number()),
});

export const AuditedTripPage = pageOf(AuditedTrip);

export const SavingsInput = v.pipe(
  v.object({
    id: idOf("vehicle"),
    period: v.optional(v.picklist(["day", "month", "year"]), "month"),
    from: v.optional(boundIn),
    to: v.optional(boundIn),
  }),
  inOrder("from", "to"),
);

export const SavingsView = v.object({
  period: v.picklist(["day", "month", "year"]),
  /** The zone whose days these are. */
  zone: v.string(),
  totalDistanceKm: v.number(),
  totalCo2SavedKg: v.number(),
  totalTrips: v.number(),
  credits: creditsOut,
  method: v.string(),
  series: v.array(
    v.object({
      period: v.string(),
      trips: v.number(),
      distanceKm: v.number(),
      energyKwh: v.number(),
      co2SavedKg: v.number(),
    }),
  ),
});

export const OwnSavingsInput = v.optional(
  v.object({ period: v.optional(v.picklist(["day", "month", "year"]), "month") }),
  {},
);

/** All of an owner's vehicles together. */
export const OwnSavingsView = v.object({
  vehicles: v.number(),
  trips: v.number(),
  distanceKm: v.number(),
  co2SavedKg: v.number(),
  credits: creditsOut,
  claimableCredits: creditsOut,
  method: v.string(),
  period: v.string(),
  series: v.array(
    v.object({
      period: v.string(),
      trips: v.number(),
      distanceKm: v.number(),
      co2SavedKg: v.number(),
      claimedKg: v.number(),
    }),
  ),
});

/** What trips claim against what the odometer says was driven, stretch by stretch. */
export const ReconciliationView = v.object({
  stretches: v.array(
    v.object({
      from: momentOut,
      to: momentOut,
      drivenKm: v.number(),
      tripsKm: v.number(),
      /** Driven without a trip: positive. Trips beyond what was driven: negative. */
      gapKm: v.number(),
      verdict: v.picklist(["matches", "gap", "excess"]),
    }),
  ),
  drivenKm: v.nullable(v.number()),
  tripsKm: v.number(),
  excess: v.boolean(),
  /** Readings that contradict the others: the odometer fell, began anew, was replaced, or one was mistyped. */
  contradictions: v.number(),
  falls: v.array(v.object({ at: momentOut, km: v.number(), beforeKm: v.number() })),
});

/** How many vehicles' trips were counted again. */
export const RebuiltDays = v.object({ vehicles: v.number() });
