import { type Database, type Db, json, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type Insertable, type Selectable, sql, type Updateable } from "kysely";

export type SubmissionRow = Selectable<Database["verification.submission"]>;
export type LineRow = Selectable<Database["verification.submission_line"]>;

export const submissionRow = (db: Db, id: Id<"submission">): Promise<SubmissionRow | undefined> =>
  db.selectFrom("verification.submission").selectAll().where("id", "=", id).executeTakeFirst();

export const submissionsOf = (db: Db, ownerId: Id<"user">, limit: number): Promise<SubmissionRow[]> =>
  db
    .selectFrom("verification.submission")
    .selectAll()
    .where("owner_id", "=", ownerId)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

/** The lines of several submissions at once, by submission. */
export const linesOfAll = async (
  db: Db,
  of: readonly Pick<SubmissionRow, "id">[],
): Promise<Map<Id<"submission">, LineRow[]>> => {
  const ids = of.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("verification.submission_line")
    .selectAll()
    .where("submission_id", "in", ids)
    .orderBy("place")
    .execute();
  return Map.groupBy(rows, (row) => row.submission_id);
};

export const lineRows = async (db: Db, id: Id<"submission">): Promise<LineRow[]> =>
  (await linesOfAll(db, [{ id }])).get(id) ?? [];

/** Writes a submission with its lines; answers whether it is new. */
export const insertSubmission = async (
  tx: Tx,
  row: Insertable<Database["verification.submission"]>,
  lines: readonly Omit<Insertable<Database["verification.submission_line"]>, "submission_id" | "place">[],
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("verification.submission")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
  for (let at = 0; at < lines.length; at += 1_000)
    await tx
      .insertInto("verification.submission_line")
      .values(
        lines.slice(at, at + 1_000).map((line, n) => ({ ...line, submission_id: row.id, place: at + n })),
      )
      .execute();
  return true;
};

export const updateSubmission = (
  tx: Tx,
  id: Id<"submission">,
  row: Updateable<Database["verification.submission"]>,
) => tx.updateTable("verification.submission").set(row).where("id", "=", id).execute();

/** A line that waits, locked; undefined where another worker is done with it. */
export const lockWaiting = (tx: Tx, { submission_id, place }: LineRow): Promise<LineRow | undefined> =>
  tx
    .selectFrom("verification.submission_line")
    .selectAll()
    .where("submission_id", "=", submission_id)
    .where("place", "=", place)
    .where("status", "=", "waiting")
    .forUpdate()
    .executeTakeFirst();

export const endLine = (
  tx: Tx,
  { submission_id, place }: LineRow,
  end: { status: "done"; trips: bigint } | { status: "refused"; refusal: string; details: object },
) =>
  tx
    .updateTable("verification.submission_line")
    .set(
      end.status === "done"
        ? { status: "done", trips: end.trips, trips_done: end.trips }
        : { status: "refused", refusal: end.refusal, details: json(end.details) },
    )
    .where("submission_id", "=", submission_id)
    .where("place", "=", place)
    .execute();

export const advanceLine = (tx: Tx, { submission_id, place }: LineRow, trips: number) =>
  tx
    .updateTable("verification.submission_line")
    .set({ trips_done: sql<bigint>`trips_done + ${trips}` })
    .where("submission_id", "=", submission_id)
    .where("place", "=", place)
    .execute();
