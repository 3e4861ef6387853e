import { displayNames } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { type AccreditationRow, accreditationsAt, insertAccreditation } from "./queries/accreditations.ts";
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

/** Enters by whom an auditor is accredited. What was entered before stands for what was verified before. */
export const enterAccreditation = async (
  tx: Tx,
  operator: Pick<Actor, "id" | "role">,
  { id, body, number, assurance, validUntil = null }: AccreditationInput,
): Promise<void> => {
  const facts = { body, number, assurance, valid_until: validUntil };
  await insertAccreditation(tx, { ...facts, reviewer_id: id, entered_by: operator.id, at: tx.at });
  await audit(tx, operator, "auditor.accreditation", id, { after: facts });
};

const viewOf = ({ body, number, assurance, valid_until }: AccreditationRow, at: Date): AccreditationView => ({
  body,
  number,
  assurance: assurance === "reasonable" ? "reasonable" : "limited",
  validUntil: valid_until,
  valid: valid_until === null || valid_until >= at.toISOString().slice(0, 10),
});

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
