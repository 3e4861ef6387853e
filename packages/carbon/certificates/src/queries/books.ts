import { type Db, sql, type Tx } from "@evx/db";
import type { Grams, Id } from "@evx/kernel";
import type { HoldingState } from "@evx/proof";

/** What somebody, or the venue, holds in one state. */
export type Held = { holder: string; state: HoldingState; grams: Grams };

/** What everybody holds. Until the transaction ends nobody issues, retires or cancels. */
export const beginBook = async (tx: Tx): Promise<Held[]> => {
  const { rows } = await sql<Held>`select holder, state, grams from verification.begin_book()`.execute(tx);
  return rows;
};

export type BookRow = { day: string; root: string; leaf_count: bigint; sum_g: Grams; secret: Buffer };

/** Keeps a book's facts and enters them in the public log. */
export const closeBook = async (tx: Tx, book: BookRow): Promise<void> => {
  await tx
    .insertInto("verification.book")
    .values({ ...book, at: tx.at })
    .execute();
  const holdings = JSON.stringify({
    root: book.root,
    size: Number(book.leaf_count),
    sum: String(book.sum_g),
  });
  await sql`select verification.close_book(${book.day}, ${holdings}::jsonb, ${tx.at})`.execute(tx);
};

export const bookOf = (db: Db, day: string) =>
  db.selectFrom("verification.book").selectAll().where("day", "=", day).executeTakeFirst();

/** The newest book that was closed no later than on the given day, or at all. */
export const lastBook = (db: Db) =>
  db.selectFrom("verification.book").selectAll().orderBy("day", "desc").limit(1).executeTakeFirst();

/** Rows that one statement takes. */
const portion = 1_000;

export const insertTiles = async (
  tx: Tx,
  day: string,
  tiles: readonly { level: number; n: bigint; nodes: Buffer }[],
): Promise<void> => {
  for (let at = 0; at < tiles.length; at += portion)
    await tx
      .insertInto("verification.book_tile")
      .values(tiles.slice(at, at + portion).map((tile) => ({ day, ...tile })))
      .execute();
};

export type HoldingRow = {
  holder_id: Id<"user">;
  state: "held" | "listed" | "retired";
  first_g: Grams;
  second_g: Grams;
  first_place: bigint;
  second_place: bigint;
};

export const insertHoldings = async (tx: Tx, day: string, rows: readonly HoldingRow[]): Promise<void> => {
  for (let at = 0; at < rows.length; at += portion)
    await tx
      .insertInto("verification.book_holding")
      .values(rows.slice(at, at + portion).map((row) => ({ day, ...row })))
      .execute();
};

export const holdingsIn = (db: Db, day: string, holderId: Id<"user">): Promise<HoldingRow[]> =>
  db
    .selectFrom("verification.book_holding")
    .select(["holder_id", "state", "first_g", "second_g", "first_place", "second_place"])
    .where("day", "=", day)
    .where("holder_id", "=", holderId)
    .orderBy("state")
    .execute();

export const bookTile = (db: Db, day: string, level: number, n: bigint) =>
  db
    .selectFrom("verification.book_tile")
    .select("nodes")
    .where("day", "=", day)
    .where("level", "=", level)
    .where("n", "=", n)
    .executeTakeFirst();

/** Books of a day and later ones. */
export const booksSince = (db: Db, day: string) =>
  db.selectFrom("verification.book").selectAll().where("day", ">=", day).orderBy("day").execute();

/** All tiles of a day, and who holds what by it: as much as is kept. */
export const keptOf = async (db: Db, day: string) => ({
  tiles: await db
    .selectFrom("verification.book_tile")
    .select(["level", "n", "nodes"])
    .where("day", "=", day)
    .orderBy("level")
    .orderBy("n")
    .execute(),
  holdings: await db
    .selectFrom("verification.book_holding")
    .select(["holder_id", "state", "first_g", "second_g", "first_place", "second_place"])
    .where("day", "=", day)
    .execute(),
});

/** Drops what proofs of days before the given one were made of. Their roots stay. */
export const forgetBooks = async (tx: Tx, before: string): Promise<void> => {
  await tx.deleteFrom("verification.book_holding").where("day", "<", before).execute();
  await tx.deleteFrom("verification.book_tile").where("day", "<", before).execute();
};
