import { type Db, sql, type Tx } from "@evx/db";

export type SnapshotRow = { day: string; statement: string; signature: string };

/** Has a transaction that has read nothing yet see one state throughout, however long it reads. */
export const atOneMoment = async (tx: Tx): Promise<void> => {
  await sql`set transaction isolation level repeatable read`.execute(tx);
};

/** The statement of a snapshot; its bytes are in its parts. */
export const insertSnapshot = async (tx: Tx, row: SnapshotRow & { key_id: string }): Promise<void> => {
  await tx
    .insertInto("verification.snapshot")
    .values({ ...row, content: Buffer.alloc(0), at: tx.at })
    .execute();
};

export const insertSnapshotPart = async (
  tx: Tx,
  part: { day: string; place: number; content: Buffer },
): Promise<void> => {
  await tx.insertInto("verification.snapshot_part").values(part).execute();
};

/** The snapshots' statements, the newest first, before a day. */
export const snapshotRows = (db: Db, limit: number, before: string | null): Promise<SnapshotRow[]> => {
  const query = db
    .selectFrom("verification.snapshot")
    .select(["day", "statement", "signature"])
    .orderBy("day", "desc")
    .limit(limit);
  return (before === null ? query : query.where("day", "<", before)).execute();
};

export const snapshotRow = (db: Db, day: string): Promise<SnapshotRow | undefined> =>
  db
    .selectFrom("verification.snapshot")
    .select(["day", "statement", "signature"])
    .where("day", "=", day)
    .executeTakeFirst();

export const isSnapshotTaken = async (db: Db, day: string): Promise<boolean> =>
  (await db.selectFrom("verification.snapshot").select("day").where("day", "=", day).executeTakeFirst()) !==
  undefined;

/** Days with a book and without a snapshot, since the first that has one; the oldest first. */
export const missedSnapshots = async (db: Db, limit: number): Promise<string[]> => {
  const { rows } = await sql<{ day: string }>`
    select b.day from verification.book b
    where b.day > (select min(day) from verification.snapshot)
      and not exists (select from verification.snapshot s where s.day = b.day)
    order by b.day limit ${limit}`.execute(db);
  return rows.map(({ day }) => day);
};

/** A snapshot's packed bytes, part by part: what the row itself has, then its parts. */
export async function* snapshotParts(db: Db, day: string): AsyncGenerator<Uint8Array> {
  const head = await db
    .selectFrom("verification.snapshot")
    .select("content")
    .where("day", "=", day)
    .executeTakeFirst();
  if (head && head.content.length > 0) yield new Uint8Array(head.content);
  for (let place = -1; ; ) {
    const part = await db
      .selectFrom("verification.snapshot_part")
      .select(["place", "content"])
      .where("day", "=", day)
      .where("place", ">", place)
      .orderBy("place")
      .limit(1)
      .executeTakeFirst();
    if (!part) return;
    yield new Uint8Array(part.content);
    place = part.place;
  }
}
