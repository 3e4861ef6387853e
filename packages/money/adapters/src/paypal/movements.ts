import * as v from "valibot";
import type { Movement } from "../gateway.ts";
import { Money, minorOf, type PaypalClient } from "./calls.ts";

const Info = v.object({
  transaction_id: v.string(),
  transaction_event_code: v.optional(v.string(), ""),
  transaction_initiation_date: v.string(),
  transaction_amount: Money,
  fee_amount: v.optional(Money),
  paypal_reference_id: v.optional(v.string()),
  custom_field: v.optional(v.string()),
});

const Found = v.object({
  transaction_details: v.optional(v.array(v.object({ transaction_info: Info })), []),
  total_pages: v.optional(v.number(), 1),
});

/** What PayPal takes for a dispute or a chargeback comes as a line of its own. */
const isDisputeFee = (code: string): boolean => code === "T0106" || code === "T0114";

/** PayPal's event codes: T00 payments and payouts, T01 fees, T11 reversals and refunds, T12 chargebacks. */
const aboutOf = (info: v.InferOutput<typeof Info>): Pick<Movement, "kind" | "ref"> => {
  const code = info.transaction_event_code;
  const about = info.paypal_reference_id ?? info.transaction_id;
  if (code === "T0001" || code === "T1114" || code === "T1115")
    return { kind: "payout", ref: info.custom_field ?? info.transaction_id };
  if (code.startsWith("T00")) return { kind: "payment", ref: info.transaction_id };
  if (isDisputeFee(code)) return { kind: "dispute", ref: about };
  if (code.startsWith("T01")) return { kind: "fee", ref: about };
  if (code === "T1107") return { kind: "refund", ref: about };
  if (/^T(1106|1110|1111|12)/.test(code)) return { kind: "dispute", ref: about };
  return { kind: "other", ref: about };
};

const movementOf = (info: v.InferOutput<typeof Info>): Movement => {
  const amount = signedMinor(info.transaction_amount);
  // What PayPal keeps stands there with a minus.
  const fee = info.fee_amount ? -signedMinor(info.fee_amount) : 0n;
  return {
    id: info.transaction_id,
    ...aboutOf(info),
    at: new Date(info.transaction_initiation_date),
    currency: info.transaction_amount.currency_code,
    ...(isDisputeFee(info.transaction_event_code) ? { gross: 0n, fee: -amount } : { gross: amount, fee }),
  };
};

const signedMinor = ({ currency_code, value }: v.InferOutput<typeof Money>): bigint =>
  value.startsWith("-")
    ? -minorOf({ currency_code, value: value.slice(1) })
    : minorOf({ currency_code, value });

/** Everything that moved the balance in a time, by PayPal's transaction search. It ends with the moment that is asked for. */
export const movements = async (client: PaypalClient, from: Date, to: Date): Promise<Movement[]> => {
  const found: Movement[] = [];
  const last = new Date(to.getTime() - 1_000);
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = new URLSearchParams({
      start_date: from.toISOString(),
      end_date: last.toISOString(),
      fields: "transaction_info",
      page_size: "500",
      page: String(page),
    });
    const answer = await client.get(`/v1/reporting/transactions?${query}`, Found);
    pages = answer.total_pages;
    found.push(...answer.transaction_details.map(({ transaction_info }) => movementOf(transaction_info)));
  }
  return found;
};
