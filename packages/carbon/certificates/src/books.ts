import type { Db, Tx } from "@evx/db";
import { day_ms, type Grams, type Id, isId } from "@evx/kernel";
import { loggedAt } from "@evx/log";
import { type HoldingFile, hex } from "@evx/proof";
import { base64 } from "@evx/proof/log";
import {
  type BookReader,
  bindBook,
  bookPath,
  type HoldingLeaf,
  holdingNode,
  holdingSalt,
  newTreeSecret,
} from "@evx/proof/tree";
import { refuse } from "./errors.ts";
import {
  type BookRow,
  beginBook,
  bookOf,
  bookTile,
  closeBook,
  forgetBooks,
  type Held,
  type HoldingRow,
  holdingsIn,
  insertHoldings,
  insertTiles,
  lastBook,
} from "./queries/books.ts";

/** Proofs are given out for so long; roots stay for ever. */
const kept_ms = 35 * day_ms;

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The first day whose proofs are kept when a book is closed. */
export const keptSince = (closedAt: Date): string => dayOf(new Date(closedAt.getTime() - kept_ms));

/** A whole number from 0 to `most`, both included, all alike likely but for one in 2^64. */
const random = (most: Grams): Grams => {
  const words = crypto.getRandomValues(new BigUint64Array(2));
  return (((words[0] as bigint) << 64n) | (words[1] as bigint)) % (most + 1n);
};

/** What is held in two leaves, parted at random, so that a neighbour on the way up learns no balance. */
const parted = (day: string, { holder, state, grams }: Held): [HoldingLeaf, HoldingLeaf] => {
  const first = random(grams);
  const leaf = (part: 1 | 2, share: Grams): HoldingLeaf => ({
    day,
    holder,
    state,
    part,
    grams: String(share),
  });
  return [leaf(1, first), leaf(2, grams - first)];
};

const isOwnState = (state: Held["state"]): state is HoldingRow["state"] =>
  state === "held" || state === "listed" || state === "retired";

/** A book of nothing has one leaf: nobody holds nothing. */
const nobody: Held = { holder: "venue", state: "buffer", grams: 0n };

/**
 * Closes the book of a day: a Merkle-sum tree over what everybody holds, whose root goes into the public log beside the
 * totals and the heads of the audit trail. Once a day; asked again it answers false.
 */
export const closeDay = async (tx: Tx, day: string): Promise<boolean> => {
  if (await bookOf(tx, day)) return false;
  const held = await beginBook(tx);
  const secret = newTreeSecret();
  const pairs = (held.length > 0 ? held : [nobody]).map((one) => ({ one, leaves: parted(day, one) }));
  const book = bindBook(pairs.flatMap(({ leaves }) => leaves.map((leaf) => holdingNode(leaf, secret))));
  const count = BigInt(pairs.length * 2);
  const row: BookRow = {
    day,
    root: book.root,
    leaf_count: count,
    sum_g: book.grams,
    secret: Buffer.from(secret),
  };
  await closeBook(tx, row);
  await insertTiles(
    tx,
    day,
    book.levels.flatMap((nodes, level) =>
      Array.from({ length: Math.ceil(nodes.length / 10_240) }, (_, n) => ({
        level,
        n: BigInt(n),
        nodes: Buffer.from(nodes.subarray(n * 10_240, (n + 1) * 10_240)),
      })),
    ),
  );
  const rows = pairs.flatMap(({ one, leaves: [first, second] }, at): HoldingRow[] =>
    isId("user", one.holder) && isOwnState(one.state)
      ? [
          {
            holder_id: one.holder,
            state: one.state,
            first_g: BigInt(first.grams),
            second_g: BigInt(second.grams),
            first_place: BigInt(book.places[at * 2] ?? 0),
            second_place: BigInt(book.places[at * 2 + 1] ?? 0),
          },
        ]
      : [],
  );
  await insertHoldings(tx, day, rows);
  await forgetBooks(tx, keptSince(tx.at));
  return true;
};

const logProof = async (db: Db, day: string) => {
  const logged = await loggedAt(db, "book", day);
  return logged && { ...logged, proof: logged.proof.map(base64) };
};

/** The newest book, for everybody. Refuses `book_not_found` before the first. */
export const publicBook = async (db: Db) => {
  const book = await lastBook(db);
  if (!book) throw refuse("book_not_found");
  return {
    day: book.day,
    root: book.root,
    leaves: Number(book.leaf_count),
    credits: book.sum_g,
    closedAt: book.at,
    log: await logProof(db, book.day),
  };
};

const readerOf =
  (db: Db, day: string): BookReader =>
  async (level, n, width) => {
    const tile = await bookTile(db, day, level, BigInt(n));
    if (!tile || tile.nodes.length < width * 40)
      throw new RangeError(`tile ${level}/${n} of ${day} does not have ${width} nodes`);
    return tile.nodes;
  };

/**
 * What a person held when the book of a day was closed, with the proof that it is in the book: the newest one unless a
 * day is given. Refuses `book_not_found`, also for a day whose proofs are no longer given out.
 */
export const holdingProof = async (
  db: Db,
  holder: Id<"user">,
  day?: string | undefined,
): Promise<{ closedAt: Date; file: HoldingFile }> => {
  const book = day ? await bookOf(db, day) : await lastBook(db);
  const read = book && readerOf(db, book.day);
  if (!book || !read || !(await bookTile(db, book.day, 0, 0n))) throw refuse("book_not_found");
  const count = Number(book.leaf_count);
  const items: HoldingFile["items"][number][] = [];
  for (const row of await holdingsIn(db, book.day, holder)) {
    const parts: HoldingFile["items"][number]["parts"][number][] = [];
    for (const part of [1, 2] as const) {
      const [grams, at] = part === 1 ? [row.first_g, row.first_place] : [row.second_g, row.second_place];
      parts.push({
        grams: String(grams),
        salt: hex(holdingSalt({ holder, state: row.state, part }, book.secret)),
        place: Number(at),
        path: await bookPath(read, { count, place: Number(at) }),
      });
    }
    items.push({ state: row.state, parts });
  }
  return {
    closedAt: book.at,
    file: {
      format: "evx-holding/1",
      day: book.day,
      holder,
      root: book.root,
      leaves: count,
      sum: String(book.sum_g),
      items,
      log: await logProof(db, book.day),
    },
  };
};
