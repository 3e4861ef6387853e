export { type Approved, approveRequest, issueRequest } from "./approve.ts";
export {
  type CertificateWish,
  certificateFile,
  certificateNamed,
  certificatesOf,
  certificateView,
  issueCertificate,
  publicCertificate,
  publicKeys,
  publishKeys,
  searchCertificates,
} from "./certificates.ts";
export { certificatePdf } from "./pdf/certificate.ts";
export type { VerificationPorts } from "./ports.ts";
export {
  type CertificateFile,
  generateSigningKey,
  type InclusionProof,
  type PublicKey,
  readSigningKeys,
  type SigningKeys,
  type Verification,
  verifyCertificate,
  verifyInclusion,
} from "./proof/index.ts";
export { proveTrip, type Recomputation, recompute } from "./proofs.ts";
export { retirementCertificateRows } from "./queries/retired.ts";
export { requestById, requestsOf, requestView, reviewQueue } from "./reading.ts";
export { answerQuestion, resubmitRequest, submitRequest } from "./requests.ts";
export { certifyRetirement, retireCredits } from "./retirement.ts";
export { askOwner, claimRequest, keepTrips, refuseTrips, rejectRequest, releaseRequest } from "./review.ts";
export { revokeCertificate } from "./revocation.ts";
export { statisticsOf } from "./work.ts";
