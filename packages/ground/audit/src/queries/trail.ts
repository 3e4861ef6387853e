import type { Db, Tx } from "@evx/db";
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

export type AuditFilter = {
  actorId?: string | undefined;
  object?: string | undefined;
  action?: string | undefined;
  after: readonly [Date, string] | null;
  limit: number;
};

/** Newest first; `after` is (at, id) of the last row seen. */
export const auditRows = (db: Db, { actorId, object, action, after, limit }: AuditFilter) => {
  let query = db
    .selectFrom("identity.audit as a")
    .leftJoin("identity.user as u", "u.id", "a.actor_id")
    .select(["a.id", "a.at", "a.actor_id", "a.actor_role", "a.action", "a.object", "a.before", "a.after"])
    .select(["a.origin", "a.cause", "u.full_name as actor_name"]);
  if (actorId) query = query.where("a.actor_id", "=", actorId);
  if (object) query = query.where("a.object", "=", object);
  if (action) query = query.where("a.action", "=", action);
  if (after) query = query.where(sql<boolean>`(a.at, a.id) < (${after[0]}, ${after[1]})`);
  return query
    .orderBy("a.at", "desc")
    .orderBy("a.id", "desc")
    .limit(limit + 1)
    .execute();
};

export type AuditFault = { chain: number; seq: bigint; fault: "hash" | "link" | "gap" | "missing" };
export type AuditHead = { chain: number; seq: bigint; hash: string };

/** Rows whose hash does not fit their content, that do not link to the row before, or before which rows are gone. */
export const auditFaults = async (db: Db): Promise<AuditFault[]> => {
  const { rows } = await sql<AuditFault>`
    select chain, seq, fault from (
      select chain, seq, case
        when hash <> identity.audit_hash(a) then 'hash'
        when seq <> coalesce(lag(seq) over chained, 0) + 1 then 'gap'
        when prev <> coalesce(lag(hash) over chained, '\\x'::bytea) then 'link'
      end as fault
      from identity.audit a window chained as (partition by chain order by seq)
    ) checked where fault is not null order by chain, seq limit 100`.execute(db);
  return rows;
};

/** The last row of each chain. Written down elsewhere, they betray rows that are cut off later. */
export const auditHeads = async (db: Db): Promise<AuditHead[]> => {
  const { rows } = await sql<AuditHead>`
    select distinct on (chain) chain, seq, encode(hash, 'hex') as hash
    from identity.audit order by chain, seq desc`.execute(db);
  return rows;
};

/** Which of these heads are not, or no longer, in the trail. */
export const missingHeads = async (db: Db, heads: readonly AuditHead[]): Promise<AuditFault[]> => {
  const { rows } = await sql<AuditFault>`
    select h.chain, h.seq, case when a.seq is null then 'missing' else 'hash' end as fault
    from unnest(${heads.map((h) => h.chain)}::smallint[], ${heads.map((h) => h.seq)}::bigint[],
      ${heads.map((h) => h.hash)}::text[]) as h (chain, seq, hash)
    left join identity.audit a on a.chain = h.chain and a.seq = h.seq
    where a.seq is null or encode(a.hash, 'hex') <> h.hash order by h.chain`.execute(db);
  return rows;
};
