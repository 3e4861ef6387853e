import { inVenueCurrency, member, open, owner, rest, router, told } from "@evx/rpc";
import { checkIdentityLimit } from "./identity-limit.ts";
import { cancelListing, changePrice, createListing, listingDetail, listingsOf } from "./listings.ts";
import { liveListings, watchListing } from "./live.ts";
import type { AuctionPorts } from "./ports.ts";
import { forgetSearch, savedSearches, saveSearch } from "./saved-searches.ts";
import * as S from "./schema.ts";
import { auctionsAmong, marketFacets, searchListings, similarListings } from "./search.ts";
import { mayTrade, type TradeSettings } from "./settings.ts";
import { listingView } from "./views.ts";
import { watch, watchedOf, watchOf } from "./watching.ts";

/** The procedures under `marketplace.searches`. */
export const searchesRouter = () =>
  router({
    save: member
      .meta(
        rest("POST", "/marketplace/searches", {
          status: 201,
          summary: "Save a search and be told of what is new",
        }),
      )
      .input(S.SaveSearch)
      .output(S.SavedSearches)
      .mutation(async ({ ctx, input }) => {
        const id = input.id ?? (await ctx.nameFor("search"));
        await ctx.transact((tx) => saveSearch(tx, ctx.actor, { ...input, id, currency: ctx.currency }));
        return { items: await savedSearches(ctx.db, ctx.actor) };
      }),
    list: member
      .meta(rest("GET", "/marketplace/searches", { summary: "Your saved searches" }))
      .output(S.SavedSearches)
      .query(async ({ ctx }) => ({ items: await savedSearches(ctx.db, ctx.actor) })),
    forget: member
      .meta(rest("DELETE", "/marketplace/searches/{id}", { summary: "Delete a saved search" }))
      .input(S.SearchById)
      .output(S.SavedSearches)
      .mutation(async ({ ctx, input }) => {
        await ctx.transact((tx) => forgetSearch(tx, ctx.actor, input.id));
        return { items: await savedSearches(ctx.db, ctx.actor) };
      }),
  });

/** Keeping an eye on listings. */
const watchProcedures = (ports: AuctionPorts) => ({
  keepWatch: member
    .meta(
      rest("POST", "/marketplace/listings/{id}/watch", {
        summary: "Keep an eye on a listing, or no longer",
      }),
    )
    .input(S.WatchListing)
    .output(S.Watching)
    .mutation(async ({ ctx, input }) => {
      await ctx.transact((tx) => watch(tx, ctx.actor, { listingId: input.id, on: input.on }));
      return watchOf(ctx.db, ctx.actor, input.id);
    }),
  isWatched: member
    .meta(told("Whether you keep an eye on a listing"))
    .input(S.ById)
    .output(S.Watching)
    .query(({ ctx, input }) => watchOf(ctx.db, ctx.actor, input.id)),
  watched: member
    .meta(rest("GET", "/marketplace/watched", { summary: "The listings that you keep an eye on" }))
    .input(S.Watched)
    .output(S.ListingPage)
    .query(({ ctx, input }) => watchedOf(ctx.db, ports, ctx.actor, input)),
});

/** The procedures under `marketplace.listings`, to which orders and auctions add what they know of terms. */
export const listingsProcedures = (settings: TradeSettings, ports: AuctionPorts) => {
  const seller = owner.use(({ ctx, next }) => mayTrade(settings, ctx.actor, next));
  const live = liveListings(ports);

  return {
    create: seller
      .meta(rest("POST", "/marketplace/listings", { status: 201, summary: "List credits for sale" }))
      .input(S.CreateListing)
      .output(S.ListingAnswer)
      .mutation(async ({ ctx, input }) => {
        inVenueCurrency(ctx, input);
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
      .query(({ ctx }) => marketFacets(ctx.db, ctx.currency)),
    similar: open
      .meta(
        rest("GET", "/marketplace/listings/{id}/similar", { summary: "Alike listings, and former prices" }),
      )
      .input(S.ById)
      .output(S.Similar)
      .query(({ ctx, input }) => similarListings(ctx.db, ports, input.id)),
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
        inVenueCurrency(ctx, input);
        const row = await ctx.transact((tx) => changePrice(tx, ctx.actor, input));
        return { listing: listingView(row, undefined) };
      }),
    mine: owner
      .meta(told("Your listings"))
      .input(S.MyListings)
      .output(S.OwnListingPage)
      .query(({ ctx, input }) => listingsOf(ctx.db, ports, ctx.actor, input)),
    ...watchProcedures(ports),
    watch: open
      .input(S.Watch)
      .subscription(({ ctx, input, signal }) => watchListing(ctx, live, { id: input.listingId, signal })),
  };
};
