import { type Db, sql, type Tx } from "@evx/db";

export type PendingEntry = { id: bigint; body: Buffer };

/** What waits to be numbered, in the order in which it was entered. */
export const pendingEntries = (db: Db, limit: number): Promise<PendingEntry[]> =>
  db.selectFrom("log.pending").select(["id", "body"]).orderBy("id").limit(limit).execute();

/** How many entries wait, and since when the oldest does. */
export const backlog = async (db: Db): Promise<{ waiting: bigint; oldest: Date | null }> => {
  const row = await db
    .selectFrom("log.pending")
    .select(({ fn }) => [fn.countAll<bigint>().as("waiting"), fn.min("at").as("oldest")])
    .executeTakeFirstOrThrow();
  return { waiting: row.waiting, oldest: row.oldest };
};

export const lastCheckpoint = (db: Db) =>
  db.selectFrom("log.checkpoint").selectAll().orderBy("size", "desc").limit(1).executeTakeFirst();

/** What witnesses put under a checkpoint, in the order of their names. */
export const cosignatures = (db: Db, size: bigint) =>
  db
    .selectFrom("log.cosignature")
    .select(["name", "line"])
    .where("size", "=", size)
    .orderBy("name")
    .execute();

/** A tile as far as it has grown. */
export const tileRow = (db: Db, level: number, n: bigint): Promise<{ hashes: Buffer } | undefined> =>
  db.selectFrom("log.tile").select("hashes").where("level", "=", level).where("n", "=", n).executeTakeFirst();

/** Some tiles at once. */
export const tileRows = (
  db: Db,
  tiles: readonly { level: number; n: number }[],
): Promise<{ level: number; n: bigint; hashes: Buffer }[]> =>
  tiles.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("log.tile as t")
        .innerJoin(
          sql<{
            level: number;
            n: bigint;
          }>`unnest(${tiles.map(({ level }) => level)}::smallint[], ${tiles.map(({ n }) => n)}::bigint[])`.as<"k">(
            sql`k(level, n)`,
          ),
          (join) => join.onRef("k.level", "=", "t.level").onRef("k.n", "=", "t.n"),
        )
        .select(["t.level", "t.n", "t.hashes"])
        .execute();

/** Entries by their places, `first` included, `end` not. */
export const entryRows = (db: Db, first: bigint, end: bigint) =>
  db
    .selectFrom("log.entry")
    .select(["place", "body"])
    .where("place", ">=", first)
    .where("place", "<", end)
    .orderBy("place")
    .execute();

/** Where something was logged. */
export const placeOf = (db: Db, kind: string, subject: string) =>
  db
    .selectFrom("log.entry")
    .select(["place", "body"])
    .where("subject", "=", subject)
    .where("kind", "=", kind)
    .executeTakeFirst();

/** Whether something is in the log, or will be with the transaction that sees it. */
export const isEntered = async (db: Db, kind: string, subject: string): Promise<boolean> => {
  const { rows } = await sql<{ entered: boolean }>`select
    exists (select from log.entry where subject = ${subject} and kind = ${kind})
    or exists (select from log.pending where subject = ${subject} and kind = ${kind}) as entered`.execute(db);
  return rows[0]?.entered ?? false;
};

/** Entries of a kind, newest first. */
export const lastOfKind = (db: Db, kind: string, limit: number) =>
  db
    .selectFrom("log.entry")
    .select(["place", "subject", "body", "at"])
    .where("kind", "=", kind)
    .orderBy("place", "desc")
    .limit(limit)
    .execute();

/** False while another one sequences; held until the transaction ends. */
export const takeTurn = async (tx: Tx): Promise<boolean> => {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('log.sequence')) as mine`.execute(tx);
  return rows[0]?.mine ?? false;
};

export type Step = {
  size: bigint;
  ids: readonly bigint[];
  tiles: readonly { level: number; n: number; hashes: Uint8Array }[];
  root: Uint8Array;
  note: string;
};

/** Numbers entries, keeps tiles and publishes the checkpoint over them, at once. Answers the new size. */
export const sequence = async (tx: Tx, { size, ids, tiles, root, note }: Step): Promise<bigint> => {
  const { rows } = await sql<{ size: bigint }>`select log.sequence(
    ${size}, ${ids}::bigint[], ${tiles.map(({ level }) => level)}::int[], ${tiles.map(({ n }) => n)}::bigint[],
    ${tiles.map(({ hashes }) => Buffer.from(hashes))}::bytea[], ${Buffer.from(root)}, ${note}, ${tx.at}) as size`.execute(
    tx,
  );
  return rows[0]?.size ?? size;
};

export const keepCosignature = async (
  tx: Tx,
  { size, name, line }: { size: bigint; name: string; line: string },
): Promise<void> => {
  await sql`select log.keep_cosignature(${size}, ${name}, ${line}, ${tx.at})`.execute(tx);
};

/** Enters what was computed here: a book, a factor set, a standing. */
export const noteDown = async (tx: Tx, kind: string, subject: string, body: string): Promise<void> => {
  await sql`select log.note_down(${kind}, ${subject}, ${body}::jsonb, ${tx.at})`.execute(tx);
};
