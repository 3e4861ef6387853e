export { certificateText, Unreadable, type UnreadableCode } from "./attachment.ts";
export { type BatchVerdict, checkBatch, verifyBatch } from "./batch.ts";
export { type Bytes, base64url, fromBase64url, fromHex, hex, joined, utf8 } from "./bytes.ts";
export { type Canonical, canonical } from "./canonical.ts";
export { qrAddress, readFragment } from "./compact.ts";
export * from "./document.ts";
export {
  type HoldingFile,
  type HoldingState,
  type HoldingVerdict,
  holdingStates,
  isHoldingFile,
  verifyHolding,
} from "./holding.ts";
export {
  crossText,
  generateSigningKey,
  isSignedBy,
  keyId,
  type PublicKey,
  readSigningKeys,
  type SigningKey,
  type SigningKeys,
} from "./keys.ts";
export { type InclusionProof, isInclusionProof, type LeafTrip, verifyInclusion } from "./merkle.ts";
export { certificateNumber, isCertificateNumber, readCertificateNumber } from "./number.ts";
export { pinnedBy, trustIn } from "./registry.ts";
export { sha256Now } from "./sha256.ts";
export * from "./snapshot.ts";
export * from "./status.ts";
export { readStrictly } from "./strict-json.ts";
export {
  type CertificateFile,
  type Check,
  type LogProof,
  longestFile,
  type Trust,
  type TrustedKey,
  type Verification,
  verifyCertificate,
} from "./verify.ts";
