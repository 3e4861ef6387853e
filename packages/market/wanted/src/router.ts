import { type AuctionPorts, checkIdentityLimit, mayTrade, type TradeSettings } from "@evx/listings";
import { orderDetail } from "@evx/orders";
import { OrderAnswer } from "@evx/orders/schema";
import { buyer, inVenueCurrency, member, open, owner, rest, router, told } from "@evx/rpc";
import * as v from "valibot";
import { autoSaleOf, mayAutoSell, setAutoSale } from "./auto-sale.ts";
import { bookSource, orderBook, watchBook } from "./book.ts";
import * as S from "./schema.ts";
import { bestForOwner, fillWanted } from "./selling.ts";
import { cancelWanted, openWanted, placeWanted, wantedDetail, wantedOf } from "./wanted.ts";

/** Who sells, on the conditions of trade. */
const sellerOf = (settings: TradeSettings) =>
  owner.use(({ ctx, next }) => mayTrade(settings, ctx.actor, next));

/** Selling new credits without being asked again. */
const autoSaleProcedures = (settings: TradeSettings) => ({
  autoSale: owner
    .meta(told("Whether my new credits are sold by themselves"))
    .output(S.AutoSale)
    .query(({ ctx }) => autoSaleOf(ctx.db, ctx.actor, ctx.currency)),
  setAutoSale: sellerOf(settings)
    .meta(told("Sell my new credits by themselves, or no longer"))
    .input(S.SetAutoSale)
    .output(S.AutoSale)
    .mutation(async ({ ctx, input }) => {
      if (input.on) mayAutoSell(ctx.actor, settings);
      inVenueCurrency(ctx, input);
      await ctx.transact((tx) => setAutoSale(tx, ctx.actor, { ...input, currency: ctx.currency }));
      return autoSaleOf(ctx.db, ctx.actor, ctx.currency);
    }),
});

/** The procedures under `marketplace.wanted`. */
export const wantedRouter = (settings: TradeSettings, ports: AuctionPorts) => {
  const trader = buyer.use(({ ctx, next }) => mayTrade(settings, ctx.actor, next));
  const seller = sellerOf(settings);

  return router({
    place: trader
      .meta(
        rest("POST", "/marketplace/wanted", { status: 201, summary: "Want credits at no more than a price" }),
      )
      .input(S.PlaceWanted)
      .output(S.WantedAnswer)
      .mutation(async ({ ctx, input }) => {
        inVenueCurrency(ctx, input);
        const id = input.id ?? (await ctx.nameFor("wanted"));
        const { currency } = ctx;
        const { holdDays } = settings;
        await ctx.transact((tx) => placeWanted(tx, ctx.actor, { ...input, id, currency, holdDays }));
        return { wanted: await wantedDetail(ctx.db, id) };
      }),
    list: member
      .meta(
        rest("GET", "/marketplace/wanted", { summary: "A buyer's wanted orders; to others all open ones" }),
      )
      .input(S.WantedList)
      .output(S.WantedPage)
      .query(({ ctx, input }) =>
        ctx.actor.role === "buyer"
          ? wantedOf(ctx.db, ctx.actor, input)
          : openWanted(ctx.db, { ...input, currency: ctx.currency, now: ctx.clock.now() }),
      ),
    cancel: buyer
      .meta(rest("DELETE", "/marketplace/wanted/{id}", { summary: "Take back a wanted order" }))
      .input(S.WantedById)
      .output(S.WantedAnswer)
      .mutation(async ({ ctx, input }) => {
        await ctx.transact((tx) => cancelWanted(tx, ctx.actor, input.id));
        return { wanted: await wantedDetail(ctx.db, input.id) };
      }),
    fill: seller
      .meta(
        rest("POST", "/marketplace/wanted/{id}/fill", {
          status: 201,
          summary: "Sell to a wanted order at its price",
        }),
      )
      .input(S.FillWanted)
      .output(OrderAnswer)
      .mutation(async ({ ctx, input }) => {
        const listingId = input.listingId ?? (await ctx.nameFor("listing"));
        const { id: wantedId, creditsAmount } = input;
        const orderId = await ctx.transact(async (tx) => {
          const sold = await fillWanted(tx, ports, ctx.actor, { wantedId, creditsAmount, listingId });
          await checkIdentityLimit(tx, ctx.actor, settings);
          return sold;
        });
        return { order: await orderDetail(ctx.db, ctx.actor, orderId) };
      }),
    forMe: owner
      .meta(told("The best wanted order that my credits suit"))
      .output(S.ForMe)
      .query(async ({ ctx }) => ({
        best: await bestForOwner(ctx.db, ctx.actor, { currency: ctx.currency, now: ctx.clock.now() }),
      })),
    ...autoSaleProcedures(settings),
  });
};

/** The procedures under `marketplace.book`: public, for people and machines. */
export const bookRouter = () => {
  const source = bookSource((book) => JSON.stringify(v.parse(S.Book, book)));
  return router({
    read: open
      .meta(
        rest("GET", "/marketplace/book", { summary: "The order book: depth, spread, last sales, volume" }),
      )
      .output(S.Book)
      .query(({ ctx }) => orderBook(ctx.db, { currency: ctx.currency, now: ctx.clock.now() })),
    watch: open
      .meta(
        rest("GET", "/marketplace/book/stream", {
          summary: "The order book as it changes (server-sent events)",
        }),
      )
      .subscription(({ ctx, signal }) => watchBook(ctx, source, { currency: ctx.currency, signal })),
  });
};
