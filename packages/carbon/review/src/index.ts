export { type Approved, approveRequest, issueRequest } from "./approvals.ts";
export { clearInterest, declareInterest, interestsOf } from "./interests.ts";
export { proveTrip, type Recomputation, recompute } from "./proofs.ts";
export { requestRows } from "./queries/issued.ts";
export { undecidedRequests } from "./queries/requests.ts";
export { requestById, requestsOf, requestView, reviewQueue } from "./reads.ts";
export { answerQuestion, resubmitRequest, submitRequest } from "./requests.ts";
export { statisticsOf } from "./statistics.ts";
export { askOwner, keepTrips, refuseTrips, rejectRequest, releaseRequest, takeUpRequest } from "./steps.ts";
