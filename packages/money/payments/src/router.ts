import { enqueue } from "@evx/jobs";
import { fileAnswer } from "@evx/kernel";
import { member, operator, rest, router, told } from "@evx/rpc";
import { checkout } from "./checkout.ts";
import {
  answerDispute,
  bookFile,
  bookOf,
  paymentDetail,
  paymentsFile,
  retryWebhook,
  webhookEvents,
} from "./console.ts";
import { writeOff } from "./debts.ts";
import { lookAtPayment } from "./jobs.ts";
import * as lists from "./lists.ts";
import { paymentFor, timelineFor, watchPayment } from "./live.ts";
import { methodsOf } from "./methods.ts";
import * as decide from "./operator.ts";
import type { PaymentsPorts } from "./ports.ts";
import * as S from "./schema.ts";

const checkoutMeta = rest("POST", "/payments/checkout", {
  status: 201,
  summary: "Open the payment page of an order",
});
const paymentMeta = rest("GET", "/payments/{orderId}", { summary: "The payment of an order" });

const methodsMeta = rest("GET", "/payments/{orderId}/methods", {
  summary: "The ways to pay an order, each with what it charges",
});

const timelineMeta = rest("GET", "/payments/{orderId}/timeline", {
  summary: "What became of the payment of an order",
});
const refundMeta = rest("POST", "/payments/{paymentId}/refund", {
  summary: "Give a payment back, whole or in part",
});

/** What an operator sees of payments and decides about them. */
const operatorProcedures = (ports: PaymentsPorts) => ({
  all: operator
    .meta(told("All payments, for an operator"))
    .input(S.AllPayments)
    .output(S.OperatorPaymentPage)
    .query(({ ctx, input }) => lists.operatorPayments(ctx.db, input, ctx.clock.now())),
  refund: operator
    .meta(refundMeta)
    .input(S.RefundPayment)
    .output(S.RefundAnswer)
    .mutation(async ({ ctx, input }) => {
      const refundId = input.refundId ?? (await ctx.nameFor("refund"));
      return ctx.transact((tx) => decide.refund(tx, ctx.actor, { ...input, refundId }));
    }),
  byId: operator
    .meta(told("One payment with its pages, refunds, dispute and timeline"))
    .input(S.OfPayment)
    .output(S.PaymentDetail)
    .query(({ ctx, input }) => paymentDetail(ctx, ports, input.paymentId)),
  file: operator
    .meta(rest("GET", "/admin/payments/csv", { summary: "Payments as CSV, newest first", file: true }))
    .input(S.PaymentsFile)
    .output(fileAnswer)
    .query(({ ctx, input }) => paymentsFile(ctx.db, input.show, ctx.clock.now())),
  release: operator
    .meta(told("Let a sale go on whose money is here and that was not handed over"))
    .input(S.OfPayment)
    .output(S.OfPaymentAnswer)
    .mutation(({ ctx, input }) => ctx.transact((tx) => decide.releaseSale(tx, ctx.actor, input.paymentId))),
  answerDispute: operator
    .meta(told("Answer a payment's dispute with what speaks for the sale"))
    .input(S.AnswerDispute)
    .output(S.OfPaymentAnswer)
    .mutation(({ ctx, input }) => answerDispute(ctx, ports, ctx.actor, input)),
  noteFromGateway: operator
    .meta(told("Note what a gateway tells by letter or in its dashboard alone: a dispute, or what went back"))
    .input(S.NoteFromGateway)
    .output(S.OfPaymentAnswer)
    .mutation(({ ctx, input }) => ctx.transact((tx) => decide.noteFromGateway(tx, ports, ctx.actor, input))),
});

/** What an operator sees of gateways' events and of the book. */
const bookProcedures = {
  webhooks: operator
    .meta(told("Gateways' events, newest first"))
    .input(S.AllWebhooks)
    .output(S.WebhookPage)
    .query(({ ctx, input }) => webhookEvents(ctx.db, input)),
  retryWebhook: operator
    .meta(told("Try an event again that was laid aside"))
    .input(S.OfWebhook)
    .output(S.OfWebhook)
    .mutation(({ ctx, input }) => ctx.transact((tx) => retryWebhook(tx, ctx.actor, input))),
  book: operator
    .meta(told("Balances by kind of account, and who owes the venue"))
    .output(S.Book)
    .query(({ ctx }) => bookOf(ctx.db, ctx.currency)),
  bookFile: operator
    .meta(
      rest("GET", "/admin/books/csv", {
        summary: "The trial balance, account by account, as CSV",
        file: true,
      }),
    )
    .output(fileAnswer)
    .query(({ ctx }) => bookFile(ctx.db, ctx.currency)),
  writeOff: operator
    .meta(told("Give up what somebody owes the venue, with a reason"))
    .input(S.WriteOff)
    .output(S.WrittenOff)
    .mutation(({ ctx, input }) =>
      ctx.transact((tx) => writeOff(tx, ctx.actor, { ...input, currency: ctx.currency })),
    ),
  clearFlag: operator
    .meta(told("Say that a flagged payment was looked at and dealt with"))
    .input(S.OfPayment)
    .output(S.OfPaymentAnswer)
    .mutation(({ ctx, input }) => ctx.transact((tx) => decide.clearFlag(tx, ctx.actor, input.paymentId))),
};

/** Paying, and what an operator sees of it. */
export const paymentsRouter = (ports: PaymentsPorts) =>
  router({
    checkout: member
      .meta(checkoutMeta)
      .input(S.Checkout)
      .output(S.CheckoutAnswer)
      .mutation(({ ctx, input }) =>
        checkout(ctx, ports, { ...input, buyerId: ctx.actor.id, locale: ctx.locale }),
      ),
    ofOrder: member
      .meta(paymentMeta)
      .input(S.OfOrder)
      .output(S.PaymentAnswer)
      .query(({ ctx, input }) => paymentFor(ctx, ctx.actor, input.orderId)),
    methods: member
      .meta(methodsMeta)
      .input(S.OfOrder)
      .output(S.MethodsAnswer)
      .query(({ ctx, input }) =>
        methodsOf(ctx.db, ports, ctx.actor, { orderId: input.orderId, now: ctx.clock.now() }),
      ),
    timeline: member
      .meta(timelineMeta)
      .input(S.OfOrder)
      .output(S.TimelineAnswer)
      .query(({ ctx, input }) => timelineFor(ctx, ctx.actor, input.orderId)),
    /** Asks the gateway now: a buyer who is back from its page need not wait for a webhook that may be lost. */
    check: member
      .meta(told("Ask the gateway now how the payment of an order stands"))
      .input(S.OfOrder)
      .output(S.PaymentAnswer)
      .mutation(async ({ ctx, input }) => {
        const answer = await paymentFor(ctx, ctx.actor, input.orderId);
        if (!answer.payment.captured) {
          await ctx.transact((tx) => enqueue(tx, lookAtPayment, { paymentId: answer.payment.id }));
        }
        return answer;
      }),
    watch: member
      .input(S.OfOrder)
      .subscription(({ ctx, input, signal }) => watchPayment(ctx, ctx.actor, input.orderId, signal)),
    mine: member
      .meta(told("Your payments"))
      .input(S.MyPayments)
      .output(S.PaymentPage)
      .query(({ ctx, input }) => lists.myPayments(ctx.db, ctx.actor.id, input, ctx.clock.now())),

    ...operatorProcedures(ports),
    ...bookProcedures,
  });
