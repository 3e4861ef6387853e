import type { CheckoutState } from "@evx/adapters";
import { divideHalfEven, type Minor } from "@evx/kernel";
import { currencyOf } from "./payments.ts";
import type { AttemptRow, PaymentRow } from "./queries/payments.ts";

type Asked = Pick<PaymentRow, "amount_minor" | "currency">;
type Page = Pick<AttemptRow, "charged_minor" | "charged_currency">;

/** What a page asks its gateway for: the payment's own amount, or what that was at the rate of the page's opening. */
export const chargeOf = (payment: Asked, attempt: Page) => ({
  amount: attempt.charged_minor ?? payment.amount_minor,
  currency: currencyOf({ currency: attempt.charged_currency ?? payment.currency }),
});

/** Whether a page brought in what it asked for in another currency than the payment's. */
export const asCharged = (attempt: Pick<AttemptRow, "charged_minor" | "received_minor">): boolean =>
  attempt.charged_minor !== null && attempt.received_minor === null;

/** A part of a payment in what was charged for it. Parts that follow each other add up to the whole. */
export const partOfCharge = (payment: Asked, attempt: Page, before: Minor, part: Minor): Minor => {
  const whole = attempt.charged_minor;
  if (whole === null) return part;
  const upTo = (amount: Minor) => divideHalfEven(amount * whole, payment.amount_minor);
  return upTo(before + part) - upTo(before);
};

/**
 * What a gateway says of a page, in the payment's own currency: a page that was paid with exactly what it asked for
 * brought in the payment. Anything else stays as it came, to be booked as that and given back.
 */
export const inBooks = (payment: Asked, attempt: Page, state: CheckoutState): CheckoutState => {
  const { charged_minor, charged_currency } = attempt;
  if (charged_minor === null || state.currency !== charged_currency || state.amount !== charged_minor)
    return state;
  const booked = (part: Minor) =>
    part >= charged_minor ? payment.amount_minor : divideHalfEven(part * payment.amount_minor, charged_minor);
  return {
    ...state,
    amount: payment.amount_minor,
    currency: payment.currency,
    refunded: booked(state.refunded),
    ...(state.disputed === undefined ? {} : { disputed: booked(state.disputed) }),
    ...(state.disputeFee === undefined
      ? {}
      : { disputeFee: divideHalfEven(state.disputeFee * payment.amount_minor, charged_minor) }),
  };
};
