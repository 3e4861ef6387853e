import { mayTrade, type TradeSettings } from "@evx/listings";
import { buyer, open, rest, router, told } from "@evx/rpc";
import { tradeTerms } from "./auctions.ts";
import { bidLog, latestBids, proveAuction } from "./bid-log.ts";
import { bidOn, bidsOf, placeBid } from "./bids.ts";
import * as S from "./schema.ts";

/** The procedures under `marketplace.bids`. */
export const bidsRouter = (settings: TradeSettings) => {
  const trader = buyer.use(({ ctx, next }) => mayTrade(settings, ctx.actor, next));

  return router({
    place: trader
      .meta(rest("POST", "/marketplace/bids", { status: 201, summary: "Bid up to a maximum per credit" }))
      .input(S.PlaceBid)
      .output(S.BidAnswer)
      .mutation(async ({ ctx, input }) =>
        placeBid(ctx, ctx.actor, {
          ...input,
          id: input.id ?? (await ctx.nameFor("bid")),
          currency: input.currency ?? ctx.currency,
          holdDays: settings.holdDays,
          at: ctx.clock.now(),
          cause: ctx.requestId,
        }),
      ),
    mine: buyer
      .meta(rest("GET", "/marketplace/bids", { summary: "The auctions in which I have bid" }))
      .input(S.MyBids)
      .output(S.MyBidPage)
      .query(({ ctx, input }) => bidsOf(ctx.db, ctx.actor, input)),
    on: buyer
      .meta(told("Your bid in an auction"))
      .input(S.MyBidOn)
      .output(S.MyBidOnAnswer)
      .query(async ({ ctx, input }) => ({ bid: await bidOn(ctx.db, ctx.actor, input.listingId) })),
    latest: open
      .meta(told("The latest bids of an auction"))
      .input(S.AuctionById)
      .output(S.LatestBids)
      .query(({ ctx, input }) => latestBids(ctx.db, { listingId: input.id, limit: 20 })),
    log: open
      .meta(rest("GET", "/marketplace/listings/{id}/bids", { summary: "An auction's hash-chained bids" }))
      .input(S.BidLogOf)
      .output(S.BidLog)
      .query(({ ctx, input }) => bidLog(ctx.db, input.id, input)),
    prove: open
      .meta(
        rest("GET", "/marketplace/listings/{id}/proof", { summary: "Replay a closed auction from its bids" }),
      )
      .input(S.AuctionById)
      .output(S.BidLogProof)
      .query(({ ctx, input }) => proveAuction(ctx.db, input.id)),
  });
};

/** What auctions add to `marketplace.listings`: all rules of trade in force, fees and windows included. */
export const termsProcedures = {
  terms: open
    .meta(rest("GET", "/marketplace/terms", { summary: "Fees, windows and limits in force" }))
    .output(S.Terms)
    .query(({ ctx }) => tradeTerms(ctx.db, { now: ctx.clock.now(), currency: ctx.currency })),
};
