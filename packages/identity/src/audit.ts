import type { Tx } from "@evx/db";
import { json } from "@evx/db";
import { newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { appendAudit } from "./queries/audit.ts";

export type AuditDetails = {
  /** What the object was before and is after; only what changed. Never a secret, a document or a bank account. */
  before?: object;
  after?: object;
  /** The client's address, where the verb knows it; the log has it for every request id. */
  origin?: string;
};

const chains = 16;

/** An actor's chain is always the same one, so a transaction waits for one chain only. */
const chainOf = (actorId: string | null): number => (actorId ? Bun.hash.crc32(actorId) % chains : 0);

/**
 * Leaves a trace that nobody can take back: who did what (`"withdrawal.approve"`) to what (an object's id),
 * in the transaction that did it. `actor` is null when the venue itself acted. Append-only and hash-chained;
 * transactions of one actor that leave traces take turns, so call it near the end of a transaction.
 */
export const audit = async (
  tx: Tx,
  actor: Pick<Actor, "id" | "role"> | null,
  action: string,
  object: string,
  details: AuditDetails = {},
): Promise<void> => {
  await appendAudit(tx, {
    chain: chainOf(actor?.id ?? null),
    id: newId("audit"),
    at: tx.at,
    actorId: actor?.id ?? null,
    actorRole: actor?.role ?? null,
    action,
    object,
    before: details.before ? json(details.before) : null,
    after: details.after ? json(details.after) : null,
    origin: details.origin ?? null,
    cause: tx.cause,
  });
};
