import type { Tx } from "@evx/db";
import { type Currency, type Id, type Minor, namedId, shareOf, textFromMinor } from "@evx/kernel";
import { cash, post, releaseAll } from "@evx/ledger";
import { type AuctionRequest, currencyOf, listingTotal, priceFrom } from "@evx/listings";
import { auctionOrderRows } from "@evx/orders";
import { limitsAt, setAside } from "@evx/payouts";
import { refuse } from "./errors.ts";
import type { auctionRules } from "./policy.ts";
import { type AuctionRow, lockAuction } from "./queries/auctions.ts";
import { endDeposits, insertDeposit, openDeposits } from "./queries/deposits.ts";

/** A bidder's deposit in the book: nobody else can take the name. */
const holdOf = (listingId: Id<"listing">, bidderId: Id<"user">): string => `dep_${listingId}_${bidderId}`;

/**
 * What every bidder of a new auction sets aside: what its seller asks, or the venue's share of the lot's price at the
 * start; null for nothing. Refuses `auction_deposit_too_high`.
 */
export const depositFor = (
  request: Pick<AuctionRequest, "creditsAmount" | "currency" | "start_minor" | "depositAmount">,
  rule: Pick<(typeof auctionRules)["initial"], "depositBps">,
): Minor | null => {
  const { creditsAmount, currency, start_minor, depositAmount } = request;
  const lot = listingTotal(creditsAmount, start_minor);
  if (depositAmount === undefined) {
    const share = shareOf(lot, rule.depositBps);
    return share > 0n ? share : null;
  }
  const asked = priceFrom(depositAmount, currency, "depositAmount");
  if (asked > lot) throw refuse("auction_deposit_too_high", { most: textFromMinor(lot, currency), currency });
  return asked;
};

/** Notes that a bidder's deposit belongs to an auction, before the bid that asks for it. False when it is there already. */
export const noteDeposit = (
  tx: Tx,
  auction: Pick<AuctionRow, "listing_id" | "currency"> & { deposit_minor: Minor },
  bidderId: Id<"user">,
): Promise<boolean> =>
  insertDeposit(tx, {
    listing_id: auction.listing_id,
    bidder_id: bidderId,
    amount_minor: auction.deposit_minor,
    currency: auction.currency,
    at: tx.at,
  });

/** Sets a noted deposit aside, of what the bidder could withdraw now. Refuses `deposit_not_covered`. */
export const holdDeposit = async (
  tx: Tx,
  input: {
    listingId: Id<"listing">;
    bidderId: Id<"user">;
    amount: Minor;
    currency: Currency;
    /** The venue's holding time, unless an operator's rule says otherwise. */
    holdDays: number;
  },
): Promise<void> => {
  const { listingId, bidderId, amount, currency } = input;
  const { holdingDays } = await limitsAt(tx, input, tx.at);
  const hold = { id: holdOf(listingId, bidderId), userId: bidderId, currency, amount, holdingDays };
  await setAside(tx, hold, (available, cause) =>
    refuse(
      "deposit_not_covered",
      { deposit: textFromMinor(amount, currency), available: textFromMinor(available, currency), currency },
      { cause },
    ),
  );
};

/**
 * Returns the deposits of an auction that is over: of all but who won it and may still pay. Any number of times. Takes the
 * auction's lock.
 */
export const returnDeposits = async (tx: Tx, listingId: Id<"listing">): Promise<void> => {
  const auction = await lockAuction(tx, listingId);
  if (!auction || auction.status === "live") return;
  const waiting = new Set(
    (await auctionOrderRows(tx, listingId))
      .filter(({ kind, status }) => kind === "auction_win" && mayStillPay.has(status))
      .map(({ buyer_id }) => buyer_id),
  );
  const over = (await openDeposits(tx, listingId)).filter(({ bidder_id }) => !waiting.has(bidder_id));
  if (over.length === 0) return;
  const bidders = over.map(({ bidder_id }) => bidder_id).toSorted();
  await endDeposits(tx, { listingId, bidders, outcome: "returned" });
  await releaseAll(
    tx,
    bidders.map((bidder) => holdOf(listingId, bidder)),
  );
};

const mayStillPay: ReadonlySet<string> = new Set(["pending_payment", "paid", "disputed"]);

/**
 * Keeps the deposit of a winner who did not pay: it goes to the seller, whose credits waited for nothing. Answers what it
 * was; null when there was none. The caller holds the auction's lock.
 */
export const keepDeposit = async (
  tx: Tx,
  auction: Pick<AuctionRow, "listing_id" | "seller_id" | "currency">,
  order: { id: Id<"order">; buyer_id: Id<"user"> },
): Promise<Minor | null> => {
  const { listing_id: listingId, seller_id } = auction;
  const deposit = (await openDeposits(tx, listingId)).find(({ bidder_id }) => bidder_id === order.buyer_id);
  if (!deposit) return null;
  await endDeposits(tx, { listingId, bidders: [order.buyer_id], outcome: "kept" });
  const currency = currencyOf(deposit);
  await post(tx, {
    id: await namedId("transfer", `deposit kept ${order.id}`),
    kind: "deposit_kept",
    legs: [
      { account: cash(currency, order.buyer_id), amount: -deposit.amount_minor },
      { account: cash(currency, seller_id), amount: deposit.amount_minor },
    ],
    memo: { orderId: order.id, listingId },
    releases: [holdOf(listingId, order.buyer_id)],
  });
  return deposit.amount_minor;
};
