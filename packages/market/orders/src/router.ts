import type { Db } from "@evx/db";
import { assert, type Id } from "@evx/kernel";
import { listingRow, mayTrade, type TradeSettings } from "@evx/listings";
import { buyer, member, open, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import { netInHand } from "./fees.ts";
import { cancelOrder, cancelSweep, isSweep, orderDetail, ordersOf, placeOrder } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import { makeQuote } from "./quotes.ts";
import * as S from "./schema.ts";
import { placeSweep } from "./sweeps.ts";

const isAuction = async (db: Db, id: Id<"listing">): Promise<boolean> =>
  (await listingRow(db, id))?.kind === "auction";

/** The procedures under `marketplace.orders`. */
export const ordersRouter = (settings: TradeSettings, ports: WonOrderPorts) => {
  const trader = buyer.use(({ ctx, next }) => mayTrade(settings, ctx.actor, next));

  return router({
    place: trader
      .meta(
        rest("POST", "/marketplace/orders", { status: 201, summary: "Buy of a listing, or what was quoted" }),
      )
      .input(S.Place)
      .output(S.OrderAnswer)
      .mutation(async ({ ctx, input }) => {
        const id = input.id ?? (await ctx.nameFor("order"));
        const { listingId, quoteId, creditsAmount, retire } = input;
        await ctx.transact<unknown>(async (tx) => {
          if (quoteId) return placeSweep(tx, ctx.actor, { id, quoteId, retire });
          assert(listingId, "the schema wants a listing or a quote");
          if (await isAuction(tx, listingId)) return ports.buyNow(tx, ctx.actor, { id, listingId });
          return placeOrder(tx, ctx.actor, { id, listingId, creditsAmount });
        });
        return { order: await orderDetail(ctx.db, ctx.actor, id) };
      }),
    quote: open
      .meta(rest("POST", "/marketplace/quotes", { status: 201, summary: "Quote credits across listings" }))
      .input(S.AskQuote)
      .output(S.QuoteAnswer)
      .mutation(async ({ ctx, input }) => ({
        quote: await ctx.transact((tx) => makeQuote(tx, ctx.actor, { ...input, currency: ctx.currency })),
      })),
    cancel: buyer
      .meta(rest("POST", "/marketplace/orders/{id}/cancel", { summary: "Let go of an unpaid order" }))
      .input(S.OrderById)
      .output(S.OrderAnswer)
      .mutation(async ({ ctx, input }) => {
        if (await isSweep(ctx.db, input.id)) await ctx.transact((tx) => cancelSweep(tx, ctx.actor, input.id));
        else await ctx.transact((tx) => cancelOrder(tx, ports, ctx.actor, input.id));
        return { order: await orderDetail(ctx.db, ctx.actor, input.id) };
      }),
    byId: member
      .meta(told("An order of yours, with its payment and certificate"))
      .input(S.OrderById)
      .output(S.OrderDetail)
      .query(async ({ ctx, input }) => ({
        order: await orderDetail(ctx.db, ctx.actor, input.id),
        now: ctx.clock.now(),
      })),
    of: member
      .meta(rest("GET", "/marketplace/orders/{userId}", { summary: "A person's orders, newest first" }))
      .input(S.OrdersOf)
      .output(S.OrderPage)
      .query(({ ctx, input }) => {
        selfOrOperator(ctx.actor, input.userId);
        return ordersOf(ctx.db, input.userId, { ...input, sides: "both" });
      }),
    mine: member
      .meta(told("Your orders"))
      .input(S.MyOrders)
      .output(S.OrderPage)
      .query(({ ctx, input }) =>
        ordersOf(ctx.db, ctx.actor.id, {
          ...input,
          sides: ctx.actor.role === "buyer" ? "bought" : "sold",
        }),
      ),
    all: operator
      .meta(rest("GET", "/marketplace/orders", { summary: "All orders, newest first" }))
      .input(S.MyOrders)
      .output(S.OrderPage)
      .query(({ ctx, input }) => ordersOf(ctx.db, null, { ...input, sides: "both" })),
  });
};

/** What orders add to `marketplace.listings`: what a sale would leave its seller. */
export const netProcedures = (settings: Pick<TradeSettings, "holdDays">) => ({
  netInHand: open
    .meta(
      rest("GET", "/marketplace/net-in-hand", { summary: "What a sale would leave its seller, and when" }),
    )
    .input(S.NetInHand)
    .output(S.NetInHandAnswer)
    .query(({ ctx, input }) =>
      netInHand(ctx.db, {
        ...input,
        currency: ctx.currency,
        holdDays: settings.holdDays,
        now: ctx.clock.now(),
      }),
    ),
});
