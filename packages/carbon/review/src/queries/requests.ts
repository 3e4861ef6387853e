import { issuanceNumbers } from "@evx/certificates";
import { type Database, type Db, json, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type Insertable, type Selectable, type SqlBool, sql, type Updateable } from "kysely";

type RequestTable = Database["verification.request"];

export type RequestRow = Selectable<RequestTable> & {
  approvals: bigint;
  resubmitted_by: Id<"request"> | null;
  /** The certificate of issuance's number, once there is one. */
  certificate_number: string | null;
};

/** A request with what other tables of this room know of it. */
const rows = (db: Db) =>
  db
    .selectFrom("verification.request as r")
    .selectAll("r")
    .select((eb) => [
      eb
        .selectFrom("verification.approval as a")
        .whereRef("a.request_id", "=", "r.id")
        .select((sub) => sub.fn.countAll<bigint>().as("count"))
        .$asScalar()
        .$notNull()
        .as("approvals"),
      eb
        .selectFrom("verification.request as again")
        .whereRef("again.resubmits_id", "=", "r.id")
        .select("again.id")
        .as("resubmitted_by"),
    ]);

/** Adds the numbers of certificates, which are another room's; only issued requests are asked for. */
const withNumbers = async (
  db: Db,
  found: readonly Omit<RequestRow, "certificate_number">[],
): Promise<RequestRow[]> => {
  const numbers = await issuanceNumbers(
    db,
    found.filter(({ batch_id }) => batch_id !== null).map(({ id }) => id),
  );
  return found.map((row) => ({ ...row, certificate_number: numbers.get(row.id) ?? null }));
};

export const requestRow = async (db: Db, id: Id<"request">): Promise<RequestRow | undefined> => {
  const [row] = await withNumbers(db, await rows(db).where("r.id", "=", id).execute());
  return row;
};

export const requestsByIds = async (db: Db, ids: readonly Id<"request">[]): Promise<RequestRow[]> =>
  ids.length === 0 ? [] : withNumbers(db, await rows(db).where("r.id", "in", ids).execute());

/** The request, locked until the transaction ends: two reviewers, or one twice, take turns. */
export const lockedRequest = async (tx: Tx, id: Id<"request">): Promise<RequestRow | undefined> => {
  await tx.selectFrom("verification.request").where("id", "=", id).select("id").forUpdate().execute();
  // Read after the lock is held, or the answer would be from before whoever held it.
  return requestRow(tx, id);
};

export const insertRequest = async (
  tx: Tx,
  row: Omit<Insertable<RequestTable>, "factors" | "risk_reasons"> & {
    factors: unknown;
    risk_reasons: unknown;
  },
): Promise<void> => {
  await tx
    .insertInto("verification.request")
    .values({ ...row, factors: json(row.factors), risk_reasons: json(row.risk_reasons) })
    .execute();
};

export const updateRequest = async (
  tx: Tx,
  id: Id<"request">,
  change: Pick<
    Updateable<RequestTable>,
    | "status"
    | "reviewer_id"
    | "claimed_at"
    | "decided_at"
    | "decided_by"
    | "decision_note"
    | "issued_g"
    | "buffer_g"
    | "rejected_count"
    | "batch_id"
    | "approvals_needed"
  >,
): Promise<void> => {
  await tx.updateTable("verification.request").set(change).where("id", "=", id).execute();
};

/** Gives an open request other reasons of risk, and the score that is their sum. */
export const updateRisk = async (
  tx: Tx,
  id: Id<"request">,
  reasons: readonly { points: number }[],
): Promise<void> => {
  const score = Math.min(
    100,
    reasons.reduce((sum, { points }) => sum + points, 0),
  );
  await tx
    .updateTable("verification.request")
    .set({ risk_score: score, risk_reasons: json([...reasons]) })
    .where("id", "=", id)
    .execute();
};

export type RequestFilter = {
  status?: RequestRow["status"] | "open" | undefined;
  ownerId?: Id<"user"> | undefined;
  vehicleId?: Id<"vehicle"> | undefined;
  /** Held or decided by this reviewer. */
  reviewerId?: Id<"user"> | undefined;
  sort: "risk" | "newest" | "oldest";
};

/** The key that a page goes on from: risk (0 where it does not order), milliseconds, id. */
export type RequestKey = { risk: number; at: Date; id: string } | null;

/** Requests in order. The key's columns are those of an index for each sort. */
export const requestRows = async (
  db: Db,
  filter: RequestFilter,
  limit: number,
  after: RequestKey,
): Promise<RequestRow[]> => {
  let query = rows(db).limit(limit);
  if (filter.status === "open") query = query.where("r.status", "in", ["pending", "in_review", "needs_info"]);
  else if (filter.status) query = query.where("r.status", "=", filter.status);
  if (filter.ownerId) query = query.where("r.owner_id", "=", filter.ownerId);
  if (filter.vehicleId) query = query.where("r.vehicle_id", "=", filter.vehicleId);
  const { reviewerId } = filter;
  if (reviewerId)
    query = query.where((eb) =>
      eb.or([eb("r.reviewer_id", "=", reviewerId), eb("r.decided_by", "=", reviewerId)]),
    );
  if (filter.sort === "risk") {
    query = query.orderBy("r.risk_score", "desc").orderBy("r.submitted_at").orderBy("r.id");
    if (after) {
      query = query.where(
        sql<SqlBool>`(-r.risk_score, r.submitted_at, r.id) > (${-after.risk}::int, ${after.at}::timestamptz, ${after.id}::text)`,
      );
    }
    return withNumbers(db, await query.execute());
  }
  const newest = filter.sort === "newest";
  query = query.orderBy("r.submitted_at", newest ? "desc" : "asc").orderBy("r.id", newest ? "desc" : "asc");
  if (after) {
    const key = sql`(${after.at}::timestamptz, ${after.id}::text)`;
    query = query.where(
      newest ? sql<SqlBool>`(r.submitted_at, r.id) < ${key}` : sql<SqlBool>`(r.submitted_at, r.id) > ${key}`,
    );
  }
  return withNumbers(db, await query.execute());
};

/** How an owner's earlier requests ended. */
export const decisionsOf = async (
  db: Db,
  ownerId: Id<"user">,
): Promise<{ approved: number; rejected: number }> => {
  const found = await db
    .selectFrom("verification.request")
    .where("owner_id", "=", ownerId)
    .where("status", "in", ["approved", "rejected"])
    .groupBy("status")
    .select((eb) => ["status", eb.fn.countAll<bigint>().as("count")])
    .execute();
  const count = (status: string) => Number(found.find((row) => row.status === status)?.count ?? 0n);
  return { approved: count("approved"), rejected: count("rejected") };
};

export type MessageKind = Database["verification.message"]["kind"];

/** Adds to a request's history. The request's row is locked or just made, so numbers have no twin. */
export const insertMessage = async (
  tx: Tx,
  message: { requestId: Id<"request">; authorId: Id<"user">; kind: MessageKind; body: string | null },
): Promise<void> => {
  await tx
    .insertInto("verification.message")
    .values(({ selectFrom }) => ({
      request_id: message.requestId,
      seq: selectFrom("verification.message")
        .where("request_id", "=", message.requestId)
        .select(({ fn, val }) => sql<number>`${fn.coalesce(fn.max("seq"), val(0))} + 1`.as("next")),
      author_id: message.authorId,
      kind: message.kind,
      body: message.body,
      at: tx.at,
    }))
    .execute();
};

export const messageRows = (db: Db, requestId: Id<"request">) =>
  db
    .selectFrom("verification.message")
    .where("request_id", "=", requestId)
    .select(["seq", "author_id", "kind", "body", "at"])
    .orderBy("seq")
    .execute();

/** How many requests wait for a decision, counted no further than `most`. */
export const undecidedRequests = async (db: Db, most: number): Promise<number> => {
  const { count } = await db
    .selectFrom(
      db
        .selectFrom("verification.request")
        .select("id")
        .where("status", "in", ["pending", "in_review", "needs_info"])
        .limit(most)
        .as("undecided"),
    )
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
};
