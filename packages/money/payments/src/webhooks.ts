import {
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type GatewayName,
  type Notice,
  type RawWebhook,
  type Subject,
  type Verdict,
} from "@evx/adapters";
import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { assert, day_ms, type Id, isId } from "@evx/kernel";
import { chargeOf } from "./charges.ts";
import { payoutNoticed } from "./events.ts";
import { handleEvent } from "./jobs.ts";
import { pollPayment } from "./polling.ts";
import { gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
import { attemptOfPage, paymentIdOfCharge, paymentRow } from "./queries/payments.ts";
import { insertEvent, markProcessed, noteTry, waitingSubject } from "./queries/webhooks.ts";
import { advanceRefund } from "./refund-sending.ts";

/** After so many tries an event is laid aside: payments do not depend on it, since gateways are asked anyway. */
const MOST_TRIES = 8;

/** A gateway that is away says nothing about the event: for so long it is not laid aside for that. */
const AWAY_MS = day_ms;

export type WebhookAnswer = {
  status: 200 | 400 | 404;
  body: { received: true } | { error: { code: string; message: string } } | Record<string, string>;
};

const no = (status: 400 | 404, code: string, message: string): WebhookAnswer => ({
  status,
  body: { error: { code, message } },
});

/**
 * Takes a gateway's webhook: checks the signature over the raw body, then stores the event and enqueues its work
 * in one transaction, and answers. A repeated event answers 200 and changes nothing; a forged one answers 400 and
 * leaves no trace. Throws only when the database does, so the gateway delivers again.
 */
export const receiveWebhook = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  webhook: RawWebhook & { gateway: GatewayName },
): Promise<WebhookAnswer> => {
  const gateway = ports.gateways[webhook.gateway];
  if (!gateway) return no(404, "not_found", `The gateway ${webhook.gateway} is not set up here.`);
  const notice = await gateway.verifyWebhook(webhook, ctx.clock.now()).catch((error: unknown) => {
    if (error instanceof ForgedWebhook) return null;
    throw error;
  });
  const said = (verdict: Verdict, otherwise: WebhookAnswer): WebhookAnswer =>
    gateway.answerTo ? { status: 200, body: gateway.answerTo(verdict) } : otherwise;
  if (!notice)
    return said("forged", no(400, "webhook_forged", "The signature does not fit. Nothing was recorded."));
  const received: WebhookAnswer = { status: 200, body: { received: true } };
  try {
    const verdict = await ctx.transact((tx) =>
      keepNotice(tx, gateway, notice, webhook.rawBody || webhook.query),
    );
    return said(verdict, received);
  } catch (error) {
    if (!gateway.answerTo) throw error;
    ctx.log.error({ error }, "a webhook could not be stored; the gateway is asked to send it again");
    return said("failed", received);
  }
};

/**
 * Stores a signed event and lets a job act on it. Where it claims which page was paid with how much, the answer says
 * at once whether we know that: in the order unknown, wrong amount, known before. A wrong amount is recorded too: the
 * money was taken all the same, and is given back.
 */
const keepNotice = async (tx: Tx, gateway: Gateway, notice: Notice, raw: string): Promise<Verdict> => {
  const page = notice.claim ? await attemptOfPage(tx, gateway.name, notice.claim.ref) : undefined;
  if (notice.claim && !page) return "unknown";
  const isNew = await insertEvent(tx, gateway.name, notice, raw);
  if (isNew) await enqueue(tx, handleEvent, { gateway: gateway.name, eventId: notice.id });
  if (notice.claim && page) {
    const payment = await paymentRow(tx, page.payment_id);
    assert(payment, `${page.payment_id} has a page`);
    const charge = chargeOf(payment, page);
    if (charge.amount !== notice.claim.amount || charge.currency !== notice.claim.currency)
      return "wrong_amount";
    if (page.status !== "open" && page.status !== "opening" && page.status !== "closed") return "known";
  }
  return isNew ? "recorded" : "known";
};

/** The payment of a charge by the gateway's word; a charge that the gateway does not know is none of ours. */
const askedPayment = (gateway: Gateway, chargeRef: string): Promise<string | null> =>
  gateway.paymentOfCharge(chargeRef).catch((error: unknown) => {
    if (error instanceof GatewayFault && error.kind === "refused") return null;
    throw error;
  });

/** Which payment an event is about; null when it names none. */
const paymentFor = async (
  ctx: RequestContext,
  gateway: Gateway,
  subject: Extract<Subject, { kind: "payment" }>,
): Promise<Id<"payment"> | null> => {
  const named =
    subject.paymentId ??
    (subject.chargeRef
      ? ((await paymentIdOfCharge(ctx.db, subject.chargeRef)) ??
        (await askedPayment(gateway, subject.chargeRef)))
      : null);
  return named && isId("payment", named) ? named : null;
};

/** Looks at payments that are under way in this process: the events of one sale come together and need one. */
const underWay = new WeakMap<PaymentsPorts, Map<string, Promise<void>>>();

/**
 * Does what an event hints at. The event itself is never believed: it says where to look, and the gateway is asked.
 * So events may come late, twice, in any order, or not at all. Events of one payment that were stored before the gateway
 * was asked are answered by one look.
 */
export const processEvent = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  event: { gateway: GatewayName; eventId: string },
): Promise<void> => {
  const looks = underWay.get(ports) ?? new Map<string, Promise<void>>();
  underWay.set(ports, looks);
  for (;;) {
    const waiting = await waitingSubject(ctx.db, event.gateway, event.eventId);
    if (!waiting) return;
    const { subject } = waiting;
    const paymentId = subject.kind === "payment" ? subject.paymentId : null;
    if (!paymentId) return processWaiting(ctx, ports, event, waiting);
    const key = `${event.gateway} ${paymentId}`;
    const other = looks.get(key);
    if (!other) {
      const own = processWaiting(ctx, ports, event, waiting).finally(() => looks.delete(key));
      looks.set(key, own);
      return own;
    }
    // How it ends is its own job's to tell; this event may have been answered by it.
    await other.catch(() => {});
  }
};

const processWaiting = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  event: { gateway: GatewayName; eventId: string },
  { subject, events }: { subject: Subject; events: readonly string[] },
): Promise<void> => {
  const outcome = await act(ctx, ports, event.gateway, subject).catch(async (error: unknown) => {
    const away = error instanceof GatewayFault && error.kind === "unavailable";
    const parked = await ctx.transact((tx) =>
      noteTry(tx, event, {
        problem: error instanceof Error ? error.message : "unknown",
        most: MOST_TRIES,
        receivedBy: new Date(tx.at.getTime() - (away ? AWAY_MS : 0)),
      }),
    );
    if (!parked?.parked_at) throw error;
    ctx.log.error({ error, ...event }, "a webhook was laid aside; an operator must look");
    return null;
  });
  if (outcome === null) return;
  await ctx.transact((tx) => markProcessed(tx, event.gateway, events, outcome));
};

/** Withdrawals are another room's: it hears that there is news and asks the gateway itself. */
const announcePayout = async (ctx: RequestContext, withdrawalId: string): Promise<"done" | "ignored"> => {
  if (!isId("withdrawal", withdrawalId)) return "ignored";
  await ctx.transact((tx) => emit(tx, payoutNoticed, { withdrawalId }));
  return "done";
};

const act = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  gateway: GatewayName,
  subject: Subject,
): Promise<"done" | "ignored"> => {
  switch (subject.kind) {
    case "payment": {
      const paymentId = await paymentFor(ctx, gatewayOf(ports, gateway), subject);
      if (!paymentId) return "ignored";
      return (await pollPayment(ctx, ports, paymentId, { closedToo: true })) ? "done" : "ignored";
    }
    case "page": {
      const page = await attemptOfPage(ctx.db, gateway, subject.ref);
      if (!page) return "ignored";
      await pollPayment(ctx, ports, page.payment_id, { closedToo: true });
      return "done";
    }
    case "refund":
      if (!isId("refund", subject.refundId)) return "ignored";
      return (await advanceRefund(ctx, ports, subject.refundId)) ? "done" : "ignored";
    case "withdrawal":
      return announcePayout(ctx, subject.withdrawalId);
    case "other":
      return "ignored";
  }
};
