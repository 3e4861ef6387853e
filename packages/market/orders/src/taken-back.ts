import type { Tx } from "@evx/db";
import { type Grams, type Id, namedId } from "@evx/kernel";
import { type GramMove, listingAccount, movesOf, takeOfBatch, transferById, wallet } from "@evx/ledger";
import { wentBackAfterSale } from "@evx/payments";
import type { OrderRow } from "./queries/orders.ts";

type Part = { batchId: Id<"batch">; seller: Id<"user">; buyer: Id<"user">; grams: Grams };

/** What a completed sale brought its buyer's wallet, by batch and seller. Grams that were retired at once are not there. */
const partsOf = async (tx: Tx, lines: readonly OrderRow[]): Promise<Part[]> => {
  const parts = new Map<string, Part>();
  const add = (move: GramMove, line: OrderRow) => {
    const key = `${move.batchId} ${line.seller_id}`;
    const known = parts.get(key);
    const grams = move.last_g - move.first_g + 1n + (known?.grams ?? 0n);
    parts.set(key, { batchId: move.batchId, seller: line.seller_id, buyer: line.buyer_id, grams });
  };
  for (const transferId of new Set(lines.map((line) => line.transfer_id)))
    for (const move of await movesOf(tx, transferId)) {
      const line = lines.find((one) => listingAccount(one.listing_id) === move.from);
      if (line && move.to === wallet(line.buyer_id)) add(move, line);
    }
  return [...parts.values()].sort((a, b) => (a.batchId < b.batchId ? -1 : 1));
};

const nameOf = (direction: "back" | "again", orderId: Id<"order">, part: Part) =>
  namedId("transfer", `credits ${direction} ${orderId} ${part.batchId} ${part.seller}`);

/**
 * Whoever has their whole money back after a sale does not keep its credits: those that are still in their wallet go
 * to the seller, who has given the money back. What was sold on or retired meanwhile stays where it is. Where the bank
 * decides for the seller after all, credits that are still there go to the buyer again. Once each way; runs any number
 * of times.
 */
export const followCredits = async (
  tx: Tx,
  orderId: Id<"order">,
  lines: readonly OrderRow[],
): Promise<void> => {
  const [first] = lines;
  if (!first) return;
  const gone = await wentBackAfterSale(tx, first.payment_id);
  for (const part of await partsOf(tx, lines)) {
    const back = await nameOf("back", orderId, part);
    const ends = { from: wallet(part.buyer), to: wallet(part.seller) };
    const memo = { orderId };
    const taking = { kind: "correction" as const, batchId: part.batchId, atMost: part.grams, memo };
    if (gone) await takeOfBatch(tx, { ...taking, id: back, ...ends });
    else if (await transferById(tx, back)) {
      const id = await nameOf("again", orderId, part);
      await takeOfBatch(tx, { ...taking, id, from: ends.to, to: ends.from });
    }
  }
};
