import type { Db, Tx } from "@evx/db";
import type { Currency, Grams, Id, Minor } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { AuctionStateView } from "./schema.ts";

/** What a seller asks of an auction. */
export type AuctionRequest = {
  creditsAmount: Grams;
  currency: Currency;
  start_minor: Minor;
  auctionEndTime?: Date | undefined;
  reservePrice?: string | undefined;
  startsAt?: Date | undefined;
  buyNowPrice?: string | undefined;
  depositAmount?: string | undefined;
};

/** The terms of an auction, frozen by the rules in force when it was asked for. */
export type AuctionPlan = {
  endsAt: Date;
  start_minor: Minor;
  reserve_minor: Minor | null;
  step_bps: number;
  step_minor: Minor;
  window_s: number;
  starts_at: Date | null;
  buy_now_minor: Minor | null;
  /** From a price on, the least step; ascending. */
  bands: readonly { from: Minor; step: Minor }[];
  deposit_minor: Minor | null;
};

/** How an auction stands for everyone, and the reserve price for its seller alone. */
export type AuctionPart = {
  state: Omit<AuctionStateView, "auctionEndTime" | "startsAt"> & {
    auctionEndTime: Date;
    startsAt: Date | null;
  };
  reservePrice: string | null;
};

/**
 * What listings need of the auctions room, which stands above this one: a listing that is sold by auction opens, shows
 * and cancels it through these.
 */
export type AuctionPorts = {
  /** Checks what a seller asks. Refuses what is wrong with the end and the reserve price. */
  planAuction(tx: Tx, request: AuctionRequest): Promise<AuctionPlan>;
  /** Starts the auction of a listing that has just been written. */
  openAuction(
    tx: Tx,
    input: { listingId: Id<"listing">; sellerId: Id<"user">; currency: Currency; plan: AuctionPlan },
  ): Promise<void>;
  /** Ends an auction without a sale, taking its lock. Refuses once somebody has bid, unless the venue itself ends it. */
  cancelAuction(
    tx: Tx,
    seller: Pick<Actor, "id">,
    listingId: Id<"listing">,
    options?: { withBids?: boolean },
  ): Promise<void>;
  /** Ends a running auction without a sale, also one with bids, because its credits may not be sold. */
  withdrawAuction(tx: Tx, listingId: Id<"listing">): Promise<void>;
  /** How these listings' auctions stand; those with a fixed price are not in it. */
  auctionParts(
    db: Db,
    listingIds: readonly Id<"listing">[],
  ): Promise<ReadonlyMap<Id<"listing">, AuctionPart>>;
};
