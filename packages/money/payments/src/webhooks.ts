import { emit, enqueue } from "@evx/jobs";
import { type Id, isId } from "@evx/kernel";
import { payoutNoticed } from "./events.ts";
import { ForgedWebhook, type Gateway, type GatewayName, type Subject } from "./gateways/gateway.ts";
import { handleEvent } from "./jobs.ts";
import { pollPayment } from "./polling.ts";
import { gatewayOf, type PaymentsPorts, type RequestContext } from "./ports.ts";
import { paymentIdOfCharge, paymentRow } from "./queries/payments.ts";
import { insertEvent, markProcessed, waitingSubject } from "./queries/webhooks.ts";
import { advanceRefund } from "./refund-sending.ts";

export type WebhookAnswer = {
  status: 200 | 400 | 404;
  body: { received: true } | { error: { code: string; message: string } };
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
  webhook: { gateway: GatewayName; rawBody: string; headers: Headers },
): Promise<WebhookAnswer> => {
  const gateway = ports.gateways[webhook.gateway];
  if (!gateway) return no(404, "not_found", `The gateway ${webhook.gateway} is not set up here.`);
  const notice = await gateway
    .verifyWebhook(webhook.rawBody, webhook.headers, ctx.clock.now())
    .catch((error: unknown) => {
      if (error instanceof ForgedWebhook) return null;
      throw error;
    });
  if (!notice) return no(400, "webhook_forged", "The signature does not fit. Nothing was recorded.");
  await ctx.transact(async (tx) => {
    if (!(await insertEvent(tx, gateway.name, notice, webhook.rawBody))) return;
    await enqueue(tx, handleEvent, { gateway: gateway.name, eventId: notice.id });
  });
  return { status: 200, body: { received: true } };
};

/** Which of our payments an event is about; null when it is none of ours. */
const paymentFor = async (
  ctx: RequestContext,
  gateway: Gateway,
  subject: Extract<Subject, { kind: "payment" }>,
): Promise<Id<"payment"> | null> => {
  const named =
    subject.paymentId ??
    (subject.chargeRef
      ? ((await paymentIdOfCharge(ctx.db, subject.chargeRef)) ??
        (await gateway.paymentOfCharge(subject.chargeRef)))
      : null);
  if (!named || !isId("payment", named)) return null;
  return (await paymentRow(ctx.db, named)) ? named : null;
};

/**
 * Does what an event hints at. The event itself is never believed: it says where to look, and the gateway is asked.
 * So events may come late, twice, in any order, or not at all.
 */
export const processEvent = async (
  ctx: RequestContext,
  ports: PaymentsPorts,
  event: { gateway: GatewayName; eventId: string },
): Promise<void> => {
  const subject = await waitingSubject(ctx.db, event.gateway, event.eventId);
  if (!subject) return;
  const outcome = await act(ctx, ports, event.gateway, subject);
  await ctx.transact((tx) => markProcessed(tx, event.gateway, event.eventId, outcome));
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
      await pollPayment(ctx, ports, paymentId);
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
