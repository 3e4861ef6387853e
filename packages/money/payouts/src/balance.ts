import type { Db, Tx } from "@evx/db";
import { type Currency, type Id, type Minor, Refusal, textFromMinor } from "@evx/kernel";
import { balancesOf, cash, debt, entriesOf, hold, type TransferKind } from "@evx/ledger";
import { ruleAt } from "@evx/rules";
import type * as v from "valibot";
import { withdrawalLimits } from "./policy.ts";
import type { PayoutsSettings } from "./ports.ts";
import { withdrawingOf } from "./queries/withdrawals.ts";
import type * as S from "./schema.ts";

/** A balance as its owner sees it. */
export type BalanceView = v.InferInput<typeof S.Balance>;

const day_ms = 24 * 60 * 60_000;

/** Money that only comes back to its owner, and so has lain its time already. */
const returning: readonly TransferKind[] = ["payout_failed", "correction", "set_off", "refund"];

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
 * What a person owns, in three parts: `pending` still lies out its holding time, `held` is set aside for withdrawals on
 * their way and for what may be bought, `available` is the rest; `owed` is what the person owes the venue beyond all of it. Inside a transaction that holds the account's lock it is exact.
 * `own` is a part of what is held that is counted as free: the hold that the caller has just made.
 */
export const partsOfBalance = async (
  db: Db,
  currency: Currency,
  userId: Id<"user">,
  holdingDays: number,
  now: Date,
  own: Minor = 0n,
): Promise<{ available: Minor; pending: Minor; held: Minor; owed: Minor }> => {
  const accounts = [cash(currency, userId), debt(currency, userId)] as const;
  const balances = await balancesOf(db, accounts);
  const { balance = 0n, held = 0n } = balances.get(accounts[0]) ?? {};
  // What is owed is set off soon; until then nothing of it can leave.
  const owed = -(balances.get(accounts[1])?.balance ?? 0n);
  const free = balance - held + own - (owed > 0n ? owed : 0n);
  const lying =
    holdingDays === 0 || free <= 0n
      ? 0n
      : await earnedSince(db, currency, userId, new Date(now.getTime() - holdingDays * day_ms));
  const pending = lying < free ? lying : free > 0n ? free : 0n;
  const available = free - pending;
  // Below nothing there is only what is owed beyond the balance.
  return {
    available: available > 0n ? available : 0n,
    pending,
    held: held - own,
    owed: free < 0n ? -free : 0n,
  };
};

/**
 * Sets a part of somebody's balance aside under a name, of what is available alone: the hold's lock makes all who do so
 * for one person take turns. Throws what `short` makes of what there is when that is less.
 */
export const setAside = async (
  tx: Tx,
  input: { id: string; userId: Id<"user">; currency: Currency; amount: Minor; holdingDays: number },
  short: (available: Minor, cause?: unknown) => Error,
): Promise<void> => {
  const { id, userId, currency, amount, holdingDays } = input;
  const parts = (own: bigint) => partsOfBalance(tx, currency, userId, holdingDays, tx.at, own);
  const { available } = await parts(0n);
  if (amount > available) throw short(available);
  await hold(tx, { id, account: cash(currency, userId), amount }).catch((error: unknown) => {
    throw error instanceof Refusal && error.code === "balance_insufficient" ? short(0n, error) : error;
  });
  // Another may have come between the look and the lock, and left only money that lies out its time.
  const now = await parts(amount);
  if (amount > now.available) throw short(now.available);
};

/** A person's balance as they see it. */
export const balanceOfUser = async (
  db: Db,
  settings: Pick<PayoutsSettings, "holdDays" | "paypal">,
  currency: Currency,
  userId: Id<"user">,
  now: Date,
): Promise<BalanceView> => {
  const limits = await limitsAt(db, settings, now);
  const parts = await partsOfBalance(db, currency, userId, limits.holdingDays, now);
  const withdrawing = await withdrawingOf(db, userId, currency);
  return {
    userId,
    available: textFromMinor(parts.available, currency),
    pending: textFromMinor(parts.pending, currency),
    withdrawing: textFromMinor(withdrawing, currency),
    setAside: textFromMinor(parts.held > withdrawing ? parts.held - withdrawing : 0n, currency),
    owed: textFromMinor(parts.owed, currency),
    currency,
    minimum: textFromMinor(limits.minimum_minor, currency),
    holdingDays: limits.holdingDays,
    ways: settings.paypal && currency !== "VND" ? ["bank", "paypal"] : ["bank"],
  };
};
