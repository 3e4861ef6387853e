import type { Db } from "@evx/db";
import { bindBook, bookNode, type HoldingLeaf, holdingNode, type SumNode } from "@evx/proof/tree";
import { keptSince } from "./books.ts";
import { type BookRow, booksSince, keptOf, lastBook } from "./queries/books.ts";

const nodeBytes = 40;

const sameNode = (one: SumNode | undefined, other: SumNode): boolean =>
  one !== undefined && one.grams === other.grams && Buffer.compare(one.hash, other.hash) === 0;

/** Whether a leaf is the venue's own: of the buffer, or of what is cancelled. */
const isVenues = ({ day, secret }: BookRow, node: SumNode): boolean =>
  (["buffer", "cancelled"] as const).some((state) =>
    ([1, 2] as const).some((part) => {
      const leaf: HoldingLeaf = { day, holder: "venue", state, part, grams: String(node.grams) };
      return sameNode(node, holdingNode(leaf, secret));
    }),
  );

/** What is kept of a book for its holders' proofs: its tiles give its root, and each leaf is somebody's. */
const faultOf = async (db: Db, book: BookRow): Promise<string | null> => {
  const { tiles, holdings } = await keptOf(db, book.day);
  const stored = (level: number) =>
    Buffer.concat(tiles.flatMap((tile) => (tile.level === level ? [tile.nodes] : [])));
  const bytes = stored(0);
  const leaves = Array.from({ length: bytes.length / nodeBytes }, (_, at) => bookNode(bytes, at));
  if (BigInt(leaves.length) !== book.leaf_count) return "not all of its leaves are kept";
  const { root, grams, levels } = bindBook(leaves);
  const whole = levels.every((nodes, level) => Buffer.compare(stored(level), nodes) === 0);
  if (root !== book.root || grams !== book.sum_g || !whole) return "its stored leaves do not give its root";
  const free = new Set(leaves.keys());
  for (const { holder_id: holder, state, first_g, second_g, first_place, second_place } of holdings) {
    const { day, secret } = book;
    const is = (part: 1 | 2, share: bigint, place: bigint) =>
      sameNode(
        leaves[Number(place)],
        holdingNode({ day, holder, state, part, grams: String(share) }, secret),
      ) && free.delete(Number(place));
    if (!is(1, first_g, first_place) || !is(2, second_g, second_place))
      return `what ${holder} held (${state}) is not in it as its rows say`;
  }
  for (const place of free)
    if (!isVenues(book, leaves[place] as SumNode))
      return `its leaf ${place} of ${leaves[place]?.grams} g is nobody's`;
  return null;
};

/** Books from which holders could not prove what they hold, while they should; in sentences. */
export const keptBookFaults = async (db: Db): Promise<string[]> => {
  const last = await lastBook(db);
  const faults: string[] = [];
  for (const book of last ? await booksSince(db, keptSince(last.at)) : []) {
    const fault = await faultOf(db, book);
    if (fault) faults.push(`The book of ${book.day}: ${fault}.`);
  }
  return faults;
};
