import type { Currency, Minor } from "@evx/kernel";

/** The least that Stripe charges a card, in minor units; dong by its rule of about half a dollar. */
const least: Record<Currency, Minor> = { USD: 50n, EUR: 50n, NZD: 50n, JPY: 50n, VND: 15_000n };

/** Eight digits, as Stripe's documentation says of a charge's amount. */
const MOST: Minor = 99_999_999n;

/** Whether Stripe would take a charge of so much. A page that it refuses is better not opened. */
export const chargeable = (amount: Minor, currency: Currency): boolean =>
  amount >= least[currency] && amount <= MOST;
