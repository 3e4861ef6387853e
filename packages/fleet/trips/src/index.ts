export {
  type BasisTrip,
  eachTripOfRequest,
  flagCountsOfRequest,
  odometerOfRequest,
  tripsOfRequestByIds,
} from "./basis.ts";
export {
  type ClaimedTotals,
  type ClaimedYear,
  claimedTotals,
  claimTrips,
  recompute,
  releaseTrips,
  tripsOfRequest,
  verifyTrips,
} from "./claims.ts";
export { driven, type MonthTotal, monthTotals, tripsWithin } from "./month-totals.ts";
export { judgeTrip, positionRetention } from "./policy.ts";
export { lastClaimedAt } from "./queries/claims.ts";
export { claimedOfImport, removeTripsAfter, removeTripsOfImport } from "./queries/removal.ts";
export { totalsAgainstRecount } from "./queries/totals.ts";
export { sumsSince } from "./queries/trip-pages.ts";
export { reconcileOdometer } from "./reconciliation.ts";
export { prepareMonths, type RequestContext, recordingFor, recordTrips } from "./recording.ts";
export { positionsKeptFrom } from "./retention.ts";
export { co2Savings, ownSavings } from "./savings.ts";
export { shiftOfTrips } from "./shifts.ts";
export { claimMonth, closeStages, dropStages, type FreeMonth, freeTrips, freeYears } from "./stages.ts";
export { everyVehicleOf, listVehicles } from "./summaries.ts";
export { earnTiers } from "./tiers.ts";
export { tripSuffix } from "./trip-ids.ts";
export { tripsOfVehicle } from "./trips.ts";
export { type Twins, twinsOfRequest } from "./twins.ts";
