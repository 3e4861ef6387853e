import { type Currency, type Minor, minorFromText, textFromMinor } from "@evx/kernel";
import { refuseCall } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { LARGEST_PRICE, payable } from "./policy.ts";

/**
 * Reads a price per credit as it was typed, in the venue's minor unit: more than zero, at most `LARGEST_PRICE`, no
 * more decimals than the currency has. Refuses `input_invalid`, naming the field.
 */
export const priceFrom = (text: string, currency: Currency, path: string): Minor => {
  const price = minorFromText(text, currency);
  const problem =
    price === null
      ? "Enter the amount as a decimal number with the decimals that the currency has."
      : price <= 0n
        ? "Must be more than zero."
        : price > LARGEST_PRICE
          ? "That is more than a credit can cost here."
          : null;
  if (price === null || problem) {
    throw refuseCall("input_invalid", {}, { issues: [{ path, message: problem ?? "" }] });
  }
  return price;
};

/** A bound of a price filter; undefined when there is none. Zero is a bound. */
export const boundFrom = (text: string | undefined, currency: Currency, path: string): Minor | undefined => {
  if (text === undefined) return undefined;
  const bound = minorFromText(text, currency);
  if (bound !== null) return bound;
  const message = "Enter the amount as a decimal number with the decimals that the currency has.";
  throw refuseCall("input_invalid", {}, { issues: [{ path, message }] });
};

/** Refuses `amount_below_minimum` and `amount_above_maximum`: what no gateway can charge, before anything is reserved. */
export const checkPayable = (total: Minor, currency: Currency): void => {
  const { least, most } = payable[currency];
  if (total >= least && total <= most) return;
  const text = (amount: Minor) => textFromMinor(amount, currency);
  if (total < least)
    throw refuse("amount_below_minimum", { total: text(total), least: text(least), currency });
  throw refuse("amount_above_maximum", { total: text(total), most: text(most), currency });
};
