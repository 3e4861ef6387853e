import type { Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import type { PersonRow } from "../users.ts";

export type AccessChange =
  | { what: "user"; user: PersonRow; suspended: boolean }
  | { what: "revocation"; id: string };

type Row =
  | ({ what: "user"; suspended: boolean } & PersonRow)
  | { what: "horizon"; id: string }
  | { what: "revocation"; id: string };

/**
 * What changed about people's rights and sessions since a horizon, and the next horizon, in one statement.
 * The horizon is the oldest transaction that was still running: whatever commits later has a higher number, so
 * nothing slips between two reads, however long a transaction takes. From 0n: what the last 25 hours changed,
 * which is longer than any access token lives.
 */
export const accessChanges = async (
  db: Db,
  since: bigint,
): Promise<{ horizon: bigint; changes: AccessChange[] }> => {
  const recent = sql`now() - interval '25 hours'`;
  const people = since > 0n ? sql`access_xid >= ${since}` : sql`access_xid > 0 and access_at > ${recent}`;
  const ended = since > 0n ? sql`xid >= ${since}` : sql`at > ${recent}`;
  const { rows } = await sql<Row>`
    select 'horizon' as what, pg_snapshot_xmin(pg_current_snapshot())::text as id,
      null as role, null::boolean as accredited, null::boolean as email_verified, null as kyc_status, null::boolean as two_factor_enabled,
      null::boolean as suspended
    union all
    select 'user', id, role, accredited, email_verified, kyc_status, two_factor_enabled, suspended_at is not null
      from identity.user where ${people}
    union all
    select 'revocation', subject_id, null, null, null, null, null, null from identity.revocation where ${ended}`.execute(
    db,
  );
  let horizon = 0n;
  const changes: AccessChange[] = [];
  for (const row of rows) {
    if (row.what === "horizon") horizon = BigInt(row.id);
    else if (row.what === "revocation") changes.push({ what: row.what, id: row.id });
    else {
      const { what, suspended, ...user } = row;
      changes.push({ what, user, suspended });
    }
  }
  return { horizon, changes };
};

/** Forgets revocations that no access token can outlive any more; answers how many. */
export const pruneRevocations = async (tx: Tx): Promise<bigint> => {
  const { rows } = await sql<{ pruned: bigint }>`
    with gone as (delete from identity.revocation where at < now() - interval '3 days' returning 1)
    select count(*) as pruned from gone`.execute(tx);
  return rows[0]?.pruned ?? 0n;
};
