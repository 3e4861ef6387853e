import type { Tx } from "@evx/db";
import { sql } from "@evx/db";

export type AuditEntry = {
  chain: number;
  id: string;
  at: Date;
  actorId: string | null;
  actorRole: string | null;
  action: string;
  object: string;
  before: string | null;
  after: string | null;
  origin: string | null;
  cause: string;
};

export const appendAudit = async (tx: Tx, entry: AuditEntry): Promise<void> => {
  await sql`select identity.append_audit(
    ${entry.chain}::smallint, ${entry.id}, ${entry.at}, ${entry.actorId}, ${entry.actorRole}, ${entry.action},
    ${entry.object}, ${entry.before}::jsonb, ${entry.after}::jsonb, ${entry.origin}, ${entry.cause})`.execute(
    tx,
  );
};
