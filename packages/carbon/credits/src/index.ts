export { type Attributed, attributesOf, retiredWithin } from "./attributes.ts";
export {
  type Batch,
  batchesByIds,
  batchesOfRequest,
  batchNumbered,
  type Issuance,
  type Issued,
  issueBatch,
  publicVintage,
  type SerialRun,
  serialRuns,
  serialsOfTransfer,
  serialsOfTransfers,
  statedDays,
} from "./batches.ts";
export { type CadTrustInput, cadTrust } from "./cad-trust.ts";
export { type ClawBack, collectRevoked, revokeBatch } from "./cancellations.ts";
export { type HistoryFilter, moveHistory } from "./history.ts";
export { type BatchFacts, factsOf, type LotView, lots, provenance } from "./lots.ts";
export {
  bufferShares,
  foldWords,
  type QualityTier,
} from "./policy.ts";
export { issuedBatchRows } from "./queries/batches.ts";
export {
  type RegistryBatch,
  registryBatch,
  registryBatches,
  registryTotals,
  revocationsOf,
  timeline,
} from "./registry.ts";
export { boughtOf } from "./replacements.ts";
export {
  announceRetirement,
  hiddenRetirements,
  type Retirement,
  type RetirementInput,
  retire,
  retirementById,
  retirementContent,
  retirements,
} from "./retirements.ts";
export {
  listingsHolding,
  refuseRevoked,
  returnListed,
  revokedAfter,
  revokedGrams,
} from "./revoked.ts";
export { retirementsOfSales, type SaleParties, saleParties } from "./sales.ts";
export { batchNumber, parseSerial, type Serial, serialOf } from "./serial.ts";
export {
  receiverOf,
  type TransferInput,
  type TransferView,
  transferCredits,
  transferNamed,
  type WalletView,
  walletOf,
} from "./wallets.ts";
