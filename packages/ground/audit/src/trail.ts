import { type Db, json, type Tx } from "@evx/db";
import { afterMoment, type Id, momentKey, newId, type Page, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { type HeadStore, notedHeads } from "./heads.ts";
import { levelOf } from "./policy.ts";
import {
  type AuditFault,
  type AuditHead,
  type AuditRow,
  appendAudit,
  auditFaults,
  auditHeads,
  auditRows,
  missingHeads,
} from "./queries/trail.ts";
import type * as S from "./schema.ts";

/** The trail knows ids alone; whoever knows people gives their names. */
export type AuditPorts = {
  /** Full names by user id; ids that nobody has are left out. */
  displayNames(db: Db, ids: readonly Id<"user">[]): Promise<ReadonlyMap<Id<"user">, string>>;
  /** Where heads are noted outside of the database; null where nowhere. */
  readonly heads: HeadStore | null;
};

export type AuditDetails = {
  /** What the object was before and is after; only what changed. Never a secret, a document or a bank account. */
  before?: object;
  after?: object;
  /** The client's address, where it is another than the transaction's own. */
  origin?: string | undefined;
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
  actor: (Pick<Actor, "id"> & Partial<Pick<Actor, "role">>) | null,
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
    origin: details.origin ?? tx.origin,
    cause: tx.cause,
  });
};

/** One line of the trail as an operator reads it. */
export type AuditLine = v.InferInput<typeof S.AuditLine>;

/** The trail, newest first. Refuses `cursor_unknown`. */
export const auditTrail = async (
  db: Db,
  { displayNames }: Pick<AuditPorts, "displayNames">,
  filter: v.InferOutput<typeof S.AuditFilter>,
): Promise<Page<AuditLine>> => {
  const { cursor, limit, ...wanted } = filter;
  const rows = await auditRows(db, { ...wanted, limit, after: afterMoment("audit", cursor) });
  const actors = new Set(rows.flatMap((row) => row.actor_id ?? []));
  const names = await displayNames(db, [...actors]);
  return pageFrom(
    rows,
    limit,
    (row) => lineView(row, names),
    (row) => momentKey(row.at, row.id),
  );
};

const lineView = (row: AuditRow, names: ReadonlyMap<Id<"user">, string>): AuditLine => ({
  id: row.id,
  at: row.at,
  actorId: row.actor_id,
  actorName: (row.actor_id && names.get(row.actor_id)) ?? null,
  actorRole: row.actor_role,
  action: row.action,
  object: row.object,
  before: row.before,
  after: row.after,
  origin: row.origin,
  requestId: row.cause,
  level: levelOf(row.action),
});

/**
 * Reads the whole trail and recomputes every hash. `broken` names the first rows that do not fit; with heads that
 * were noted earlier it also finds what was cut off since. Keep `heads` somewhere that the database's owner cannot reach.
 */
export const verifyAudit = async (
  db: Db,
  noted: readonly AuditHead[] = [],
): Promise<{ rows: bigint; broken: AuditFault[]; heads: AuditHead[]; compared: number }> => {
  const faults = await auditFaults(db);
  const missing = noted.length > 0 ? await missingHeads(db, noted) : [];
  const heads = await auditHeads(db);
  return {
    rows: heads.reduce((sum, head) => sum + head.seq, 0n),
    broken: [...faults, ...missing],
    heads,
    compared: noted.length,
  };
};

/** The verdict with every head that was noted outside, and with those that the caller kept. */
export const verifyNoted = async (
  db: Db,
  { heads }: Pick<AuditPorts, "heads">,
  kept: readonly AuditHead[],
): ReturnType<typeof verifyAudit> => verifyAudit(db, [...(await notedHeads(db, heads)), ...kept]);

/** The verdict as it goes over the wire: whole numbers as text where they may be large. */
export const verdictView = (verdict: Awaited<ReturnType<typeof verifyAudit>>) => ({
  whole: verdict.broken.length === 0,
  rows: verdict.rows.toString(),
  compared: verdict.compared,
  broken: verdict.broken.map((fault) => ({ ...fault, seq: fault.seq.toString() })),
  heads: verdict.heads.map((head) => ({ ...head, seq: head.seq.toString() })),
});
