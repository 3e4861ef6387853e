export {
  type BasisTrip,
  eachTripOfRequest,
  flagCountsOfRequest,
  holdersOf,
  odometerOfRequest,
  tripsOfRequestByIds,
} from "./basis.ts";
export {
  type ClaimedTotals,
  claimedTotals,
  claimTrips,
  recompute,
  releaseTrips,
  tripsOfRequest,
  verifyTrips,
} from "./claims.ts";
export { countedGrams, type FrozenFactors, type Method, methods } from "./co2.ts";
export { factorsAt } from "./factors.ts";
export { findingSentences } from "./findings.ts";
export { type MonthTotal, monthTotals } from "./month-totals.ts";
export { reconcileOdometer } from "./odometers.ts";
export {
  co2Factors,
  positionRetention,
  type QualityTier,
  qualityTiers,
  type VehicleClass,
} from "./policy.ts";
export { type CarProvider, CarProviderError, type VehiclePorts } from "./ports.ts";
export { smartcarProvider } from "./smartcar.ts";
export { co2Savings } from "./trips.ts";
export { vehicleById, vehiclesOf } from "./vehicles.ts";
