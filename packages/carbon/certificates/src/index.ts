export { onlooker } from "./access.ts";
export { closeDay, holdingProof, publicBook } from "./books.ts";
export {
  type CertificateInput,
  certificateFile,
  certificateNamed,
  certificateView,
  issuanceNumbers,
  issueCertificate,
} from "./certificates.ts";
export { publicKeys, publishKeys } from "./keys.ts";
export { certificatePdf } from "./pdf/certificate.ts";
export type { CertificatePorts } from "./ports.ts";
export { certifyPurchase, type Sale } from "./purchases.ts";
export {
  type CertificateRow,
  issuedCertificateRows,
  retirementCertificateRows,
} from "./queries/certificates.ts";
export { keyNamed, withdrawKey } from "./queries/keys.ts";
export { insertTree, rootsOf, treesOf } from "./queries/trees.ts";
export {
  certificatesIssuedBy,
  certificatesOf,
  publicBatch,
  publicCertificate,
  publicLeaves,
  publicStatus,
  publishedRoot,
  searchCertificates,
} from "./registry.ts";
export { certifyRetirement, retireCredits } from "./retirements.ts";
export { ensureMayReview, mayReview, namesIn } from "./reviewers.ts";
export { revokeCertificate } from "./revocation.ts";
export { rangesOf, statusStatement } from "./standing.ts";
export { bookFaults, registryFacts, registryRows, registryState } from "./state.ts";
export { verifyAll } from "./verification.ts";
