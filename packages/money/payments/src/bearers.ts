import type { Tx } from "@evx/db";
import { assert, type Id, type Minor, splitByWeights } from "@evx/kernel";
import { type AccountId, cash, debt, kindOf, legsOf, lossAccount, ownerOf } from "@evx/ledger";
import { refuse } from "./errors.ts";
import { currencyOf } from "./payments.ts";
import type { PaymentRow } from "./queries/payments.ts";
import { sharesTaken } from "./queries/shares.ts";

/** A part of a sale's money that goes back: to whom the sale gave it, and the account that bears it now. */
export type Share = { readonly of: AccountId; readonly account: AccountId; readonly amount: Minor };

/** What shares are as text in a column: JSON has no bigint. */
export type ShareText = { of: string; account: string; amount: string };

export const textOfShares = (shares: readonly Share[]): ShareText[] =>
  shares.map(({ of, account, amount }) => ({ of, account, amount: amount.toString() }));

export const sharesOfText = (texts: readonly ShareText[]): Share[] =>
  texts.map(({ of, account, amount }) => ({
    of: of as AccountId,
    account: account as AccountId,
    amount: BigInt(amount),
  }));

/**
 * Who bears what was given to an account. A seller owes it from now on (`debt`), whatever they have withdrawn; their
 * balance is set off against it. The venue gives up its fee. What was paid for checking the credits stays paid: the
 * work was done, and the venue bears it.
 */
const bearerOf = (payment: PaymentRow, of: AccountId): AccountId => {
  const currency = currencyOf(payment);
  if (kindOf(of) === "cash") return debt(currency, ownerOf(of) as Id<"user">);
  return kindOf(of) === "platform_fee" ? of : lossAccount(currency);
};

/** What the sale gave to whom, less what was taken back before. Its change went to the buyer and is theirs already. */
const leftOf = async (tx: Tx, payment: PaymentRow): Promise<{ of: AccountId; amount: Minor }[]> => {
  const currency = currencyOf(payment);
  const given = payment.sale_id
    ? (await legsOf(tx, payment.sale_id)).filter(
        ({ account, amount }) =>
          amount > 0n && account.startsWith(`${currency}/`) && account !== cash(currency, payment.buyer_id),
      )
    : // Settled before postings were kept here: all of it is asked of the seller.
      [{ account: cash(currency, payment.seller_id), amount: payment.amount_minor }];
  const taken = new Map<string, Minor>();
  for (const { of, amount } of sharesOfText(await sharesTaken(tx, payment.id)))
    taken.set(of, (taken.get(of) ?? 0n) + amount);
  return given
    .map(({ account, amount }) => ({ of: account, amount: amount - (taken.get(account) ?? 0n) }))
    .filter(({ amount }) => amount > 0n);
};

/** How much of a settled payment can still go back. */
export const leftToTake = async (tx: Tx, payment: PaymentRow): Promise<Minor> =>
  (await leftOf(tx, payment)).reduce((sum, { amount }) => sum + amount, 0n);

/**
 * Shares an amount among those who were given the sale's money, by what each still has of it: parts that follow each
 * other sum to the whole, and the last one takes the remainder. Refuses `payment_refund_exceeds`.
 */
export const sharesFor = async (tx: Tx, payment: PaymentRow, amount: Minor): Promise<Share[]> => {
  assert(amount > 0n, "more than nothing goes back");
  const left = await leftOf(tx, payment);
  const most = left.reduce((sum, one) => sum + one.amount, 0n);
  if (amount > most) throw refuse("payment_refund_exceeds");
  const parts = splitByWeights(
    amount,
    left.map((one) => one.amount),
  );
  return left
    .map(({ of }, place) => ({ of, account: bearerOf(payment, of), amount: parts[place] ?? 0n }))
    .filter((share) => share.amount > 0n);
};

/** Legs that take shares from their bearers, or give them back; one leg for an account. */
export const legsOfShares = (shares: readonly Share[], direction: "take" | "give") => {
  const sums = new Map<AccountId, Minor>();
  for (const { account, amount } of shares)
    sums.set(account, (sums.get(account) ?? 0n) + (direction === "take" ? -amount : amount));
  return [...sums].map(([account, amount]) => ({ account, amount }));
};

/** The people whose debt shares touch. */
export const peopleIn = (shares: readonly Share[]): Id<"user">[] => [
  ...new Set(
    shares
      .filter(({ account }) => kindOf(account) === "debt")
      .map(({ account }) => ownerOf(account) as Id<"user">),
  ),
];
