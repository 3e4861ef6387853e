import { divideHalfEven, type Minor } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

const text = v.pipe(v.string(), v.maxLength(200));

/**
 * Who issues invoices and which taxes their totals contain. Prices include them: each is a line of its own, in basis
 * points of the net (800 is 8 %). Without a line the whole total is net.
 */
export const invoiceTerms = defineRule(
  "invoices.terms",
  v.object({
    issuer: v.object({ name: text, address: text, taxId: text, country: v.pipe(v.string(), v.length(2)) }),
    taxes: v.pipe(
      v.array(
        v.object({
          name: text,
          nameVi: text,
          rateBps: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
        }),
      ),
      v.maxLength(5),
    ),
  }),
  { issuer: { name: "EV Carbon Exchange", address: "", taxId: "", country: "VN" }, taxes: [] },
);

export type Tax = { name: string; nameVi: string; rateBps: number; amount: Minor };

/** The taxes that a total contains, each rounded once; the net is what is left, so that lines sum to the total. */
export const taxesIn = (
  total: Minor,
  rates: readonly Omit<Tax, "amount">[],
): { net: Minor; taxes: Tax[] } => {
  const all = rates.reduce((sum, { rateBps }) => sum + BigInt(rateBps), 0n);
  const taxes = rates.map((rate) => ({
    ...rate,
    amount: divideHalfEven(total * BigInt(rate.rateBps), 10_000n + all),
  }));
  return { net: total - taxes.reduce((sum, { amount }) => sum + amount, 0n), taxes };
};

/**
 * A part of an invoice that is credited after `before` of it was: its lines are the difference of what both sums make
 * of each line, so that all credit notes together are the invoice, to the last unit of each line.
 */
export const partOfInvoice = (
  invoice: { total: Minor; taxes: readonly Tax[] },
  before: Minor,
  part: Minor,
): { net: Minor; taxes: Tax[] } => {
  const upTo = (amount: Minor, line: Minor) => divideHalfEven(line * amount, invoice.total);
  const taxes = invoice.taxes.map((tax) => ({
    ...tax,
    amount: upTo(before + part, tax.amount) - upTo(before, tax.amount),
  }));
  return { net: part - taxes.reduce((sum, { amount }) => sum + amount, 0n), taxes };
};

/** "EVX-2026-000012" and "EVX-CN-2026-000003": one series for each kind. */
export const seriesOf = { invoice: "EVX", credit_note: "EVX-CN" } as const;

export const numberText = (series: string, year: number, sequence: number): string =>
  `${series}-${year}-${String(sequence).padStart(6, "0")}`;
