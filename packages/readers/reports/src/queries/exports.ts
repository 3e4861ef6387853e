import { type Database, type Db, json, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Selectable } from "kysely";

export type ExportRow = Selectable<Database["reports.export"]>;

type NewExport = Pick<ExportRow, "id" | "user_id" | "format" | "expires_at"> & { asked: object };

/** False when an export of that id exists already. */
export const insertExport = async (tx: Tx, { asked, ...row }: NewExport): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("reports.export")
    .values({ ...row, asked: json(asked), status: "queued", created_at: tx.at })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
};

export const exportRow = (db: Db, id: Id<"export">): Promise<ExportRow | undefined> =>
  db.selectFrom("reports.export").selectAll().where("id", "=", id).executeTakeFirst();

export const lockExport = (tx: Tx, id: Id<"export">): Promise<ExportRow | undefined> =>
  tx.selectFrom("reports.export").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

export const exportRows = (db: Db, userId: Id<"user">, limit: number): Promise<ExportRow[]> =>
  db
    .selectFrom("reports.export")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("created_at", "desc")
    .limit(limit)
    .execute();

/** How many of a person's files are still to be written. Two who ask at once take turns. */
export const lockUnfinished = async (tx: Tx, userId: Id<"user">): Promise<number> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`reports.export:${userId}`}, 0))`.execute(tx);
  const { n } = await tx
    .selectFrom("reports.export")
    .select(({ fn }) => fn.countAll<bigint>().as("n"))
    .where("user_id", "=", userId)
    .where("status", "in", ["queued", "running"])
    .executeTakeFirstOrThrow();
  return Number(n);
};

/** Begins a run: what an earlier one wrote that was cut off is none of the file's. False when the file is done. */
export const beginRun = async (tx: Tx, id: Id<"export">, run: string): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("reports.export")
    .set({
      status: "running",
      run,
      rows_done: 0n,
      rows_total: null,
      bytes: 0n,
      finished_at: null,
      failure: null,
    })
    .where("id", "=", id)
    // One that failed is begun again when an operator runs its job again.
    .where("status", "<>", "done")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};

export const insertPart = async (
  tx: Tx,
  part: { export_id: Id<"export">; run: string; seq: number; content: Uint8Array },
): Promise<void> => {
  await tx
    .insertInto("reports.export_part")
    .values({ ...part, content: Buffer.from(part.content) })
    .execute();
};

/** Notes how far a run has come. False when another run has taken over, or the file is gone. */
export const noteProgress = async (
  tx: Tx,
  {
    id,
    run,
    ...progress
  }: { id: Id<"export">; run: string; rows_done: bigint; bytes: bigint; rows_total?: bigint | null },
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("reports.export")
    .set(progress)
    .where("id", "=", id)
    .where("run", "=", run)
    .where("status", "=", "running")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};

/** Ends a run. False when another one has taken over. What other runs left is removed. */
export const endRun = async (
  tx: Tx,
  { id, run, expires_at }: { id: Id<"export">; run: string; expires_at: Date },
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("reports.export")
    .set({ status: "done", expires_at, finished_at: tx.at, rows_total: sql`rows_done` })
    .where("id", "=", id)
    .where("run", "=", run)
    .where("status", "=", "running")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tx.deleteFrom("reports.export_part").where("export_id", "=", id).where("run", "<>", run).execute();
  return true;
};

export const partRow = (db: Db, id: Id<"export">, run: string, seq: number): Promise<Buffer | undefined> =>
  db
    .selectFrom("reports.export_part")
    .select("content")
    .where("export_id", "=", id)
    .where("run", "=", run)
    .where("seq", "=", seq)
    .executeTakeFirst()
    .then((row) => row?.content);

/** In which part of a file a byte lies, and at which byte that part begins. */
export const partAt = async (
  db: Db,
  id: Id<"export">,
  run: string,
  byte: number,
): Promise<{ seq: number; begins: number }> => {
  if (byte === 0) return { seq: 0, begins: 0 };
  const { rows } = await sql<{ seq: number; begins: bigint }>`
    select seq, begins from (
      select seq, (sum(length(content)) over (order by seq) - length(content))::int8 as begins
      from reports.export_part where export_id = ${id} and run = ${run}
    ) parts where begins <= ${byte} order by seq desc limit 1`.execute(db);
  return { seq: rows[0]?.seq ?? 0, begins: Number(rows[0]?.begins ?? 0n) };
};

/** Files that have waited since before a moment. */
export const waitingExports = async (db: Db, before: Date): Promise<Id<"export">[]> =>
  (
    await db
      .selectFrom("reports.export")
      .select("id")
      .where("status", "in", ["queued", "running"])
      .where("created_at", "<", before)
      .orderBy("created_at")
      .limit(500)
      .execute()
  ).map(({ id }) => id);

/** Ends files whose job failed for good, and removes what was written of them. Answers how many. */
export const endFailed = async (tx: Tx, ids: readonly Id<"export">[], failure: string): Promise<number> => {
  if (ids.length === 0) return 0;
  const ended = await tx
    .updateTable("reports.export")
    .set({ status: "failed", failure, finished_at: tx.at })
    .where("id", "in", [...ids])
    .where("status", "in", ["queued", "running"])
    .returning("id")
    .execute();
  if (ended.length === 0) return 0;
  const gone = ended.map(({ id }) => id);
  await tx.deleteFrom("reports.export_part").where("export_id", "in", gone).execute();
  return ended.length;
};

/** Removes what expired, file and all. */
export const removeExpired = async (tx: Tx): Promise<number> => {
  const { numDeletedRows } = await tx
    .deleteFrom("reports.export")
    .where("expires_at", "<", tx.at)
    .executeTakeFirst();
  return Number(numDeletedRows);
};
