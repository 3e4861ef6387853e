import { inPersonLately, mayAct } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Currency, type Id, minorFromText, namedId, Refusal, textFromMinor } from "@evx/kernel";
import { currencyOf, type RequestContext } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { limitsAt, partsOfBalance } from "./balance.ts";
import { accountFromText, accountText, type BankInput, bankAccountOf, maskedAccount } from "./bank.ts";
import { refuse } from "./errors.ts";
import { payoutPlanSet } from "./events.ts";
import { periodStart } from "./policy.ts";
import type { PayoutsPorts, PayoutsSettings } from "./ports.ts";
import {
  dropPlan,
  keepPlan,
  lockPlan,
  markRun,
  type PlanRow,
  planRow,
  waitingPlans,
} from "./queries/plans.ts";
import type * as S from "./schema.ts";
import { gatewayFor, withdraw } from "./withdrawals.ts";

type PlanView = v.InferInput<typeof S.Plan>;

/** Bound to the person, so that the sealed account of one cannot be laid under another's plan. */
export const planSeal = (userId: Id<"user">): string => `plan ${userId}`;

const view = (row: PlanRow): PlanView => ({
  every: row.every,
  minimum: textFromMinor(row.minimum_minor, currencyOf(row)),
  currency: row.currency,
  bankAccountMasked: row.bank_masked,
});

/** How a person's balance is sent to their bank by itself; null when it is not. */
export const planOf = async (db: Db, userId: Id<"user">): Promise<PlanView | null> => {
  const row = await planRow(db, userId);
  return row ? view(row) : null;
};

export type PlanInput = {
  every: "week" | "month";
  minimum: string;
  bankAccount: BankInput;
  currency: Currency;
  holder: string;
  ip: string;
};

/**
 * Wants one's balance sent to a bank each week or month, once it is at least the minimum; begins with the next one.
 * A letter tells of it whatever the person reads otherwise, and a key cannot do it: a thief's order would outlast the theft.
 * Refuses `session_required`, `proof_required`, `withdrawal_amount_invalid` for a minimum below the venue's, `withdrawal_bank_invalid`,
 * `withdrawal_needs_email`.
 */
export const setPlan = async (
  tx: Tx,
  ports: PayoutsPorts,
  settings: PayoutsSettings,
  actor: Actor,
  input: PlanInput,
): Promise<PlanView> => {
  await inPersonLately(tx, actor);
  if (settings.requireVerifiedEmail && !actor.emailVerified) throw refuse("withdrawal_needs_email");
  const { currency } = input;
  const limits = await limitsAt(tx, settings, tx.at);
  const minimum_minor = minorFromText(input.minimum, currency);
  if (minimum_minor === null || minimum_minor <= 0n || minimum_minor < limits.minimum_minor) {
    const minimum = textFromMinor(limits.minimum_minor, currency);
    const issues = [{ path: "minimum", message: "Enter the amount as a decimal number, such as 12.34." }];
    throw refuse("withdrawal_amount_invalid", { currency, minimum }, { issues });
  }
  const bank = bankAccountOf(input.bankAccount, { holder: input.holder, country: settings.homeCountry });
  const account = accountText(bank);
  const [digest] = await ports.vault.digests(account);
  const row = await keepPlan(tx, {
    user_id: actor.id,
    every: input.every,
    currency,
    minimum_minor,
    gateway: gatewayFor(ports, settings, bank, currency),
    country_code: bank.country,
    bank_masked: maskedAccount(bank),
    bank_sealed: await ports.vault.sealText(account, planSeal(actor.id)),
    bank_digest: digest.toHex(),
    accepted_from: input.ip,
    ran_for: periodStart(input.every, tx.at),
  });
  await audit(tx, actor, "payout_plan.set", actor.id, {
    after: { every: row.every, minimum: input.minimum, currency, bankAccount: row.bank_masked },
  });
  await emit(tx, payoutPlanSet, {
    userId: actor.id,
    every: row.every,
    bankAccountMasked: row.bank_masked,
    setAt: tx.at.toISOString(),
  });
  return view(row);
};

/** Wants it no more; withdrawals that were asked for go on. */
export const endPlan = async (tx: Tx, actor: Actor): Promise<void> => {
  await dropPlan(tx, actor.id);
  await audit(tx, actor, "payout_plan.end", actor.id);
};

/** Asks for one person's withdrawal of a week or month, once; a balance below the minimum waits for the next. */
const runPlan = async (
  tx: Tx,
  ports: PayoutsPorts,
  settings: PayoutsSettings,
  userId: Id<"user">,
): Promise<void> => {
  const plan = await lockPlan(tx, userId);
  if (!plan) return;
  const start = periodStart(plan.every, tx.at);
  if (plan.ran_for && plan.ran_for >= start) return;
  await markRun(tx, userId, start);
  const actor = await mayAct(tx, userId);
  if (!actor) return;
  const currency = currencyOf(plan);
  const limits = await limitsAt(tx, settings, tx.at);
  const { available } = await partsOfBalance(tx, currency, userId, limits.holdingDays, tx.at);
  if (available < plan.minimum_minor || available < limits.minimum_minor) return;
  await audit(tx, null, "bank_account.read", userId);
  const bank = accountFromText(await ports.vault.openText(plan.bank_sealed, planSeal(userId)));
  await withdraw(tx, ports, settings, actor, {
    id: await namedId("withdrawal", `plan ${userId} ${plan.every} ${start.toISOString()}`),
    amount: textFromMinor(available, currency),
    bankAccount: bank,
    currency,
    holder: bank.holder,
    ip: plan.accepted_from,
  });
};

/** At most so many people of each kind in one run. */
const BATCH = 500;

/** Sends the balances of those whose week or month has begun. One who is refused does not keep the others from theirs. */
export const runPlans = async (
  ctx: RequestContext,
  ports: PayoutsPorts,
  settings: PayoutsSettings,
): Promise<void> => {
  for (const every of ["week", "month"] as const) {
    const start = periodStart(every, ctx.clock.now());
    for (const { user_id } of await waitingPlans(ctx.db, every, start, BATCH)) {
      try {
        await ctx.transact((tx) => runPlan(tx, ports, settings, user_id));
      } catch (error) {
        ctx.log.warn({ error, userId: user_id }, "a planned payout was not asked for");
        // Who may not withdraw now is asked again next time, not each hour.
        if (error instanceof Refusal) await ctx.transact((tx) => markRun(tx, user_id, start));
      }
    }
  }
};
