import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { day_ms, type Id, type Minor } from "@evx/kernel";
import { ruleAt } from "@evx/rules";
import { strikeGiven } from "./events.ts";
import { auctionRules } from "./policy.ts";
import { countStrikes, insertStrike, pauseBidder } from "./queries/strikes.ts";

/** Strikes count for so long. */
const COUNTED_DAYS = 180;

/**
 * Notes that somebody won an auction and did not pay; with as many strikes as the rule says they cannot bid for some days.
 * Once for each order.
 */
export const noteStrike = async (
  tx: Tx,
  order: { id: Id<"order">; listing_id: Id<"listing">; buyer_id: Id<"user">; currency: string },
  /** What of a deposit it cost them, and when the auction was opened: its rule of then says how many strikes are too many. */
  { kept: deposit, agreedAt }: { kept: Minor | null; agreedAt: Date },
): Promise<void> => {
  if (!(await insertStrike(tx, { order_id: order.id, user_id: order.buyer_id, at: tx.at }))) return;
  const { value: rule } = await ruleAt(tx, auctionRules, agreedAt);
  const count = await countStrikes(tx, order.buyer_id, new Date(tx.at.getTime() - COUNTED_DAYS * day_ms));
  const until = count >= rule.strikes ? new Date(tx.at.getTime() + rule.pauseDays * day_ms) : null;
  if (until) await pauseBidder(tx, order.buyer_id, until);
  await emit(tx, strikeGiven, {
    orderId: order.id,
    listingId: order.listing_id,
    bidderId: order.buyer_id,
    count,
    allowed: rule.strikes,
    depositMinor: deposit === null ? null : String(deposit),
    currency: order.currency,
    pausedUntil: until?.toISOString() ?? null,
    at: tx.at.toISOString(),
  });
};
