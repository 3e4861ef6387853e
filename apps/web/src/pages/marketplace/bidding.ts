import { isCurrency, textFromMinor } from "@evx/kernel";
import { minorOf, totalText } from "./amounts.ts";

export type Bidding = {
  readonly currency: string;
  /** The least that a new bidder may name, as the server says. */
  readonly minimum: string;
  readonly creditsAmount: string;
  /** Whether the reader leads: then any amount is the start of a raise, which the server judges. */
  readonly leads: boolean;
};

/** What is wrong with a typed bid, or null. */
export const bidProblem = (
  typed: string,
  { currency, minimum, leads }: Bidding,
): "unreadable" | "low" | null => {
  const amount = minorOf(typed, currency);
  if (amount === null) return "unreadable";
  return !leads && amount < (minorOf(minimum, currency) ?? 0n) ? "low" : null;
};

/** What the whole lot costs at a typed bid, as decimal text; null while nothing readable is typed. */
export const mostOf = (typed: string, { currency, creditsAmount }: Bidding): string | null =>
  minorOf(typed, currency) === null ? null : totalText(creditsAmount, typed, currency);

/**
 * One id for one intention: pressing twice, or again after a lost answer, bids once. Another amount is another bid.
 */
export const namedBids = (newId: () => string) => {
  let named = { amount: "", id: newId() };
  return (amount: string): string => {
    if (named.amount !== amount) named = { amount, id: newId() };
    return named.id;
  };
};

/**
 * The next maxima worth naming, the lowest first: the least that is heard now, and three more by the step that led to it.
 * Before the first bid a twentieth of the least is the step.
 */
export const rungsOf = (auction: { price: string | null; minimum: string; currency: string }): string[] => {
  const least = minorOf(auction.minimum, auction.currency);
  if (least === null || !isCurrency(auction.currency)) return [];
  const { currency } = auction;
  const now = auction.price === null ? null : minorOf(auction.price, currency);
  const step = now !== null && least > now ? least - now : least / 20n || 1n;
  return [0n, 1n, 2n, 3n].map((place) => textFromMinor(least + place * step, currency));
};
