import { audit } from "@evx/audit";
import { batchesOfRequest, revokeBatch } from "@evx/credits";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { assert, type Id, isId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { certificateView } from "./certificates.ts";
import { refuse } from "./errors.ts";
import { certificateRevoked } from "./events.ts";
import type { CertificatePorts } from "./ports.ts";
import { certificateById, insertRevocation } from "./queries/certificates.ts";
import { ensureMayReview } from "./reviewers.ts";
import type { CertificateView } from "./schema.ts";

/**
 * Revokes a certificate with a reason that its public page shows from then on; one of issuance also takes the credits of
 * its batches back (see `revokeBatch`). For the reviewer who decided the batch, and for operators. Refuses
 * `certificate_not_found`, `certificate_not_yours_to_revoke`, `certificate_already_revoked`.
 */
export const revokeCertificate = async (
  tx: Tx,
  ports: CertificatePorts,
  actor: Pick<Actor, "id" | "role">,
  { id, reason }: { id: Id<"certificate">; reason: string },
): Promise<CertificateView> => {
  const row = await certificateById(tx, id);
  if (!row) throw refuse("certificate_not_found");
  if (actor.role === "cva") await ensureMayReview(tx, actor.id);
  if (actor.role !== "admin" && row.decided_by !== actor.id) throw refuse("certificate_not_yours_to_revoke");
  const done = await insertRevocation(tx, { certificateId: row.id, reason, revokedBy: actor.id });
  if (!done) throw refuse("certificate_already_revoked");
  const batches =
    row.kind === "issuance" && isId("request", row.subject_id)
      ? await batchesOfRequest(tx, row.subject_id)
      : [];
  assert(batches.length > 0 || row.kind !== "issuance", `the batches of ${row.number} were issued`);
  const takenBack = { owner_g: 0n, buffer_g: 0n, listed_g: 0n, missing_g: 0n };
  for (const { id: batchId } of batches) {
    const { owner_g, buffer_g, listed_g, missing_g } = await revokeBatch(tx, { batchId, reason });
    takenBack.owner_g += owner_g;
    takenBack.buffer_g += buffer_g;
    takenBack.listed_g += listed_g;
    takenBack.missing_g += missing_g;
  }
  await emit(tx, certificateRevoked, {
    certificateId: row.id,
    number: row.number,
    holderId: row.holder_id,
    reason,
    revokedBy: actor.id,
    clawedBack: String(takenBack.owner_g + takenBack.buffer_g),
    missing: String(takenBack.missing_g),
  });
  await audit(tx, actor, "certificate.revoke", row.id, {
    after: {
      reason,
      ...(batches.length > 0
        ? {
            owner_g: String(takenBack.owner_g),
            buffer_g: String(takenBack.buffer_g),
            listed_g: String(takenBack.listed_g),
            missing_g: String(takenBack.missing_g),
          }
        : {}),
    },
  });
  const after = await certificateById(tx, id);
  assert(after, `certificate ${id} is still there`);
  return certificateView(tx, ports, after);
};
