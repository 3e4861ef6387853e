import type Stripe from "stripe";
import { ForgedWebhook, type Notice, type Subject } from "../gateway.ts";
import { idIn } from "./calls.ts";

/** Stripe's own tolerance for signatures that arrive late. */
const LATE_S = 300;
/** Clocks differ a little; a signature from further ahead was not made by Stripe now. */
const EARLY_S = 60;

/** What an event is about, read from the metadata that we gave our objects. */
const subjectOf = (event: Stripe.Event): Subject => {
  const thing = event.data.object as {
    object?: string;
    metadata?: Record<string, string> | null;
    payment_intent?: string | { id: string } | null;
    id?: string;
  };
  const named = thing.metadata ?? {};
  switch (thing.object) {
    case "checkout.session":
    case "charge":
    case "dispute":
      return { kind: "payment", paymentId: named.payment_id ?? null, chargeRef: idIn(thing.payment_intent) };
    case "payment_intent":
      return { kind: "payment", paymentId: named.payment_id ?? null, chargeRef: thing.id ?? null };
    case "refund":
      return named.refund_id ? { kind: "refund", refundId: named.refund_id } : { kind: "other" };
    case "payout":
      return named.withdrawal_id
        ? { kind: "withdrawal", withdrawalId: named.withdrawal_id }
        : { kind: "other" };
    default:
      return { kind: "other" };
  }
};

const timestampIn = (header: string): number =>
  Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1] ?? Number.NaN);

/** Checks a webhook's signature and time over its raw body; throws `ForgedWebhook`. */
export const verifyWebhook = async (
  stripe: Stripe,
  webhookSecrets: readonly string[],
  rawBody: string,
  headers: Headers,
  at: Date,
): Promise<Notice> => {
  const header = headers.get("stripe-signature") ?? "";
  const now_s = Math.floor(at.getTime() / 1000);
  // The SDK only looks for lateness; a signature from the future would stay good until its time comes.
  if (!(timestampIn(header) <= now_s + EARLY_S)) throw new ForgedWebhook("The signature's time is not now.");
  let cause: unknown;
  for (const secret of webhookSecrets) {
    try {
      const event = await stripe.webhooks.constructEventAsync(
        rawBody,
        header,
        secret,
        LATE_S,
        undefined,
        at.getTime(),
      );
      return {
        id: event.id,
        type: event.type,
        at: new Date(event.created * 1000),
        subject: subjectOf(event),
      };
    } catch (error) {
      cause = error;
    }
  }
  throw new ForgedWebhook("The signature is not the gateway's.", { cause });
};
