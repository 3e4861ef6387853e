import type { Database, Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Selectable } from "kysely";
import { alarms, doors, type Level } from "../policy.ts";

export type AuditEntry = {
  chain: number;
  id: Id<"audit">;
  at: Date;
  actorId: Id<"user"> | null;
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
  actorId?: Id<"user"> | undefined;
  object?: string | undefined;
  action?: string | undefined;
  requestId?: string | undefined;
  level?: Level | undefined;
  after: MomentKey<"audit"> | null;
  limit: number;
};

const columns = [
  "id",
  "at",
  "actor_id",
  "actor_role",
  "action",
  "object",
  "before",
  "after",
  "origin",
  "cause",
] as const;

export type AuditRow = Pick<Selectable<Database["identity.audit"]>, (typeof columns)[number]>;

/** The same as `levelOf`, over rows. */
const isOf = (level: Level) => {
  const alarm = sql<boolean>`action = any(${alarms as string[]})`;
  const door = sql<boolean>`action like any(${doors.map((name) => `${name.replaceAll("_", "\\_")}%`)})`;
  if (level === "alarm") return alarm;
  return level === "security"
    ? sql<boolean>`(${door} and not ${alarm})`
    : sql<boolean>`not (${door} or ${alarm})`;
};

/** Newest first; `after` is the place of the last row seen. Answers one row more than `limit` when there is one. */
export const auditRows = (
  db: Db,
  { actorId, object, action, requestId, level, after, limit }: AuditFilter,
): Promise<AuditRow[]> => {
  let query = db.selectFrom("identity.audit").select(columns);
  if (actorId) query = query.where("actor_id", "=", actorId);
  if (object) query = query.where("object", "=", object);
  if (action) query = query.where("action", "=", action);
  if (requestId) query = query.where("cause", "=", requestId);
  if (level) query = query.where(isOf(level));
  if (after) query = query.where(sql<boolean>`(at, id) < (${after.at}, ${after.id})`);
  return query
    .orderBy("at", "desc")
    .orderBy("id", "desc")
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
