import type { Db, Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { assert, type Currency, day_ms, type Id, second_ms, textFromMinor } from "@evx/kernel";
import {
  type AuctionPart,
  type AuctionPlan,
  type AuctionRequest,
  checkPayable,
  currencyOf,
  listingRow,
  listingTotal,
  priceFrom,
} from "@evx/listings";
import { refuse as refuseListing } from "@evx/listings/errors";
import { orderLimits, saleFees } from "@evx/orders";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { commitment, genesisOf } from "./chain.ts";
import { depositFor } from "./deposits.ts";
import { refuse } from "./errors.ts";
import { auctionClosed } from "./events.ts";
import { closeAuctionJob } from "./jobs.ts";
import { auctionRules, type Band, bandsOf, incrementAt } from "./policy.ts";
import {
  type AuctionRow,
  auctionRow,
  auctionRows,
  endAuction,
  insertAuction,
  lockAuction,
} from "./queries/auctions.ts";

/**
 * Checks what a seller asks of an auction against the rules in force and freezes those.
 * Refuses `auction_deposit_too_high`, `auction_end_required`, `auction_end_out_of_range`, `auction_reserve_too_low`, `listing_too_large`,
 * `amount_below_minimum`, `amount_above_maximum`.
 */
export const planAuction = async (tx: Tx, request: AuctionRequest): Promise<AuctionPlan> => {
  const { auctionEndTime: endsAt, reservePrice, start_minor, currency, startsAt, buyNowPrice } = request;
  if (endsAt === undefined) throw refuse("auction_end_required");
  const { value: rule } = await ruleAt(tx, auctionRules, tx.at);
  const from = startsAt ?? tx.at;
  if (from < tx.at || from.getTime() - tx.at.getTime() > rule.longest_s * second_ms)
    throw refuse("auction_start_out_of_range", { longest: Math.floor(rule.longest_s / 86_400) });
  const length_s = (endsAt.getTime() - from.getTime()) / second_ms;
  if (length_s < rule.shortest_s || length_s > rule.longest_s) {
    throw refuse("auction_end_out_of_range", {
      shortest: rule.shortest_s,
      longest: Math.floor((rule.longest_s * second_ms) / day_ms),
    });
  }
  // A winner pays for all of it at once, so what no gateway charges cannot be won.
  checkPayable(listingTotal(request.creditsAmount, start_minor), currency);
  const reserve_minor = reservePrice === undefined ? null : priceFrom(reservePrice, currency, "reservePrice");
  if (reserve_minor !== null) {
    if (reserve_minor < start_minor) throw refuse("auction_reserve_too_low");
    checkPayable(listingTotal(request.creditsAmount, reserve_minor), currency);
  }
  const buy_now_minor = buyNowPrice === undefined ? null : priceFrom(buyNowPrice, currency, "buyNowPrice");
  if (buy_now_minor !== null) {
    if (buy_now_minor < start_minor || buy_now_minor < (reserve_minor ?? 0n))
      throw refuse("auction_buy_now_too_low");
    checkPayable(listingTotal(request.creditsAmount, buy_now_minor), currency);
  }
  const { window_s, stepBps: step_bps } = rule;
  const terms = {
    step_bps,
    step_minor: BigInt(rule.stepMinor),
    bands: bandsOf(rule),
    deposit_minor: depositFor(request, rule),
    window_s,
    starts_at: startsAt ?? null,
    buy_now_minor,
  };
  return { endsAt, start_minor, reserve_minor, ...terms };
};

/**
 * Starts an auction: its terms become the first link of its log, with the reserve price behind a commitment, and its
 * close is put on the calendar.
 */
export const openAuction = async (
  tx: Tx,
  input: { listingId: Id<"listing">; sellerId: Id<"user">; currency: Currency; plan: AuctionPlan },
): Promise<void> => {
  const { listingId, currency } = input;
  const { endsAt, bands, ...terms } = input.plan;
  const reserve_salt = crypto.randomUUID();
  const reserveHash =
    terms.reserve_minor === null ? null : await commitment(reserve_salt, terms.reserve_minor);
  const genesis = await genesisOf({
    listingId,
    currency,
    start: String(terms.start_minor),
    reserveHash,
    stepBps: terms.step_bps,
    stepMinor: String(terms.step_minor),
    windowSeconds: terms.window_s,
    auctionEndTime: endsAt.toISOString(),
    startsAt: terms.starts_at?.toISOString() ?? null,
    buyNow: terms.buy_now_minor === null ? null : String(terms.buy_now_minor),
    bands: bandsText(bands),
    deposit: terms.deposit_minor === null ? null : String(terms.deposit_minor),
  });
  await insertAuction(tx, {
    ...terms,
    band_from: bands.length === 0 ? null : bands.map(({ from }) => from),
    band_step: bands.length === 0 ? null : bands.map(({ step }) => step),
    listing_id: listingId,
    seller_id: input.sellerId,
    currency,
    status: "live",
    reserve_salt,
    mask_secret: crypto.randomUUID(),
    first_ends_at: endsAt,
    ends_at: endsAt,
    head: Buffer.from(genesis, "hex"),
  });
  await enqueue(tx, closeAuctionJob, { listingId }, { runAt: endsAt });
};

/** Ends an auction without a sale because its seller asks for it. Refuses `listing_has_bids`, `listing_not_found`. */
export const cancelAuction = async (
  tx: Tx,
  seller: Pick<Actor, "id">,
  listingId: Id<"listing">,
  { withBids = false }: { withBids?: boolean } = {},
): Promise<void> => {
  const auction = await lockAuction(tx, listingId);
  if (!auction || auction.seller_id !== seller.id) throw refuseListing("listing_not_found");
  if (auction.status === "cancelled" || auction.status === "closed_unsold") return;
  if (auction.seq > 0n && !withBids) throw refuse("listing_has_bids");
  await endAuction(tx, listingId, "cancelled");
};

/** Ends a running auction without a sale, also one with bids, because its credits may not be sold. Locks it. */
export const withdrawAuction = async (tx: Tx, listingId: Id<"listing">): Promise<void> => {
  const auction = await lockAuction(tx, listingId);
  if (auction?.status !== "live") return;
  await endAuction(tx, listingId, "cancelled");
  await emit(tx, auctionClosed, {
    listingId,
    sellerId: auction.seller_id,
    outcome: "unsold",
    winnerId: null,
    orderId: null,
    priceMinor: null,
    currency: auction.currency,
    grams: String((await listingRow(tx, listingId))?.amount_g ?? 0n),
    bidCount: Number(auction.seq),
    at: tx.at.toISOString(),
  });
};

/** An auction that must be there. */
export const auctionOf = async (db: Db, listingId: Id<"listing">): Promise<AuctionRow> => {
  const row = await auctionRow(db, listingId);
  if (row) return row;
  throw await notAnAuction(db, listingId);
};

/** The terms of an auction as the rules take them. */
export const termsOf = (auction: AuctionRow) => {
  assert(auction.step_minor > 0n, "an increment is more than nothing");
  return {
    start: auction.start_minor,
    reserve: auction.reserve_minor,
    stepBps: auction.step_bps,
    stepMinor: auction.step_minor,
    bands: frozenBands(auction),
    window_s: auction.window_s,
  };
};

/** The price bands that an auction froze at its start; none where one step holds for every price. */
export const frozenBands = ({ band_from, band_step }: Pick<AuctionRow, "band_from" | "band_step">): Band[] =>
  (band_from ?? []).map((from, place) => ({ from: BigInt(from), step: BigInt(band_step?.[place] ?? 1n) }));

/** Bands as the log says them; null for none. */
export const bandsText = (bands: readonly Band[]) =>
  bands.length === 0 ? null : bands.map(({ from, step }) => ({ from: String(from), step: String(step) }));

/** Why there is no auction of a listing: its price is fixed, or there is no such listing. */
export const notAnAuction = async (db: Db, listingId: Id<"listing">) =>
  (await listingRow(db, listingId)) ? refuse("listing_is_fixed") : refuseListing("listing_not_found");

/** The public state of an auction. */
const stateOf = (auction: AuctionRow & { early: boolean }): AuctionPart["state"] => {
  const { price_minor, reserve_minor } = auction;
  const currency = currencyOf(auction);
  const minimum =
    price_minor === null ? auction.start_minor : price_minor + incrementAt(price_minor, termsOf(auction));
  return {
    status: auction.status === "live" && auction.early ? "scheduled" : auction.status,
    startsAt: auction.starts_at,
    buyNowPrice:
      auction.buy_now_minor === null || auction.seq > 0n
        ? null
        : textFromMinor(auction.buy_now_minor, currency),
    deposit: auction.deposit_minor === null ? null : textFromMinor(auction.deposit_minor, currency),
    auctionEndTime: auction.ends_at,
    currentBid: price_minor === null ? null : textFromMinor(price_minor, currency),
    minimumBid: textFromMinor(minimum, currency),
    bidCount: Number(auction.seq),
    reserveMet: reserve_minor === null ? null : (auction.leader_max_minor ?? 0n) >= reserve_minor,
    leader: auction.leader_mask,
  };
};

/** How these listings' auctions stand; those with a fixed price are not in it. */
export const auctionParts = async (
  db: Db,
  listingIds: readonly Id<"listing">[],
): Promise<ReadonlyMap<Id<"listing">, AuctionPart>> => {
  const auctions = await auctionRows(db, listingIds);
  return new Map(
    auctions.map((auction) => {
      const { listing_id, reserve_minor } = auction;
      const reservePrice = reserve_minor === null ? null : textFromMinor(reserve_minor, currencyOf(auction));
      return [listing_id, { state: stateOf(auction), reservePrice }];
    }),
  );
};

/** The rules in force: fees, windows, limits of auctions. */
export const tradeTerms = async (db: Db, { now, currency }: { now: Date; currency: Currency }) => {
  const { value: fees } = await ruleAt(db, saleFees, now);
  const { value: windows } = await ruleAt(db, orderLimits, now);
  const { value: auctions } = await ruleAt(db, auctionRules, now);
  return {
    currency,
    platformFeePercent: fees.platformFeeBps / 100,
    cvaFeePercent: fees.cvaFeeBps / 100,
    paymentWindowMinutes: windows.paymentWindow_min,
    winnerWindowHours: windows.winnerWindow_h,
    auctionShortestMinutes: Math.ceil(auctions.shortest_s / 60),
    auctionLongestDays: Math.floor(auctions.longest_s / 86_400),
    auctionExtensionMinutes: Math.round(auctions.window_s / 60),
  };
};
