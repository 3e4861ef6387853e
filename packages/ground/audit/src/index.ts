export { type BucketSettings, type HeadStore, headFile, headStore, notedHeads } from "./heads.ts";
export { type KeptLine, keepLines, keptLine, programLines } from "./lines.ts";
export { auditOfCause } from "./queries/caused.ts";
export { type AuditDetails, type AuditPorts, audit, auditTrail, verifyAudit } from "./trail.ts";
