import { displayNames, inPersonLately } from "@evx/accounts";
import { audit } from "@evx/audit";
import { batchNumbered, type CadTrustInput, cadTrust } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import {
  type AccreditationRow,
  accreditationBefore,
  accreditationsAt,
  insertAccreditation,
} from "./queries/accreditations.ts";
import type { AccreditationView } from "./schema.ts";

export type AccreditationInput = {
  readonly id: Id<"user">;
  readonly body: string;
  readonly number: string;
  /** How sure the auditor is of what they verify, in the words of ISO 14064-3. */
  readonly assurance: "limited" | "reasonable";
  /** A day as YYYY-MM-DD; null where it has no end. */
  readonly validUntil?: string | null | undefined;
};

const viewOf = ({ body, number, assurance, valid_until }: AccreditationRow, at: Date): AccreditationView => ({
  body,
  number,
  assurance: assurance === "reasonable" ? "reasonable" : "limited",
  validUntil: valid_until,
  valid: valid_until === null || valid_until >= at.toISOString().slice(0, 10),
});

/**
 * Enters by whom an auditor is accredited, and answers how they are. What was entered before stands for what was verified
 * before. It stands when the operator's session has ended: refuses `session_required` to keys, and `proof_required`.
 */
export const enterAccreditation = async (
  tx: Tx,
  operator: Pick<Actor, "id" | "role" | "scopes" | "sessionId">,
  { id, body, number, assurance, validUntil = null }: AccreditationInput,
): Promise<AccreditationView> => {
  await inPersonLately(tx, operator);
  const facts = { body, number, assurance, valid_until: validUntil };
  const row = await insertAccreditation(tx, {
    ...facts,
    reviewer_id: id,
    entered_by: operator.id,
    at: tx.at,
  });
  await audit(tx, operator, "auditor.accreditation", id, {
    after: { ...facts, at: row.at.toISOString() },
  });
  return viewOf(row, tx.at);
};

/** How the auditor of a batch was accredited when it was issued, as the log says it; null where nothing had been entered. */
export const accreditationOfBatch = async (
  db: Db,
  reviewerId: Id<"user">,
  issuedAt: Date,
): Promise<AccreditationView | null> => {
  const row = await accreditationBefore(db, reviewerId, issuedAt);
  return row ? viewOf(row, issuedAt) : null;
};

/**
 * Batches in the words of the Climate Action Data Trust, each with how who verified it was accredited then: its model names
 * the verification body and has no place for that.
 */
export const cadTrustAccredited = async (db: Db, publicUrl: string, input: CadTrustInput) => {
  const { items, nextCursor } = await cadTrust(db, publicUrl, input);
  const accredited = items.map(async (item) => {
    const batch = await batchNumbered(db, BigInt(item.issuance.issuanceId));
    return {
      ...item,
      accreditation: batch ? await accreditationOfBatch(db, batch.cvaId, batch.issuedAt) : null,
    };
  });
  return { items: await Promise.all(accredited), nextCursor };
};

/** How an auditor was accredited at a moment; null where nothing was entered by then. */
export const accreditationOf = async (
  db: Db,
  reviewerId: Id<"user">,
  at: Date,
): Promise<AccreditationView | null> => {
  const [row] = await accreditationsAt(db, at, [reviewerId]);
  return row ? viewOf(row, at) : null;
};

/** Every auditor whose accreditation was entered, by name. */
export const auditors = async (db: Db, now: Date) => {
  const rows = await accreditationsAt(db, now);
  const names = await displayNames(
    db,
    rows.map(({ reviewer_id }) => reviewer_id),
  );
  const items = rows.map((row) => ({ name: names.get(row.reviewer_id) ?? "–", ...viewOf(row, now) }));
  return { items: items.sort((a, b) => a.name.localeCompare(b.name)) };
};
