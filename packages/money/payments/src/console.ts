import { displayNames } from "@evx/accounts";
import { GatewayFault, type GatewayName } from "@evx/adapters";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { csvFile, csvPages } from "@evx/files";
import { enqueue } from "@evx/jobs";
import {
  type Currency,
  type Id,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
  textFromMinor,
} from "@evx/kernel";
import { accountsOf, debtors, totals } from "@evx/ledger";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { chargeOf } from "./charges.ts";
import { refuse } from "./errors.ts";
import { handleEvent } from "./jobs.ts";
import { operatorPayment, operatorPayments } from "./lists.ts";
import { currencyOf } from "./payments.ts";
import { gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
import { changeDispute, disputeRow } from "./queries/disputes.ts";
import type { PaymentFilter } from "./queries/lists.ts";
import { type AttemptRow, attemptRows, type PaymentRow, paymentRow } from "./queries/payments.ts";
import { refundsOfPayment } from "./queries/refunds.ts";
import { awakenEvent, eventRows } from "./queries/webhooks.ts";
import { mostToRefund } from "./refunds.ts";
import type * as S from "./schema.ts";
import { timelineOf } from "./timeline.ts";

const chargeText = (payment: PaymentRow, page: AttemptRow) => {
  const { amount, currency } = chargeOf(payment, page);
  return { amount: textFromMinor(amount, currency), currency };
};

/** One payment with all that an operator needs to decide about it. Refuses `payment_unknown`. */
export const paymentDetail = async (
  ctx: Pick<RequestContext, "db" | "clock" | "transact">,
  ports: PaymentsPorts,
  paymentId: Id<"payment">,
): Promise<v.InferInput<typeof S.PaymentDetail>> => {
  const row = await paymentRow(ctx.db, paymentId);
  if (!row) throw refuse("payment_unknown");
  const currency = currencyOf(row);
  const names = await displayNames(ctx.db, [row.buyer_id, row.seller_id]);
  const dispute = await disputeRow(ctx.db, paymentId);
  const left =
    row.settled_at && !row.charged_back_at ? await ctx.transact((tx) => mostToRefund(tx, row)) : null;
  const pages = await attemptRows(ctx.db, paymentId);
  const paid = pages.find(({ number }) => number === row.attempt);
  const view = operatorPayment(row, names, ctx.clock.now());
  return {
    payment: left === null ? view : { ...view, refundable: textFromMinor(left, currency) },
    pages: pages.map((page) => ({
      number: page.number,
      method: page.gateway,
      status: page.status,
      ref: page.ref,
      chargeRef: page.charge_ref,
      ...chargeText(row, page),
    })),
    byLetter:
      paid !== undefined &&
      paid.gateway !== "balance" &&
      ports.gateways[paid.gateway]?.tellsByLetter === true,
    refunds: (await refundsOfPayment(ctx.db, paymentId)).map((refund) => ({
      id: refund.id,
      amount: textFromMinor(refund.amount_minor, currency),
      status: refund.status,
      reason: refund.reason,
      failure: refund.failure,
      at: refund.requested_at,
    })),
    dispute: dispute
      ? {
          status: dispute.status,
          amount: textFromMinor(dispute.amount_minor, currency),
          answeredAt: dispute.answered_at,
        }
      : null,
    timeline: await timelineOf(ctx.db, row, { withFees: true }),
  };
};

/** Answers a dispute at the gateway with what speaks for the sale. Refuses `dispute_not_open`, `dispute_answered_there`. */
export const answerDispute = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  actor: Actor,
  { paymentId, evidence }: { paymentId: Id<"payment">; evidence: string },
): Promise<{ paymentId: Id<"payment"> }> => {
  const payment = await paymentRow(ctx.db, paymentId);
  if (!payment) throw refuse("payment_unknown");
  const dispute = await disputeRow(ctx.db, paymentId);
  const page = (await attemptRows(ctx.db, paymentId)).find(({ number }) => number === payment.attempt);
  if (dispute?.status !== "open" || !page?.charge_ref) throw refuse("dispute_not_open");
  const gateway = gatewayOf(ports, page.gateway);
  if (!gateway.answerDispute) throw refuse("dispute_answered_there", { method: page.gateway });
  await gateway.answerDispute(page.charge_ref, evidence).catch((error: unknown) => {
    if (!(error instanceof GatewayFault)) throw error;
    throw error.kind === "refused"
      ? refuse("dispute_not_open", {}, { cause: error })
      : refuse("payment_gateway_unavailable", {}, { cause: error });
  });
  await ctx.transact(async (tx) => {
    await changeDispute(tx, paymentId, { answered_at: tx.at });
    await audit(tx, actor, "payment.answer_dispute", paymentId, { after: { evidence } });
  });
  return { paymentId };
};

/** Gateways' events, newest first; those that were laid aside when asked so. */
export const webhookEvents = async (
  db: Db,
  input: PageInput & { show: "all" | "waiting" | "parked" },
): Promise<Page<v.InferInput<typeof S.WebhookEvent>>> =>
  pageFrom(
    await eventRows(db, input, input.show),
    input.limit,
    (row) => ({
      gateway: row.gateway,
      id: row.id,
      type: row.type,
      receivedAt: row.received_at,
      processedAt: row.processed_at,
      parkedAt: row.parked_at,
      tries: row.tries,
      problem: row.problem,
    }),
    (row) => momentKey(row.received_at, `${row.gateway} ${row.id}`),
  );

/** Tries an event again that was laid aside. Refuses `webhook_unknown` for one that was done or never came. */
export const retryWebhook = async (
  tx: Tx,
  actor: Actor,
  event: { gateway: GatewayName; eventId: string },
): Promise<{ gateway: GatewayName; eventId: string }> => {
  if (!(await awakenEvent(tx, event.gateway, event.eventId))) throw refuse("webhook_unknown");
  await audit(tx, actor, "payment.retry_webhook", `${event.gateway} ${event.eventId}`);
  await enqueue(tx, handleEvent, event);
  return event;
};

/** The balances of the book by kind of account: they sum to nothing. And who owes the venue. */
export const bookOf = async (db: Db, currency: Currency): Promise<v.InferInput<typeof S.Book>> => {
  const balances = [...(await totals(db, currency))];
  const owing = await debtors(db, currency);
  const names = await displayNames(
    db,
    owing.map(({ userId }) => userId),
  );
  return {
    currency,
    accounts: balances.map(([kind, balance]) => ({ kind, balance: textFromMinor(balance, currency) })),
    sum: textFromMinor(
      balances.reduce((sum, [, balance]) => sum + balance, 0n),
      currency,
    ),
    debts: owing.map(({ userId, amount }) => ({
      userId,
      name: names.get(userId) ?? "",
      amount: textFromMinor(amount, currency),
    })),
  };
};

/** Every account of the book with its balance, and what is held of it: they sum to nothing. */
export const bookFile = async (db: Db, currency: Currency) => {
  const rows = await accountsOf(db, currency);
  return csvFile(
    "trial-balance.csv",
    ["account", "kind", "balance", "held", "currency"],
    rows.map(({ account, kind, balance, held }) => [
      account,
      kind,
      textFromMinor(balance, currency),
      textFromMinor(held, currency),
      currency,
    ]),
  );
};

/** Payments as CSV, newest first. */
export const paymentsFile = (db: Db, show: PaymentFilter, now: Date) =>
  csvPages(
    "payments.csv",
    ["id", "order", "created", "state", "method", "amount", "refunded", "currency", "settled", "flag"],
    (cursor) => operatorPayments(db, { limit: 100, show, cursor }, now),
    (rows) =>
      rows.map((row) => [
        row.id,
        row.orderId,
        row.createdAt.toISOString(),
        row.state,
        row.method,
        row.amount,
        row.refunded,
        row.currency,
        row.settledAt?.toISOString() ?? null,
        row.flag,
      ]),
  );
