import type { Db, Tx } from "@evx/db";
import { assert, type Id } from "@evx/kernel";
import { listingRow, mayTrade, type TradeSettings } from "@evx/listings";
import {
  type Actor,
  buyer,
  inVenueCurrency,
  member,
  open,
  operator,
  rest,
  router,
  selfOrOperator,
  told,
} from "@evx/rpc";
import type * as v from "valibot";
import { refundRevokedSale, revokedSales } from "./compensation.ts";
import { addMessage, disputeDetail, disputesOf, openDispute, resolveDispute } from "./disputes.ts";
import { addEvidence, readEvidence } from "./evidence.ts";
import { netInHand } from "./fees.ts";
import { cancelOrder, cancelSweep, isSweep, orderDetail, ordersOf, placeOrder } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import { makeQuote } from "./quotes.ts";
import * as S from "./schema.ts";
import { clearSelfDealing, selfDealings } from "./self-dealing.ts";
import { sellerProfile } from "./sellers.ts";
import { placeSweep } from "./sweeps.ts";

const isAuction = async (db: Db, id: Id<"listing">): Promise<boolean> =>
  (await listingRow(db, id))?.kind === "auction";

/** What was asked for: across listings, of an auction at its price, or of a listing. */
const placed = async (
  tx: Tx,
  ports: WonOrderPorts,
  buyer: Actor,
  { id, listingId, quoteId, creditsAmount, retire }: v.InferOutput<typeof S.Place> & { id: Id<"order"> },
): Promise<unknown> => {
  if (quoteId) return placeSweep(tx, buyer, { id, quoteId, retire });
  assert(listingId, "the schema wants a listing or a quote");
  if (await isAuction(tx, listingId)) return ports.buyNow(tx, buyer, { id, listingId });
  return placeOrder(tx, buyer, { id, listingId, creditsAmount });
};

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
        await ctx.transact((tx) => placed(tx, ports, ctx.actor, { ...input, id }));
        return { order: await orderDetail(ctx.db, ctx.actor, id) };
      }),
    quote: open
      .meta(rest("POST", "/marketplace/quotes", { status: 201, summary: "Quote credits across listings" }))
      .input(S.AskQuote)
      .output(S.QuoteAnswer)
      .mutation(async ({ ctx, input }) => {
        inVenueCurrency(ctx, input);
        const asked = { ...input, currency: ctx.currency };
        return { quote: await ctx.transact((tx) => makeQuote(tx, ctx.actor, asked)) };
      }),
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

/** The procedures under `marketplace.disputes`. */
export const disputesRouter = () =>
  router({
    open: buyer
      .meta(rest("POST", "/marketplace/orders/{id}/dispute", { status: 201, summary: "Object to an order" }))
      .input(S.OpenDispute)
      .output(S.DisputeAnswer)
      .mutation(async ({ ctx, input }) => {
        const id = await ctx.nameFor("dispute");
        const opened = await ctx.transact((tx) =>
          openDispute(tx, ctx.actor, { id, orderId: input.id, reason: input.reason }),
        );
        return { dispute: await disputeDetail(ctx.db, ctx.actor, opened) };
      }),
    say: member
      .meta(rest("POST", "/disputes/{id}/messages", { status: 201, summary: "Say something to a dispute" }))
      .input(S.DisputeMessage)
      .output(S.DisputeAnswer)
      .mutation(async ({ ctx, input }) => {
        await ctx.transact((tx) => addMessage(tx, ctx.actor, input));
        return { dispute: await disputeDetail(ctx.db, ctx.actor, input.id) };
      }),
    addFile: member
      .meta(
        rest("POST", "/disputes/{id}/files", {
          status: 201,
          summary: "Add a picture or PDF to a dispute, up to 10 MB",
          body: "stream",
          maxBytes: 10_485_760,
        }),
      )
      .input(S.AddEvidence)
      .output(S.DisputeAnswer)
      .mutation(async ({ ctx, input }) => {
        await addEvidence(ctx, ctx.actor, input);
        return { dispute: await disputeDetail(ctx.db, ctx.actor, input.id) };
      }),
    file: member
      .meta(rest("GET", "/dispute-files/{id}", { summary: "A file of a dispute", file: true }))
      .input(S.EvidenceById)
      .query(({ ctx, input }) => readEvidence(ctx.db, ctx.actor, input.id)),
    resolve: operator
      .meta(rest("POST", "/disputes/{id}/resolve", { summary: "Decide a dispute" }))
      .input(S.ResolveDispute)
      .output(S.DisputeAnswer)
      .mutation(async ({ ctx, input }) => {
        await ctx.transact((tx) => resolveDispute(tx, ctx.actor, input));
        return { dispute: await disputeDetail(ctx.db, ctx.actor, input.id) };
      }),
    byId: member
      .meta(rest("GET", "/disputes/{id}", { summary: "A dispute with what was said" }))
      .input(S.DisputeById)
      .output(S.DisputeAnswer)
      .query(async ({ ctx, input }) => ({ dispute: await disputeDetail(ctx.db, ctx.actor, input.id) })),
    list: member
      .meta(rest("GET", "/disputes", { summary: "Your disputes; all of them for operators" }))
      .input(S.Disputes)
      .output(S.DisputePage)
      .query(({ ctx, input }) => disputesOf(ctx.db, ctx.actor, input)),
  });

/** The procedures under `marketplace.selfDealing`. */
export const selfDealingRouter = () =>
  router({
    list: operator
      .meta(rest("GET", "/admin/self-dealing", { summary: "Sales whose two sides seem to be one person" }))
      .input(S.SelfDealings)
      .output(S.SelfDealingPage)
      .query(({ ctx, input }) => selfDealings(ctx.db, input)),
    clear: operator
      .meta(
        rest("POST", "/admin/self-dealing/{id}/clear", { summary: "Count a flagged sale in prices again" }),
      )
      .input(S.ClearSelfDealing)
      .output(S.Cleared)
      .mutation(async ({ ctx, input }) => {
        await ctx.transact((tx) => clearSelfDealing(tx, ctx.actor, { orderId: input.id, note: input.note }));
        return { done: true as const };
      }),
  });

/** The procedures under `marketplace.revokedSales`. */
export const revokedSalesRouter = () =>
  router({
    list: operator
      .meta(
        rest("GET", "/admin/revoked-batches/{number}/sales", {
          summary: "Sales of a revoked batch whose buyers still have what they bought",
        }),
      )
      .input(S.RevokedBatch)
      .output(S.RevokedSales)
      .query(({ ctx, input }) => revokedSales(ctx.db, BigInt(input.number))),
    refund: operator
      .meta(
        rest("POST", "/admin/revoked-batches/{number}/sales/{id}/refund", {
          summary: "Give a buyer of credits of a revoked batch their money back",
        }),
      )
      .input(S.RefundRevoked)
      .output(S.RefundMade)
      .mutation(({ ctx, input: { id, number, note } }) =>
        ctx.transact((tx) => refundRevokedSale(tx, ctx.actor, { orderId: id, number: BigInt(number), note })),
      ),
  });

/** What orders add to `marketplace.listings`: what a sale would leave its seller, and what a seller has sold. */
export const netProcedures = (settings: Pick<TradeSettings, "holdDays">) => ({
  seller: open
    .meta(rest("GET", "/marketplace/sellers/{id}", { summary: "A seller's record of sales" }))
    .input(S.SellerById)
    .output(S.Seller)
    .query(async ({ ctx, input }) => ({ seller: await sellerProfile(ctx.db, input.id) })),
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
