import { open, owner, rest, told } from "@evx/rpc";
import { checkIdentityLimit } from "./identity-limit.ts";
import { cancelListing, changePrice, createListing, listingDetail, listingsOf } from "./listings.ts";
import { listingSource, watchListing } from "./live.ts";
import type { AuctionPorts } from "./ports.ts";
import * as S from "./schema.ts";
import { auctionsAmong, marketFacets, searchListings } from "./search.ts";
import { mayTrade, type TradeSettings } from "./settings.ts";
import { listingView } from "./views.ts";

/** The procedures under `marketplace.listings`, to which orders and auctions add what they know of terms. */
export const listingsProcedures = (settings: TradeSettings, ports: AuctionPorts) => {
  const seller = owner.use(({ ctx, next }) => mayTrade(settings, ctx.actor, next));
  const source = listingSource(ports);

  return {
    create: seller
      .meta(rest("POST", "/marketplace/listings", { status: 201, summary: "List credits for sale" }))
      .input(S.CreateListing)
      .output(S.ListingAnswer)
      .mutation(async ({ ctx, input }) => {
        const named = { ...input, id: input.id ?? (await ctx.nameFor("listing")), currency: ctx.currency };
        const row = await ctx.transact(async (tx) => {
          const listed = await createListing(tx, ports, ctx.actor, named);
          await checkIdentityLimit(tx, ctx.actor, settings);
          return listed;
        });
        const auctions = await auctionsAmong(ctx.db, ports, [row]);
        return { listing: listingView(row, auctions.get(row.id)) };
      }),
    search: open
      .meta(rest("GET", "/marketplace/listings", { summary: "Find what can be bought or bid on" }))
      .input(S.Search)
      .output(S.ListingPage)
      .query(({ ctx, input }) => searchListings(ctx.db, ports, { ...input, currency: ctx.currency })),
    facets: open
      .meta(told("What the market can be filtered by"))
      .output(S.Facets)
      .query(({ ctx }) => marketFacets(ctx.db)),
    byId: open
      .meta(rest("GET", "/marketplace/listings/{id}", { summary: "A listing with its provenance" }))
      .input(S.ById)
      .output(S.ListingDetailAnswer)
      .query(({ ctx, input }) => listingDetail(ctx.db, ports, { id: input.id, now: ctx.clock.now() })),
    cancel: owner
      .meta(rest("DELETE", "/marketplace/listings/{id}", { summary: "Take a listing off the market" }))
      .input(S.ById)
      .output(S.ListingAnswer)
      .mutation(async ({ ctx, input }) => {
        const row = await ctx.transact((tx) => cancelListing(tx, ports, ctx.actor, input.id));
        const auctions = await auctionsAmong(ctx.db, ports, [row]);
        return { listing: listingView(row, auctions.get(row.id)) };
      }),
    changePrice: owner
      .meta(rest("PATCH", "/marketplace/listings/{id}", { summary: "Change the price of an unsold listing" }))
      .input(S.ChangePrice)
      .output(S.ListingAnswer)
      .mutation(async ({ ctx, input }) => {
        const row = await ctx.transact((tx) => changePrice(tx, ctx.actor, input));
        return { listing: listingView(row, undefined) };
      }),
    mine: owner
      .meta(told("Your listings"))
      .input(S.MyListings)
      .output(S.OwnListingPage)
      .query(({ ctx, input }) => listingsOf(ctx.db, ports, ctx.actor, input)),
    watch: open
      .input(S.Watch)
      .subscription(({ ctx, input, signal }) => watchListing(ctx, source, { id: input.listingId, signal })),
  };
};
