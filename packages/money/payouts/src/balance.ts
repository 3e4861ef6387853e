import type { Db } from "@evx/db";
import { type Currency, type Id, type Minor, textFromMinor } from "@evx/kernel";
import { balanceOf, cash, entriesOf, type TransferKind } from "@evx/ledger";
import { ruleAt } from "@evx/rules";
import type * as v from "valibot";
import { withdrawalLimits } from "./policy.ts";
import type { PayoutsSettings } from "./ports.ts";
import type * as S from "./schema.ts";

/** A balance as its owner sees it. */
export type BalanceView = v.InferInput<typeof S.Balance>;

const day_ms = 24 * 60 * 60_000;

/** Money that only comes back to its owner, and so has lain its time already. */
const returning: readonly TransferKind[] = ["payout_failed", "correction"];

export type Limits = {
  minimum_minor: Minor;
  approvalAbove_minor: Minor | null;
  holdingDays: number;
  identityAbove_minor: Minor;
};

/** The limits in force: an operator's rule, or what the environment says. */
export const limitsAt = async (
  db: Db,
  settings: Pick<PayoutsSettings, "holdDays">,
  at: Date,
): Promise<Limits> => {
  const { value } = await ruleAt(db, withdrawalLimits, at);
  return {
    minimum_minor: BigInt(value.minimum_minor),
    approvalAbove_minor: value.approval_above_minor === null ? null : BigInt(value.approval_above_minor),
    holdingDays: value.holding_days ?? settings.holdDays,
    identityAbove_minor: BigInt(value.identity_above_minor),
  };
};

/** What was earned within the holding time. */
const earnedSince = async (db: Db, currency: Currency, userId: Id<"user">, from: Date): Promise<Minor> => {
  let sum = 0n;
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof entriesOf>> = await entriesOf(
      db,
      { holder: userId, asset: currency, accountKinds: ["cash"], from, notKinds: returning },
      { limit: 100, ...(cursor ? { cursor } : {}) },
    );
    for (const entry of page.items) if (entry.amount > 0n) sum += entry.amount;
    cursor = page.nextCursor;
  }
  return sum;
};

/**
 * What a person owns, in three parts: `pending` still lies out its holding time, `withdrawing` is set aside for
 * withdrawals on their way, `available` is the rest. Inside a transaction that holds the account's lock it is exact.
 * `own` is a part of what is held that is counted as free: the hold that the caller has just made.
 */
export const partsOfBalance = async (
  db: Db,
  currency: Currency,
  userId: Id<"user">,
  holdingDays: number,
  now: Date,
  own: Minor = 0n,
): Promise<{ available: Minor; pending: Minor; withdrawing: Minor }> => {
  const { balance, held } = await balanceOf(db, cash(currency, userId));
  const free = balance - held + own;
  const lying =
    holdingDays === 0 || free === 0n
      ? 0n
      : await earnedSince(db, currency, userId, new Date(now.getTime() - holdingDays * day_ms));
  const pending = lying < free ? lying : free;
  return { available: free - pending, pending, withdrawing: held - own };
};

/** A person's balance as they see it. */
export const balanceOfUser = async (
  db: Db,
  settings: Pick<PayoutsSettings, "holdDays">,
  currency: Currency,
  userId: Id<"user">,
  now: Date,
): Promise<BalanceView> => {
  const limits = await limitsAt(db, settings, now);
  const parts = await partsOfBalance(db, currency, userId, limits.holdingDays, now);
  return {
    userId,
    available: textFromMinor(parts.available, currency),
    pending: textFromMinor(parts.pending, currency),
    withdrawing: textFromMinor(parts.withdrawing, currency),
    currency,
    minimum: textFromMinor(limits.minimum_minor, currency),
    holdingDays: limits.holdingDays,
  };
};
