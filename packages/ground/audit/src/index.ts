export { type AuditDetails, type AuditPorts, audit, auditTrail, verifyAudit } from "./trail.ts";
