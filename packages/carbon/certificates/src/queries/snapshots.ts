import { type Db, sql, type Tx } from "@evx/db";

export type SnapshotRow = { day: string; statement: string; signature: string };

/** Has a transaction that has read nothing yet see one state throughout, however long it reads. */
export const atOneMoment = async (tx: Tx): Promise<void> => {
  await sql`set transaction isolation level repeatable read`.execute(tx);
};

export const insertSnapshot = async (
  tx: Tx,
  row: SnapshotRow & { content: Buffer; key_id: string },
): Promise<void> => {
  await tx
    .insertInto("verification.snapshot")
    .values({ ...row, at: tx.at })
    .execute();
};

/** The newest snapshots' statements. */
export const snapshotRows = (db: Db, limit: number): Promise<SnapshotRow[]> =>
  db
    .selectFrom("verification.snapshot")
    .select(["day", "statement", "signature"])
    .orderBy("day", "desc")
    .limit(limit)
    .execute();

export const snapshotContent = (db: Db, day: string): Promise<{ content: Buffer } | undefined> =>
  db.selectFrom("verification.snapshot").select("content").where("day", "=", day).executeTakeFirst();
