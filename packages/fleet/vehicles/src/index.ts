export {
  co2Factors,
  countedGrams,
  type FrozenFactors,
  factorsAt,
  type Method,
  methods,
} from "@evx/emissions";
export { findingSentences, type QualityTier, qualityTiers } from "@evx/formats";
export { holdersOf, type VehicleClass, vehicleById, vehiclesOf } from "@evx/garage";
export type { TelematicsPorts as VehiclePorts } from "@evx/telematics";
export { type CarProvider, CarProviderError, smartcarProvider } from "@evx/telematics";
export {
  type BasisTrip,
  type ClaimedTotals,
  claimedTotals,
  claimTrips,
  co2Savings,
  eachTripOfRequest,
  flagCountsOfRequest,
  type MonthTotal,
  monthTotals,
  odometerOfRequest,
  positionRetention,
  recompute,
  reconcileOdometer,
  releaseTrips,
  tripsOfRequest,
  tripsOfRequestByIds,
  verifyTrips,
} from "@evx/trips";
