import type { Db } from "@evx/db";
import { type Currency, type Minor, textFromMinor } from "@evx/kernel";
import type * as v from "valibot";
import { chargeOf } from "./charges.ts";
import { currencyOf } from "./payments.ts";
import { type DisputeRow, disputeRow } from "./queries/disputes.ts";
import { type AttemptRow, attemptRows, type PaymentRow } from "./queries/payments.ts";
import { type RefundRow, refundsOfPayment } from "./queries/refunds.ts";
import type * as S from "./schema.ts";

export type Happening = v.InferInput<typeof S.Happening>;

type Facts = Pick<Happening, "kind" | "at"> & Partial<Happening>;

const happening = (facts: Facts): Happening => ({
  amount: null,
  currency: null,
  method: null,
  detail: null,
  ...facts,
});

const sum = (amount: Minor, currency: Currency) => ({ amount: textFromMinor(amount, currency), currency });

const ofPage = (payment: PaymentRow, page: AttemptRow): Happening => {
  const charge = chargeOf(payment, page);
  return happening({
    kind: "page_opened",
    at: page.opened_at,
    method: page.gateway,
    ...sum(charge.amount, charge.currency),
    detail: page.charged_rate,
  });
};

/** What the gateway kept of a page, once a day of its was compared. */
const ofFee = (payment: PaymentRow, page: AttemptRow): Happening[] =>
  page.fee_minor === null
    ? []
    : [
        happening({
          kind: "gateway_fee",
          at: payment.captured_at ?? page.opened_at,
          ...sum(page.fee_minor, chargeOf(payment, page).currency),
        }),
      ];

const ofRefund = (refund: RefundRow, currency: Currency): Happening[] => {
  const facts = sum(refund.amount_minor, currency);
  const asked = happening({
    kind: refund.reason === "outside" ? "refunded_outside" : "refund_requested",
    at: refund.requested_at,
    ...facts,
  });
  if (refund.reason === "outside" || refund.ended_at === null) return [asked];
  const kind = refund.status === "failed" ? "refund_failed" : "refunded";
  return [asked, happening({ kind, at: refund.ended_at, ...facts, detail: refund.failure })];
};

const ofDispute = (dispute: DisputeRow, currency: Currency, withFees: boolean): Happening[] => {
  const facts = sum(dispute.amount_minor, currency);
  const { decided_at, fee_minor } = dispute;
  const reopened = dispute.status === "won" && dispute.losses > 0;
  return [
    happening({ kind: "disputed", at: dispute.opened_at, ...facts }),
    ...(decided_at
      ? [
          happening({
            kind: dispute.status === "lost" ? "dispute_lost" : "dispute_won",
            at: decided_at,
            ...facts,
            detail: reopened ? "after_all" : null,
          }),
        ]
      : []),
    ...(withFees && fee_minor > 0n
      ? [happening({ kind: "dispute_fee", at: dispute.opened_at, ...sum(fee_minor, currency) })]
      : []),
  ];
};

/** What became of a payment, in the order in which it happened. What gateways cost is for operators alone. */
export const timelineOf = async (
  db: Db,
  payment: PaymentRow,
  { withFees }: { withFees: boolean },
): Promise<Happening[]> => {
  const currency = currencyOf(payment);
  const whole = sum(payment.amount_minor, currency);
  const dispute = await disputeRow(db, payment.id);
  const pages = await attemptRows(db, payment.id);
  const found = [
    happening({ kind: "asked", at: payment.created_at, ...whole }),
    // Out of the balance there was no page.
    ...pages.filter(({ gateway }) => gateway !== "balance").map((page) => ofPage(payment, page)),
    ...(payment.captured_at ? [happening({ kind: "captured", at: payment.captured_at, ...whole })] : []),
    ...(withFees ? pages.flatMap((page) => ofFee(payment, page)) : []),
    ...(payment.settled_at ? [happening({ kind: "settled", at: payment.settled_at, ...whole })] : []),
    ...(await refundsOfPayment(db, payment.id)).flatMap((refund) => ofRefund(refund, currency)),
    ...(dispute ? ofDispute(dispute, currency, withFees) : []),
  ];
  return found.sort((a, b) => a.at.getTime() - b.at.getTime());
};
