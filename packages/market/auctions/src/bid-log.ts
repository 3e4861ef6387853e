import type { Db } from "@evx/db";
import { afterCursor, type Id, type PageInput, pageFrom, textFromMinor } from "@evx/kernel";
import { currencyOf } from "@evx/listings";
import { auctionOf, bandsText, frozenBands } from "./auctions.ts";
import { commitment, genesisOf, type Proof, placesOf, replay } from "./chain.ts";
import { refuse } from "./errors.ts";
import { type AuctionRow, type BidRow, bidRows, extensionRows, latestBidRows } from "./queries/auctions.ts";
import type { BidLogView } from "./schema.ts";

const hex = (bytes: Buffer): string => Buffer.from(bytes).toString("hex");

const bidView = (bid: BidRow, revealed: boolean) => ({
  seq: Number(bid.seq),
  id: bid.id,
  bidder: bid.mask,
  maxHash: hex(bid.max_hash),
  max: revealed ? String(bid.max_minor) : null,
  salt: revealed ? bid.salt : null,
  price: String(bid.price_minor),
  leader: bid.leader_mask,
  at: bid.at,
  auctionEndTime: bid.ends_at,
  prev: hex(bid.prev),
  hash: hex(bid.hash),
});

const termsView = async (db: Db, auction: AuctionRow, currency: string) => {
  const revealed = auction.status !== "live";
  const { reserve_minor, reserve_salt, first_ends_at } = auction;
  const terms = {
    listingId: auction.listing_id,
    currency,
    start: String(auction.start_minor),
    reserveHash: reserve_minor === null ? null : await commitment(reserve_salt, reserve_minor),
    stepBps: auction.step_bps,
    stepMinor: String(auction.step_minor),
    windowSeconds: auction.window_s,
  };
  const { starts_at, buy_now_minor } = auction;
  const extensions = await extensionRows(db, auction.listing_id);
  const buyNow = buy_now_minor === null ? null : String(buy_now_minor);
  const bands = bandsText(frozenBands(auction));
  const deposit = auction.deposit_minor === null ? null : String(auction.deposit_minor);
  return {
    ...terms,
    startsAt: starts_at,
    buyNow,
    bands,
    deposit,
    places: placesOf(currency),
    reserve: revealed && reserve_minor !== null ? String(reserve_minor) : null,
    reserveSalt: revealed && reserve_minor !== null ? reserve_salt : null,
    auctionEndTime: first_ends_at,
    extensions: extensions.map(({ after_seq, ends_at, at }) => ({
      afterSeq: Number(after_seq),
      auctionEndTime: ends_at,
      at,
    })),
    genesis: await genesisOf({
      ...terms,
      auctionEndTime: first_ends_at.toISOString(),
      startsAt: starts_at?.toISOString() ?? null,
      buyNow,
      bands,
      deposit,
    }),
  };
};

/**
 * The public log of an auction, in the order of its bids: who bid is masked, how high is hidden behind a commitment
 * until the auction has closed. Amounts are minor units of the currency.
 */
export const bidLog = async (db: Db, listingId: Id<"listing">, { limit, cursor }: PageInput) => {
  const auction = await auctionOf(db, listingId);
  const currency = currencyOf(auction);
  const after = afterCursor(cursor, ([seq, ...rest]) =>
    rest.length === 0 && Number.isSafeInteger(seq) ? BigInt(seq ?? 0) : null,
  );
  const rows = await bidRows(db, listingId, { afterSeq: after ?? 0n, limit: limit + 1 });
  const revealed = auction.status !== "live";
  const page = pageFrom(
    rows,
    limit,
    (bid) => bidView(bid, revealed),
    (bid) => [Number(bid.seq)],
  );
  return { status: auction.status, terms: await termsView(db, auction, currency), ...page };
};

/** The newest bids of an auction, newest first, with prices as money. */
export const latestBids = async (
  db: Db,
  { listingId, limit }: { listingId: Id<"listing">; limit: number },
) => {
  const currency = currencyOf(await auctionOf(db, listingId));
  // One more than is shown: a bid is told by what stood before it.
  const rows = await latestBidRows(db, listingId, limit + 1);
  const told = rows.flatMap((bid, place) => {
    const before = rows[place + 1];
    // A leader who raises a secret maximum changes nothing that anybody else may know.
    const isSecret =
      before !== undefined && bid.mask === before.leader_mask && bid.price_minor === before.price_minor;
    return isSecret ? [] : [bid];
  });
  return {
    items: told.slice(0, limit).map((bid) => ({
      seq: Number(bid.seq),
      bidder: bid.mask,
      price: textFromMinor(bid.price_minor, currency),
      // Whoever did not lead bid all that they would pay.
      bid: bid.leads ? null : textFromMinor(bid.max_minor, currency),
      leader: bid.leader_mask,
      at: bid.at,
    })),
  };
};

/** The whole log of a closed auction as anyone can download it. */
export const wholeBidLog = async (db: Db, listingId: Id<"listing">): Promise<BidLogView> => {
  const items: BidLogView["items"] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await bidLog(db, listingId, { limit: 5_000, cursor });
    const { auctionEndTime, startsAt, extensions, ...terms } = page.terms;
    for (const { at, auctionEndTime: end, ...bid } of page.items) {
      items.push({ ...bid, at: at.toISOString(), auctionEndTime: end.toISOString() });
    }
    if (page.nextCursor === null) {
      return {
        status: page.status,
        terms: {
          ...terms,
          auctionEndTime: auctionEndTime.toISOString(),
          startsAt: startsAt?.toISOString() ?? null,
          extensions: extensions.map((one) => ({
            afterSeq: one.afterSeq,
            auctionEndTime: one.auctionEndTime.toISOString(),
            at: one.at.toISOString(),
          })),
        },
        items,
        nextCursor: null,
      };
    }
    cursor = page.nextCursor;
  }
};

/** Replays a closed auction from its public log. Refuses `auction_still_live`, since maxima are secret until then. */
export const proveAuction = async (db: Db, listingId: Id<"listing">): Promise<Proof> => {
  const auction = await auctionOf(db, listingId);
  if (auction.status === "live") throw refuse("auction_still_live");
  return replay(await wholeBidLog(db, listingId));
};
