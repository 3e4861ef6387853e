import { displayNames } from "@evx/accounts";
import { member, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import { balanceOfUser } from "./balance.ts";
import * as lists from "./lists.ts";
import { watchBalance } from "./live.ts";
import * as decide from "./operator.ts";
import { endPlan, planOf, setPlan } from "./plans.ts";
import type { PayoutsPorts, PayoutsSettings } from "./ports.ts";
import { rotateBankAccounts } from "./rotation.ts";
import * as S from "./schema.ts";
import { withdraw, withdrawalView } from "./withdrawals.ts";

const withdrawMeta = rest("POST", "/payments/withdraw", {
  status: 201,
  summary: "Send your money to a bank account",
});
const balanceMeta = rest("GET", "/payments/balance/{userId}", { summary: "Money that can be withdrawn" });

/** How a balance is sent to its person's bank by itself. */
const planProcedures = (ports: PayoutsPorts, settings: PayoutsSettings) => ({
  plan: member
    .meta(
      rest("GET", "/payments/payout-plan", { summary: "How your balance is sent to your bank by itself" }),
    )
    .output(S.PlanAnswer)
    .query(async ({ ctx }) => ({ plan: await planOf(ctx.db, ctx.actor.id) })),
  setPlan: member
    .meta(
      rest("PUT", "/payments/payout-plan", {
        summary: "Have your balance sent to your bank each week or month, from an amount on",
      }),
    )
    .input(S.SetPlan)
    .output(S.PlanAnswer)
    .mutation(async ({ ctx, input }) => {
      const holder = (await displayNames(ctx.db, [ctx.actor.id])).get(ctx.actor.id) ?? "";
      const order = { ...input, holder, currency: ctx.currency, ip: ctx.request.ip };
      return { plan: await ctx.transact((tx) => setPlan(tx, ports, settings, ctx.actor, order)) };
    }),
  endPlan: member
    .meta(rest("DELETE", "/payments/payout-plan", { summary: "Have your balance sent by itself no more" }))
    .input(S.Nothing)
    .output(S.PlanAnswer)
    .mutation(async ({ ctx }) => {
      await ctx.transact((tx) => endPlan(tx, ctx.actor));
      return { plan: null };
    }),
});

/** Being paid, and what an operator sees of it. Stands under `payments`, beside the router of that room. */
export const payoutsRouter = (ports: PayoutsPorts, settings: PayoutsSettings) =>
  router({
    balance: member
      .meta(balanceMeta)
      .input(S.OfUser)
      .output(S.Balance)
      .query(({ ctx, input }) => {
        selfOrOperator(ctx.actor, input.userId);
        return balanceOfUser(ctx.db, settings, ctx.currency, input.userId, ctx.clock.now());
      }),
    watchBalance: member.subscription(({ ctx, signal }) => watchBalance(ctx, settings, ctx.actor, signal)),
    withdraw: member
      .meta(withdrawMeta)
      .input(S.Withdraw)
      .output(S.WithdrawalAnswer)
      .mutation(async ({ ctx, input }) => {
        const id = input.withdrawalId ?? (await ctx.nameFor("withdrawal"));
        const holder = (await displayNames(ctx.db, [ctx.actor.id])).get(ctx.actor.id) ?? "";
        const order = { ...input, id, holder, currency: ctx.currency, ip: ctx.request.ip };
        return {
          withdrawal: withdrawalView(
            await ctx.transact((tx) => withdraw(tx, ports, settings, ctx.actor, order)),
          ),
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

    ...planProcedures(ports, settings),

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
