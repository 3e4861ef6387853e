export {
  type CertificateInput as CertificateWish,
  type CertificatePorts as VerificationPorts,
  certificateFile,
  certificateNamed,
  certificatePdf,
  certificatesOf,
  certificateView,
  certifyRetirement,
  issueCertificate,
  publicCertificate,
  publicKeys,
  publishKeys,
  retireCredits,
  retirementCertificateRows,
  revokeCertificate,
  searchCertificates,
} from "@evx/certificates";
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
} from "@evx/proof";
export * from "@evx/review";
export { takeUpRequest as claimRequest } from "@evx/review";
