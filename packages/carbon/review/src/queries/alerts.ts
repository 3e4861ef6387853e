import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type Insertable, type Selectable, sql } from "kysely";
import type { People } from "../persons.ts";

export type AlertRow = Selectable<Database["verification.alert"]>;

/** Notes a sign; answers whether it is new. */
export const insertAlert = async (
  tx: Tx,
  row: Insertable<Database["verification.alert"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("verification.alert")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
};

/** Signs about a request or, of a request that was decided, about its owner and who decided it. Newest first. */
export const alertsAbout = (
  db: Db,
  of: { id: Id<"request">; owner_id: Id<"user">; decided_by: Id<"user"> | null },
): Promise<AlertRow[]> =>
  db
    .selectFrom("verification.alert")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb("request_id", "=", of.id),
        eb.and([
          eb("owner_id", "=", of.owner_id),
          of.decided_by === null ? eb.lit(false) : eb("reviewer_id", "=", of.decided_by),
        ]),
      ]),
    )
    .orderBy("raised_at", "desc")
    .limit(50)
    .execute();

/** The newest signs of all. */
export const latestAlerts = (db: Db, limit: number): Promise<AlertRow[]> =>
  db.selectFrom("verification.alert").selectAll().orderBy("raised_at", "desc").limit(limit).execute();

/** Owners of whose requests a reviewer approved any since a moment, each with the latest of them. */
export const approvedOwners = async (
  db: Db,
  of: { reviewerId: Id<"user">; ownerIds: readonly Id<"user">[]; since: Date },
): Promise<{ ownerId: Id<"user">; requestId: Id<"request"> }[]> => {
  if (of.ownerIds.length === 0) return [];
  const rows = await db
    .selectFrom("verification.request as r")
    .where("r.owner_id", "in", [...of.ownerIds])
    .where("r.status", "=", "approved")
    .where("r.decided_at", ">=", of.since)
    .where((eb) =>
      eb.or([
        eb("r.decided_by", "=", of.reviewerId),
        eb.exists(
          eb
            .selectFrom("verification.approval as a")
            .whereRef("a.request_id", "=", "r.id")
            .where("a.reviewer_id", "=", of.reviewerId)
            .select("a.reviewer_id"),
        ),
      ]),
    )
    .distinctOn("r.owner_id")
    .select(["r.owner_id", "r.id"])
    .orderBy("r.owner_id")
    .orderBy("r.decided_at", "desc")
    .execute();
  return rows.map((row) => ({ ownerId: row.owner_id, requestId: row.id }));
};

/**
 * On how many days since a moment a reviewer decided an owner's requests for them, by whatever accounts, on how many
 * anybody did, and how many other reviewers decided anything: who is the only one at work has no choice.
 */
export const pairDays = async (
  db: Db,
  { owners, reviewers, since }: People & { since: Date },
): Promise<{ days: number; all: number; others: number }> => {
  const { rows } = await sql<{ days: number; all: number; others: number }>`
    select count(distinct decided_at::date) filter (where decided_by = any(${[...reviewers]}::text[]))::int as days,
      count(distinct (decided_at::date, decided_by))::int as all,
      (select count(distinct decided_by)::int from verification.request
        where decided_at >= ${since} and decided_by <> all(${[...reviewers]}::text[]) and status in ('approved', 'rejected')) as others
    from verification.request where owner_id = any(${[...owners]}::text[]) and status = 'approved' and decided_at >= ${since}`.execute(
    db,
  );
  return rows[0] ?? { days: 0, all: 0, others: 0 };
};
