import type { Detail } from "./words.ts";

/** The lead as it was heard at a moment. */
export type LiveLead = { auction: NonNullable<Detail["auction"]>; at: string };

/** A line under an auction. `bidder` is empty where only the lead is known, `bid` null unless it did not come to lead. */
export type BidLine = {
  seq: number;
  bidder: string;
  bid: string | null;
  leader: string;
  price: string;
  at: string;
};

/**
 * The bids as the log has them, newest first, and before them where the auction has come to since: live news comes at
 * once, the log a moment later. News that the log has overtaken, or that moved neither lead nor price, adds no line.
 */
export const bidLines = (known: readonly BidLine[], newest: LiveLead | undefined): readonly BidLine[] => {
  const last = known[0];
  const moved =
    newest &&
    newest.auction.bidCount > (last?.seq ?? 0) &&
    (newest.auction.currentBid !== last?.price || newest.auction.leader !== last?.leader);
  if (!moved) return known;
  const { bidCount: seq, leader, currentBid } = newest.auction;
  const since = { seq, bidder: "", bid: null, leader: leader ?? "", price: currentBid ?? "" };
  return [{ ...since, at: newest.at }, ...known];
};

/** What a bid did: lost to the leader's proxy, took the lead, or left the lead where it is. */
export const deedOf = ({ bid, bidder, leader }: BidLine): "lost" | "tookLead" | "leadsAt" => {
  if (bid !== null) return "lost";
  return bidder === leader ? "tookLead" : "leadsAt";
};

/** The price after each moment at which there were bids, the earliest first: several bids of one moment are its last. */
export const stepsOf = (bids: readonly BidLine[]): { at: string; price: string }[] => {
  const last = new Map<string, string>();
  for (const { at, price } of bids.toReversed()) last.set(at, price);
  return [...last].map(([at, price]) => ({ at, price }));
};
