import { mayTrade, type TradeSettings } from "@evx/listings";
import { buyer, member, open, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import { netInHand } from "./fees.ts";
import { cancelOrder, orderFor, ordersOf, placeOrder } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import * as S from "./schema.ts";
import { orderView } from "./views.ts";

/** The procedures under `marketplace.orders`. */
export const ordersRouter = (settings: TradeSettings, ports: WonOrderPorts) => {
  const trader = buyer.use(({ ctx, next }) => mayTrade(settings, ctx.actor, next));

  return router({
    place: trader
      .meta(rest("POST", "/marketplace/orders", { status: 201, summary: "Buy all or part of a listing" }))
      .input(S.PlaceOrder)
      .output(S.OrderAnswer)
      .mutation(async ({ ctx, input }) => {
        const named = { ...input, id: input.id ?? (await ctx.nameFor("order")) };
        return { order: orderView(await ctx.transact((tx) => placeOrder(tx, ctx.actor, named))) };
      }),
    cancel: buyer
      .meta(rest("POST", "/marketplace/orders/{id}/cancel", { summary: "Let go of an unpaid order" }))
      .input(S.OrderById)
      .output(S.OrderAnswer)
      .mutation(async ({ ctx, input }) => ({
        order: orderView(await ctx.transact((tx) => cancelOrder(tx, ports, ctx.actor, input.id))),
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
