import type { Tx } from "@evx/db";
import { assert, type Currency, type Id, namedId } from "@evx/kernel";
import { type AccountId, cash, clearing, escrow, post } from "@evx/ledger";
import { announce } from "./disputes.ts";
import { currencyOf, locked, moveTo } from "./payments.ts";
import { isUnpaid } from "./policy.ts";
import {
  type AttemptRow,
  attemptRows,
  changeAttempt,
  insertAttempt,
  type PaymentRow,
} from "./queries/payments.ts";

/** Where a page's money comes from and goes back to: its gateway, or what the venue owes the buyer anyway. */
export const sourceOf = (
  payment: Pick<PaymentRow, "buyer_id">,
  attempt: Pick<AttemptRow, "gateway">,
  currency: Currency,
): AccountId =>
  attempt.gateway === "balance" ? cash(currency, payment.buyer_id) : clearing(currency, attempt.gateway);

/**
 * Pays for an order out of its buyer's own balance: no gateway is asked, and what goes back later goes back there. The
 * caller names the hold with which the money was set aside, which this ends. Emits what any captured payment does.
 * Refuses `hold_unknown`, `hold_ended` and `balance_insufficient`, as the book does.
 */
export const payFromBalance = async (
  tx: Tx,
  { paymentId, holdId }: { paymentId: Id<"payment">; holdId: string },
): Promise<void> => {
  const payment = await locked(tx, paymentId);
  assert(isUnpaid(payment.status), `${paymentId} is not paid yet`);
  const currency = currencyOf(payment);
  const { number } = await insertAttempt(tx, {
    paymentId,
    number: ((await attemptRows(tx, paymentId)).at(-1)?.number ?? 0) + 1,
    gateway: "balance",
    locale: "en",
    expiresAt: payment.expires_at,
  });
  const ref = `${paymentId}.${number}`;
  await changeAttempt(tx, paymentId, number, { status: "paid", ref, charge_ref: ref });
  await moveTo(tx, payment, "captured", {
    attempt: number,
    captured_at: tx.at,
    method: "balance",
    failure: null,
  });
  await announce(tx, payment);
  await post(tx, {
    id: await namedId("transfer", `capture ${paymentId} ${number}`),
    kind: "capture",
    legs: [
      { account: cash(currency, payment.buyer_id), amount: -payment.amount_minor },
      { account: escrow(currency, payment.order_id), amount: payment.amount_minor },
    ],
    memo: { paymentId, attempt: number },
    releases: [holdId],
  });
};
