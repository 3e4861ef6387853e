import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type Selectable, sql } from "kysely";

export type RejectionRow = Selectable<Database["verification.trip_rejection"]>;

/** Marks trips as refused; a trip that is marked already gets the new reason. */
export const putRejections = async (tx: Tx, marks: readonly RejectionRow[]): Promise<void> => {
  for (let at = 0; at < marks.length; at += 1_000) {
    await tx
      .insertInto("verification.trip_rejection")
      .values(marks.slice(at, at + 1_000))
      .onConflict((conflict) =>
        conflict.columns(["request_id", "trip_id"]).doUpdateSet((eb) => ({
          reason_code: eb.ref("excluded.reason_code"),
          note: eb.ref("excluded.note"),
          decided_by: eb.ref("excluded.decided_by"),
          decided_at: eb.ref("excluded.decided_at"),
        })),
      )
      .execute();
  }
};

export const dropRejections = async (
  tx: Tx,
  requestId: Id<"request">,
  tripIds: readonly Id<"trip">[],
): Promise<void> => {
  await tx
    .deleteFrom("verification.trip_rejection")
    .where("request_id", "=", requestId)
    .where("trip_id", "in", tripIds)
    .execute();
};

/** Refused trips of a request, in the order of their ids; only those asked for, where some are. */
export const rejectionRows = (
  db: Db,
  requestId: Id<"request">,
  tripIds?: readonly Id<"trip">[],
): Promise<RejectionRow[]> => {
  let query = db.selectFrom("verification.trip_rejection").where("request_id", "=", requestId).selectAll();
  if (tripIds)
    query = tripIds.length > 0 ? query.where("trip_id", "in", tripIds) : query.where((eb) => eb.lit(false));
  return query.orderBy("trip_id").execute();
};

export const rejectionCount = async (db: Db, requestId: Id<"request">): Promise<number> => {
  const { count } = await db
    .selectFrom("verification.trip_rejection")
    .where("request_id", "=", requestId)
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** Trips of a vehicle that decided requests refused, the latest refusals first. */
export const earlierRejections = (db: Db, vehicleId: Id<"vehicle">, limit: number): Promise<RejectionRow[]> =>
  db
    .selectFrom("verification.trip_rejection as t")
    .innerJoin("verification.request as r", "r.id", "t.request_id")
    .where("r.vehicle_id", "=", vehicleId)
    .where("r.status", "in", ["approved", "rejected"])
    .selectAll("t")
    .orderBy("t.decided_at", "desc")
    .limit(limit)
    .execute();

/** The same for some trips, whichever request refused them, by trip: the latest refusal. */
export const lastRejections = (
  db: Db,
  tripIds: readonly Id<"trip">[],
  but: Id<"request">,
): Promise<RejectionRow[]> =>
  db
    .selectFrom("verification.trip_rejection as t")
    .innerJoin("verification.request as r", "r.id", "t.request_id")
    .where("t.trip_id", "in", tripIds)
    .where("t.request_id", "<>", but)
    .where("r.status", "in", ["approved", "rejected"])
    .distinctOn("t.trip_id")
    .selectAll("t")
    .orderBy("t.trip_id")
    .orderBy("t.decided_at", "desc")
    .execute();

export type ApprovalRow = Selectable<Database["verification.approval"]>;

export const approvalRows = (db: Db, requestId: Id<"request">): Promise<ApprovalRow[]> =>
  db
    .selectFrom("verification.approval")
    .where("request_id", "=", requestId)
    .selectAll()
    .orderBy("approved_at")
    .orderBy("reviewer_id")
    .execute();

/** Records an approval; a reviewer who approves again approves what is there now. */
export const putApproval = async (tx: Tx, row: ApprovalRow): Promise<void> => {
  await tx
    .insertInto("verification.approval")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["request_id", "reviewer_id"]).doUpdateSet((eb) => ({
        digest: eb.ref("excluded.digest"),
        note: eb.ref("excluded.note"),
        approved_at: eb.ref("excluded.approved_at"),
      })),
    )
    .execute();
};

/** Takes back what other reviewers approved before the request changed. */
export const dropApprovals = async (
  tx: Tx,
  requestId: Id<"request">,
  reviewerIds: readonly Id<"user">[],
): Promise<void> => {
  if (reviewerIds.length === 0) return;
  await tx
    .deleteFrom("verification.approval")
    .where("request_id", "=", requestId)
    .where("reviewer_id", "in", reviewerIds)
    .execute();
};

/** Interests that a reviewer has now, among some subjects or all. */
export const interestRows = (db: Db, filter: { reviewerId?: Id<"user">; subjects?: readonly string[] }) => {
  let query = db
    .selectFrom("verification.interest")
    .where("ended_at", "is", null)
    .select(["reviewer_id", "subject_id", "reason", "declared_by", "declared_at"]);
  if (filter.reviewerId) query = query.where("reviewer_id", "=", filter.reviewerId);
  if (filter.subjects)
    query = query.where("subject_id", "in", filter.subjects.length > 0 ? filter.subjects : [""]);
  return query.orderBy("declared_at", "desc").limit(1_000).execute();
};

export const insertInterest = async (
  tx: Tx,
  row: { reviewerId: Id<"user">; subjectId: string; reason: string; declaredBy: Id<"user"> },
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("verification.interest")
    .values({
      reviewer_id: row.reviewerId,
      subject_id: row.subjectId,
      reason: row.reason,
      declared_by: row.declaredBy,
      declared_at: tx.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
};

/** Ends a reviewer's interest in somebody; answers whether there was one. */
export const endInterest = async (tx: Tx, reviewerId: Id<"user">, subjectId: string): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("verification.interest")
    .set({ ended_at: tx.at })
    .where("reviewer_id", "=", reviewerId)
    .where("subject_id", "=", subjectId)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

/** A reviewer's own work in figures. */
export const workOf = (db: Db, reviewerId: Id<"user">) =>
  db
    .selectFrom("verification.request")
    .where("decided_by", "=", reviewerId)
    .select((eb) => [
      eb.fn.countAll<bigint>().as("decided"),
      eb.fn.countAll<bigint>().filterWhere("status", "=", "approved").as("approved"),
      eb.fn.coalesce(eb.fn.sum<string>("issued_g"), sql<string>`0`).as("issued_g"),
      eb.fn.coalesce(eb.fn.sum<string>("trip_count"), sql<string>`0`).as("trips"),
      eb.fn.coalesce(eb.fn.sum<string>("rejected_count"), sql<string>`0`).as("refused"),
      sql<
        number | null
      >`percentile_cont(0.5) within group (order by extract(epoch from decided_at - coalesce(claimed_at, submitted_at)))`.as(
        "median_seconds",
      ),
    ])
    .executeTakeFirstOrThrow();

export const openOf = async (db: Db, reviewerId: Id<"user">): Promise<number> => {
  const { count } = await db
    .selectFrom("verification.request")
    .where("reviewer_id", "=", reviewerId)
    .where("status", "in", ["in_review", "needs_info"])
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
};

const monthOfDecision = sql<string>`to_char(decided_at at time zone 'UTC', 'YYYY-MM')`;

/** The same by month of decision, the latest 24 months with work. */
export const workByMonth = (db: Db, reviewerId: Id<"user">) =>
  db
    .selectFrom("verification.request")
    .where("decided_by", "=", reviewerId)
    .groupBy(monthOfDecision)
    .select((eb) => [
      monthOfDecision.as("period"),
      eb.fn.countAll<bigint>().filterWhere("status", "=", "approved").as("approved"),
      eb.fn.countAll<bigint>().filterWhere("status", "=", "rejected").as("rejected"),
      eb.fn.coalesce(eb.fn.sum<string>("issued_g"), sql<string>`0`).as("issued_g"),
    ])
    .orderBy("period", "desc")
    .limit(24)
    .execute();

/** All that a request says of itself, as its decision is written into the audit trail. */
export const requestFacts = async (tx: Tx, id: Id<"request">): Promise<object> => {
  const { rows } = await sql<{ facts: object }>`
    select verification.request_facts(${id}) as facts`.execute(tx);
  return rows[0]?.facts ?? {};
};

export const insertRecomputation = async (
  tx: Tx,
  row: {
    requestId: Id<"request">;
    expected_g: bigint;
    found_g: bigint;
    leavesMatch: boolean;
    askedBy: Id<"user"> | null;
  },
): Promise<void> => {
  await tx
    .insertInto("verification.recomputation")
    .values({
      request_id: row.requestId,
      at: tx.at,
      expected_g: row.expected_g,
      found_g: row.found_g,
      leaves_match: row.leavesMatch,
      asked_by: row.askedBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/** Approved requests that were longest not computed again, those never computed first. */
export const leastRecomputed = (db: Db, limit: number) =>
  db
    .selectFrom("verification.request as r")
    .leftJoin("verification.recomputation as c", "c.request_id", "r.id")
    .where("r.status", "=", "approved")
    .groupBy("r.id")
    .select((eb) => ["r.id", eb.fn.max("c.at").as("last")])
    .orderBy("last", (order) => order.asc().nullsFirst())
    .orderBy("r.id")
    .limit(limit)
    .execute();
