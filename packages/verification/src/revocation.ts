import { cancelCredits, clawableOf } from "@evx/credits";
import type { Tx } from "@evx/db";
import { audit } from "@evx/identity";
import { emit } from "@evx/jobs";
import { assert, type Id, namedId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { certificateView } from "./certificates.ts";
import { refuse } from "./errors.ts";
import { certificateRevoked } from "./events.ts";
import type { VerificationPorts } from "./ports.ts";
import { type CertificateRow, certificateById, insertRevocation } from "./queries/certificates.ts";
import { type RequestRow, requestRow } from "./queries/requests.ts";
import { ensureReviewer } from "./reviewer.ts";
import type { CertificateView } from "./schema.ts";

export type ClawBack = {
  /** Taken from the owner's wallet, and from the buffer for what the owner had passed on in good faith. */
  owner_g: bigint;
  buffer_g: bigint;
  /** What neither had. */
  missing_g: bigint;
};

/**
 * Takes a batch's grams out of circulation again: first what its owner still has, then out of the buffer. Buyers keep
 * what they bought. What is missing then is said, in the audit trail and in the event.
 */
const clawBack = async (
  tx: Tx,
  request: RequestRow,
  certificate: CertificateRow,
  reason: string,
): Promise<ClawBack> => {
  const { batch_id, issued_g, owner_id } = request;
  assert(batch_id && issued_g !== null, `${request.id} was issued`);
  const free = await clawableOf(tx, owner_id);
  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  const owner_g = least(free.wallet, issued_g);
  const buffer_g = least(free.buffer, issued_g - owner_g);
  const parts = [
    { from: "owner", holderId: owner_id, grams: owner_g },
    { from: "buffer", holderId: null, grams: buffer_g },
  ];
  for (const { from, holderId, grams } of parts) {
    if (grams <= 0n) continue;
    const transferId = await namedId("transfer", `claw_back:${certificate.id}:${from}`);
    await cancelCredits(tx, { transferId, batchId: batch_id, holderId, grams, reason });
  }
  return { owner_g, buffer_g, missing_g: issued_g - owner_g - buffer_g };
};

/**
 * Revokes a certificate with a reason that its public page shows from then on; one of issuance also claws the credits
 * back. For the reviewer who decided the batch, and for operators. Refuses `certificate_not_found`,
 * `certificate_not_yours_to_revoke`, `certificate_already_revoked`.
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
  const taken = request ? await clawBack(tx, request, row, reason) : null;
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
            missing_g: String(taken.missing_g),
          }
        : {}),
    },
  });
  const after = await certificateById(tx, id);
  assert(after, `certificate ${id} is still there`);
  return certificateView(after, ports);
};
