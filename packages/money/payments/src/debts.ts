import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { type Currency, type Id, type Minor, minorFromText, namedId, textFromMinor } from "@evx/kernel";
import { balancesOf, cash, debt, debtors, lossAccount, post } from "@evx/ledger";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import type { RequestContext } from "./ports.ts";

const pay = async (
  tx: Tx,
  { userId, currency, amount, kind }: { userId: Id<"user">; currency: Currency; amount: Minor; kind: Kind },
  version: bigint,
): Promise<void> => {
  const from = kind === "set_off" ? cash(currency, userId) : lossAccount(currency);
  await post(tx, {
    // The debt's version makes each payment of it another one, and the same one again a replay.
    id: await namedId("transfer", `${kind} ${currency} ${userId} ${version}`),
    kind,
    legs: [
      { account: from, amount: -amount },
      { account: debt(currency, userId), amount },
    ],
    memo: { userId },
  });
};

type Kind = "set_off" | "write_off";

/**
 * Pays what a person owes the venue from what of their balance is free. A debt that became a credit, because a refund
 * came to nothing after it was paid, goes to their balance. Answers what was moved.
 */
export const setOff = async (
  tx: Tx,
  { userId, currency }: { userId: Id<"user">; currency: Currency },
): Promise<Minor> => {
  const [theirs, owed] = [cash(currency, userId), debt(currency, userId)];
  const balances = await balancesOf(tx, [theirs, owed]);
  const { balance = 0n, held = 0n } = balances.get(theirs) ?? {};
  const { balance: due = 0n, version = 0n } = balances.get(owed) ?? {};
  let amount = balance - held;
  if (-due < amount) amount = -due;
  if (due === 0n || amount === 0n) return 0n;
  await pay(tx, { userId, currency, amount, kind: "set_off" }, version);
  return amount;
};

/** Sets off every debt against what its person has earned since. */
export const setOffAll = async (ctx: RequestContext, currency: Currency): Promise<void> => {
  for (const { userId } of await debtors(ctx.db, currency)) {
    try {
      await ctx.transact((tx) => setOff(tx, { userId, currency }));
    } catch (error) {
      ctx.log.warn({ error, userId }, "a debt could not be set off; it is tried again in a minute");
    }
  }
};

/** An operator gives up what somebody owes, whole or in part, with a reason that leaves a trace. */
export const writeOff = async (
  tx: Tx,
  actor: Actor,
  input: { userId: Id<"user">; currency: Currency; amount?: string | undefined; reason: string },
): Promise<{ userId: Id<"user">; left: string }> => {
  const { userId, currency } = input;
  const owed = (await balancesOf(tx, [debt(currency, userId)])).get(debt(currency, userId));
  const due = -(owed?.balance ?? 0n);
  if (due <= 0n) throw refuse("debt_unknown");
  const amount = input.amount === undefined ? due : minorFromText(input.amount, currency);
  if (amount === null || amount <= 0n || amount > due)
    throw refuse("debt_exceeded", { due: textFromMinor(due, currency), currency });
  await audit(tx, actor, "debt.write_off", userId, {
    after: { amount: textFromMinor(amount, currency), currency, reason: input.reason },
  });
  await pay(tx, { userId, currency, amount, kind: "write_off" }, owed?.version ?? 0n);
  return { userId, left: textFromMinor(due - amount, currency) };
};
