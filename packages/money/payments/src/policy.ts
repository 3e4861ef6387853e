import type { CheckoutState } from "@evx/adapters";
import { day_ms, type Minor } from "@evx/kernel";
import type { PaymentStatus } from "./lifecycle.ts";

/** Whether a buyer may still be charged. */
export const isUnpaid = (status: PaymentStatus): boolean =>
  status === "created" || status === "authorized" || status === "failed";

/** What the buyer and the API see of a payment: four words. */
export const shownStatus = (payment: {
  status: PaymentStatus;
  settled_at: Date | null;
}): "pending" | "completed" | "failed" | "refunded" => {
  switch (payment.status) {
    case "refunded":
      return "refunded";
    case "failed":
    case "expired":
      return "failed";
    case "created":
    case "authorized":
      return "pending";
    default:
      // Paid, but the credits are not handed over yet.
      return payment.settled_at === null ? "pending" : "completed";
  }
};

const minute_ms = 60_000;

/** Stripe refuses a page that lives less than half an hour; the extra minutes are for a call that is tried again. */
const SHORTEST_PAGE_MS = 45 * minute_ms;
const LONGEST_PAGE_MS = 23 * 60 * minute_ms;
/** A page whose opening got no answer for this long is given up and another one is opened. */
export const OPENING_TIME_MS = 10 * minute_ms;

/** When a page opened now closes: with the payment's window, within what gateways allow. */
export const pageExpiry = (windowEnds: Date, now: Date): Date => {
  const wanted = windowEnds.getTime() - now.getTime();
  return new Date(now.getTime() + Math.min(Math.max(wanted, SHORTEST_PAGE_MS), LONGEST_PAGE_MS));
};

/** Whether a paid page holds exactly what was asked: the amount and the currency, to the last unit. */
export const isWhatWasAsked = (
  payment: { amount_minor: Minor; currency: string },
  state: Pick<CheckoutState, "amount" | "currency">,
): boolean => state.amount === payment.amount_minor && state.currency === payment.currency;

/** A gateway is asked again about something unfinished when it was silent this long; less and less often later. */
export const QUIET_MS = 30_000;

/** PayPal keeps an order that was approved for three days; VNPay's bank is done long before. */
const LAST_LOOK_MS = 4 * day_ms;

/**
 * When a page that was closed is asked about again: money may have been under way to it, and its webhook can be lost. Each
 * time it is left alone four times as long as it is closed by then; null after four days.
 */
export const nextLook = (closedAt: Date, now: Date): Date | null => {
  const after = Math.max(QUIET_MS, 4 * (now.getTime() - closedAt.getTime()));
  return after > LAST_LOOK_MS ? null : new Date(closedAt.getTime() + after);
};
