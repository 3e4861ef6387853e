import { buyer, member, open, operator, owner, rest, router, selfOrOperator, told } from "@evx/rpc";
import { bidOn, bidsOf, placeBid } from "./auctions.ts";
import { bidLog, latestBids, proveAuction } from "./bid-log.ts";
import { holdToIdentityLimit } from "./identity-limit.ts";
import { cancelListing, createListing, listingDetail, listingsOf, netInHand, termsNow } from "./listings.ts";
import { watchListing } from "./live.ts";
import { cancelOrder, orderFor, ordersOf, placeOrder } from "./orders.ts";
import { type MarketplacePorts, mayTrade } from "./ports.ts";
import * as S from "./schema.ts";
import { marketFacets, searchListings } from "./search.ts";
import { listingView, orderView } from "./views.ts";

export const marketplaceRouter = (ports: MarketplacePorts) => {
  const seller = owner.use(({ ctx, next }) => mayTrade(ports, ctx.actor, next));
  const trader = buyer.use(({ ctx, next }) => mayTrade(ports, ctx.actor, next));

  const listings = router({
    create: seller
      .meta(rest("POST", "/marketplace/listings", { status: 201, summary: "List credits for sale" }))
      .input(S.CreateListing)
      .output(S.ListingAnswer)
      .mutation(async ({ ctx, input }) => {
        const wish = { ...input, id: input.id ?? (await ctx.nameFor("listing")) };
        const row = await ctx.transact(async (tx) => {
          const listed = await createListing(tx, ctx.actor, ctx.currency, wish);
          await holdToIdentityLimit(tx, ports, ctx.actor);
          return listed;
        });
        return { listing: listingView(row) };
      }),
    search: open
      .meta(rest("GET", "/marketplace/listings", { summary: "Find what can be bought or bid on" }))
      .input(S.Search)
      .output(S.ListingPage)
      .query(({ ctx, input }) => searchListings(ctx.db, ctx.currency, input)),
    facets: open
      .meta(told("What the market can be filtered by"))
      .output(S.Facets)
      .query(({ ctx }) => marketFacets(ctx.db)),
    byId: open
      .meta(rest("GET", "/marketplace/listings/{id}", { summary: "A listing with its provenance" }))
      .input(S.ById)
      .output(S.ListingDetailAnswer)
      .query(({ ctx, input }) => listingDetail(ctx.db, input.id, ctx.clock.now())),
    cancel: owner
      .meta(rest("DELETE", "/marketplace/listings/{id}", { summary: "Take a listing off the market" }))
      .input(S.ById)
      .output(S.ListingAnswer)
      .mutation(async ({ ctx, input }) => ({
        listing: listingView(await ctx.transact((tx) => cancelListing(tx, ctx.actor, input.id))),
      })),
    mine: owner
      .meta(told("Your listings"))
      .input(S.MyListings)
      .output(S.OwnListingPage)
      .query(({ ctx, input }) => listingsOf(ctx.db, ctx.actor.id, input)),
    netInHand: open
      .meta(
        rest("GET", "/marketplace/net-in-hand", { summary: "What a sale would leave its seller, and when" }),
      )
      .input(S.NetInHand)
      .output(S.NetInHandAnswer)
      .query(({ ctx, input }) => netInHand(ctx.db, ctx.clock.now(), ctx.currency, ports.holdDays, input)),
    terms: open
      .meta(rest("GET", "/marketplace/terms", { summary: "Fees, windows and limits in force" }))
      .output(S.Terms)
      .query(({ ctx }) => termsNow(ctx.db, ctx.clock.now(), ctx.currency)),
    watch: open
      .input(S.Watch)
      .subscription(({ ctx, input, signal }) => watchListing(ctx, input.listingId, signal)),
  });

  const orders = router({
    place: trader
      .meta(rest("POST", "/marketplace/orders", { status: 201, summary: "Buy all or part of a listing" }))
      .input(S.PlaceOrder)
      .output(S.OrderAnswer)
      .mutation(async ({ ctx, input }) => {
        const wish = { ...input, id: input.id ?? (await ctx.nameFor("order")) };
        return { order: orderView(await ctx.transact((tx) => placeOrder(tx, ctx.actor, wish))) };
      }),
    cancel: buyer
      .meta(rest("POST", "/marketplace/orders/{id}/cancel", { summary: "Let go of an unpaid order" }))
      .input(S.OrderById)
      .output(S.OrderAnswer)
      .mutation(async ({ ctx, input }) => ({
        order: orderView(await ctx.transact((tx) => cancelOrder(tx, ctx.actor, input.id))),
      })),
    byId: member
      .meta(told("An order of yours, with its payment and certificate"))
      .input(S.OrderById)
      .output(S.OrderDetail)
      .query(async ({ ctx, input }) => ({
        order: orderView(await orderFor(ctx.db, ctx.actor, input.id)),
        now: ctx.clock.now(),
      })),
    of: member
      .meta(rest("GET", "/marketplace/orders/{userId}", { summary: "A person's orders, newest first" }))
      .input(S.OrdersOf)
      .output(S.OrderPage)
      .query(({ ctx, input }) => {
        selfOrOperator(ctx.actor, input.userId);
        return ordersOf(ctx.db, input.userId, "both", input);
      }),
    mine: member
      .meta(told("Your orders"))
      .input(S.MyOrders)
      .output(S.OrderPage)
      .query(({ ctx, input }) =>
        ordersOf(ctx.db, ctx.actor.id, ctx.actor.role === "buyer" ? "bought" : "sold", input),
      ),
    all: operator
      .meta(rest("GET", "/marketplace/orders", { summary: "All orders, newest first" }))
      .input(S.MyOrders)
      .output(S.OrderPage)
      .query(({ ctx, input }) => ordersOf(ctx.db, null, "both", input)),
  });

  const bids = router({
    place: trader
      .meta(rest("POST", "/marketplace/bids", { status: 201, summary: "Bid up to a maximum per credit" }))
      .input(S.PlaceBid)
      .output(S.BidAnswer)
      .mutation(async ({ ctx, input }) => {
        const wish = { ...input, id: input.id ?? (await ctx.nameFor("bid")) };
        const asked = { at: ctx.clock.now(), cause: ctx.requestId };
        return placeBid(ctx.db, asked, ctx.actor, ctx.currency, wish);
      }),
    mine: buyer
      .meta(rest("GET", "/marketplace/bids", { summary: "The auctions in which I have bid" }))
      .input(S.MyBids)
      .output(S.MyBidPage)
      .query(({ ctx, input }) => bidsOf(ctx.db, ctx.actor.id, input)),
    on: buyer
      .meta(told("Your bid in an auction"))
      .input(S.MyBidOn)
      .output(S.MyBidOnAnswer)
      .query(async ({ ctx, input }) => ({ bid: await bidOn(ctx.db, ctx.actor.id, input.listingId) })),
    latest: open
      .meta(told("The latest bids of an auction"))
      .input(S.ById)
      .output(S.LatestBids)
      .query(({ ctx, input }) => latestBids(ctx.db, input.id, 20)),
    log: open
      .meta(rest("GET", "/marketplace/listings/{id}/bids", { summary: "An auction's hash-chained bids" }))
      .input(S.BidLogOf)
      .output(S.BidLog)
      .query(({ ctx, input }) => bidLog(ctx.db, input.id, input)),
    prove: open
      .meta(
        rest("GET", "/marketplace/listings/{id}/proof", { summary: "Replay a closed auction from its bids" }),
      )
      .input(S.ById)
      .output(S.BidLogProof)
      .query(({ ctx, input }) => proveAuction(ctx.db, input.id)),
  });

  return router({ listings, orders, bids });
};
