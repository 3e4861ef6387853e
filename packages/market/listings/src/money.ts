import { type Currency, type Minor, minorFromText } from "@evx/kernel";
import { refuseCall } from "@evx/rpc";
import { LARGEST_PRICE } from "./policy.ts";

/**
 * Reads a price per credit as it was typed, in the venue's minor unit: more than zero, at most `LARGEST_PRICE`, no
 * more decimals than the currency has. Refuses `input_invalid`, naming the field.
 */
export const priceFrom = (text: string, currency: Currency, path: string): Minor => {
  const price = minorFromText(text, currency);
  const problem =
    price === null
      ? "Write the amount as a decimal number with the decimals that the currency has."
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
  const message = "Write the amount as a decimal number with the decimals that the currency has.";
  throw refuseCall("input_invalid", {}, { issues: [{ path, message }] });
};
