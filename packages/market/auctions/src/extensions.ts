import type { Tx } from "@evx/db";
import { showEnds } from "@evx/listings";
import { extendLive } from "./queries/auctions.ts";

/** Gives running auctions back the time in which nobody could bid. Answers how many end later. */
export const extendAuctions = async (tx: Tx, closed: { since: Date; until: Date }): Promise<number> => {
  const moved = await extendLive(tx, closed);
  await showEnds(
    tx,
    moved.map(({ listing_id, ends_at }) => ({ id: listing_id, ends_at })),
  );
  return moved.length;
};
