import { revokeBatch } from "@evx/credits";
import type { Tx } from "@evx/db";
import { audit } from "@evx/identity";
import { emit } from "@evx/jobs";
import { assert, type Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { certificateView } from "./certificates.ts";
import { refuse } from "./errors.ts";
import { certificateRevoked } from "./events.ts";
import type { VerificationPorts } from "./ports.ts";
import { certificateById, insertRevocation } from "./queries/certificates.ts";
import { requestRow } from "./queries/requests.ts";
import { ensureReviewer } from "./reviewer.ts";
import type { CertificateView } from "./schema.ts";

/**
 * Revokes a certificate with a reason that its public page shows from then on; one of issuance also takes the batch's
 * credits back (see `revokeBatch`). For the reviewer who decided the batch, and for operators. Refuses
 * `certificate_not_found`, `certificate_not_yours_to_revoke`, `certificate_already_revoked`.
 */
export const revokeCertificate = async (
  tx: Tx,
  ports: VerificationPorts,
  actor: Pick<Actor, "id" | "role">,
  { id, reason }: { id: Id<"certificate">; reason: string },
): Promise<CertificateView> => {
  const row = await certificateById(tx, id);
  if (!row) throw refuse("certificate_not_found");
  const request = row.kind === "issuance" ? await requestRow(tx, row.subject_id as Id<"request">) : undefined;
  if (actor.role === "cva") await ensureReviewer(tx, actor.id);
  if (actor.role !== "admin" && request?.decided_by !== actor.id)
    throw refuse("certificate_not_yours_to_revoke");
  const done = await insertRevocation(tx, { certificateId: row.id, reason, revokedBy: actor.id });
  if (!done) throw refuse("certificate_already_revoked");
  if (request) assert(request.batch_id, `${request.id} was issued`);
  const taken = request?.batch_id ? await revokeBatch(tx, { batchId: request.batch_id, reason }) : null;
  await emit(tx, certificateRevoked, {
    certificateId: row.id,
    number: row.number,
    holderId: row.holder_id,
    reason,
    revokedBy: actor.id,
    clawedBack: String(taken ? taken.owner_g + taken.buffer_g : 0n),
    missing: String(taken?.missing_g ?? 0n),
  });
  await audit(tx, actor, "certificate.revoke", row.id, {
    after: {
      reason,
      ...(taken
        ? {
            owner_g: String(taken.owner_g),
            buffer_g: String(taken.buffer_g),
            listed_g: String(taken.listed_g),
            missing_g: String(taken.missing_g),
          }
        : {}),
    },
  });
  const after = await certificateById(tx, id);
  assert(after, `certificate ${id} is still there`);
  return certificateView(after, ports);
};
