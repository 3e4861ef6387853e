import { displayNames } from "@evx/identity";
import { enqueue } from "@evx/jobs";
import { member, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import { balanceOfUser } from "./balance.ts";
import { checkout } from "./checkout.ts";
import { lookAtPayment } from "./job-names.ts";
import * as lists from "./lists.ts";
import { paymentFor, watchBalance, watchPayment } from "./live.ts";
import * as decide from "./operator.ts";
import type { PaymentsPorts } from "./ports.ts";
import { rotateBankAccounts } from "./rotation.ts";
import * as S from "./schema.ts";
import { withdraw, withdrawalView } from "./withdrawals.ts";

const checkoutMeta = rest("POST", "/payments/checkout", {
  status: 201,
  summary: "Open the payment page of an order",
});
const paymentMeta = rest("GET", "/payments/{orderId}", { summary: "The payment of an order" });
const withdrawMeta = rest("POST", "/payments/withdraw", {
  status: 201,
  summary: "Send your money to a bank account",
});
const balanceMeta = rest("GET", "/payments/balance/{userId}", { summary: "Money that can be withdrawn" });

/** Paying, being paid, and what an operator sees of it. */
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

    balance: member
      .meta(balanceMeta)
      .input(S.OfUser)
      .output(S.Balance)
      .query(({ ctx, input }) => {
        selfOrOperator(ctx.actor, input.userId);
        return balanceOfUser(ctx.db, ports, ctx.currency, input.userId, ctx.clock.now());
      }),
    watchBalance: member.subscription(({ ctx, signal }) => watchBalance(ctx, ports, ctx.actor, signal)),
    withdraw: member
      .meta(withdrawMeta)
      .input(S.Withdraw)
      .output(S.WithdrawalAnswer)
      .mutation(async ({ ctx, input }) => {
        const id = input.withdrawalId ?? (await ctx.nameFor("withdrawal"));
        const holder = (await displayNames(ctx.db, [ctx.actor.id])).get(ctx.actor.id) ?? "";
        const order = { ...input, id, holder, currency: ctx.currency, ip: ctx.request.ip };
        return {
          withdrawal: withdrawalView(await ctx.transact((tx) => withdraw(tx, ports, ctx.actor, order))),
        };
      }),
    withdrawals: member
      .meta(told("Your withdrawals"))
      .input(S.MyWithdrawals)
      .output(S.WithdrawalPage)
      .query(({ ctx, input }) => lists.myWithdrawals(ctx.db, ctx.actor.id, input)),
    withdrawal: member
      .meta(told("One of your withdrawals"))
      .input(S.OfWithdrawal)
      .output(S.WithdrawalAnswer)
      .query(async ({ ctx, input }) => ({
        withdrawal: await lists.myWithdrawal(ctx.db, ctx.actor.id, input.withdrawalId),
      })),

    all: operator
      .meta(told("All payments, for an operator"))
      .input(S.AllPayments)
      .output(S.OperatorPaymentPage)
      .query(({ ctx, input }) => lists.operatorPayments(ctx.db, input, ctx.clock.now())),
    refund: operator
      .meta(told("Give a payment back, with a reason"))
      .input(S.RefundPayment)
      .output(S.RefundAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact((tx) => decide.refund(tx, ctx.actor, input.paymentId, input.reason)),
      ),
    clearFlag: operator
      .meta(told("Say that a flagged payment was looked at and dealt with"))
      .input(S.OfPayment)
      .output(S.OfPaymentAnswer)
      .mutation(({ ctx, input }) => ctx.transact((tx) => decide.clearFlag(tx, ctx.actor, input.paymentId))),
    allWithdrawals: operator
      .meta(told("All withdrawals, for an operator"))
      .input(S.AllWithdrawals)
      .output(S.OperatorWithdrawalPage)
      .query(({ ctx, input }) => lists.operatorWithdrawals(ctx.db, input)),
    approve: operator
      .meta(told("Let a withdrawal go that waited for an operator"))
      .input(S.OfWithdrawal)
      .output(S.WithdrawalAnswer)
      .mutation(({ ctx, input }) => ctx.transact((tx) => decide.approve(tx, ctx.actor, input.withdrawalId))),
    reject: operator
      .meta(told("Refuse a withdrawal, with a reason: the money is free again"))
      .input(S.RejectWithdrawal)
      .output(S.WithdrawalAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact((tx) => decide.reject(tx, ctx.actor, input.withdrawalId, input.reason)),
      ),
    resolve: operator
      .meta(told("Say what became of a withdrawal that the gateway never answered"))
      .input(S.ResolveWithdrawal)
      .output(S.WithdrawalAnswer)
      .mutation(({ ctx, input }) =>
        ctx.transact((tx) => decide.resolve(tx, ctx.actor, input.withdrawalId, input.decision)),
      ),
    rotate: operator
      .meta(told("Seal bank accounts that lie under older keys with the present one"))
      .output(S.Rotated)
      .mutation(({ ctx }) => rotateBankAccounts(ctx, ports)),
  });
