import { delayOf } from "../shared-wire.ts";
import type { Thing } from "../store.ts";
import type { World as Base, Mischief } from "../stripe/world.ts";
import { newName } from "../stripe/world.ts";
import type { Worker } from "../timers.ts";
import type { Signer } from "./certificate.ts";

export type PaypalOptions = { clientId: string; secret: string; webhookId: string; webhookUrl: string };
export type World = Base & { paypal: PaypalOptions; signer: Signer };

export type Money = { currency_code: string; value: string };
export type Order = Thing & {
  status: "PAYER_ACTION_REQUIRED" | "APPROVED" | "COMPLETED";
  intent: "CAPTURE";
  unit: {
    reference_id: string;
    amount: Money;
    custom_id?: string;
    invoice_id?: string;
    description?: string;
  };
  returnUrl: string;
  cancelUrl: string;
  locale: string;
  outcome: string;
  mischief: Mischief;
  captureId: string | null;
};
export type Capture = Thing & {
  orderId: string;
  status: "COMPLETED" | "PENDING" | "DECLINED" | "PARTIALLY_REFUNDED" | "REFUNDED";
  amount: Money;
  custom_id?: string;
  invoice_id?: string;
  /** "held": refunds wait until a bank's hand ends them. */
  refunds?: "held";
};
export type Refund = Thing & {
  captureId: string;
  status: "COMPLETED" | "PENDING" | "FAILED";
  ended?: number;
  amount: Money;
  custom_id?: string;
};

/** A failure in PayPal's form. */
export class Fault extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 409 | 422,
    readonly code: string,
    readonly issue: string,
    readonly field = "",
  ) {
    super(issue);
  }
  body() {
    return {
      name: this.code,
      message: "The request could not be done.",
      debug_id: newName("", 13).toLowerCase(),
      details: [{ field: this.field, issue: this.issue }],
    };
  }
}

export const unprocessable = (issue: string, field = "") =>
  new Fault(422, "UNPROCESSABLE_ENTITY", issue, field);
export const invalid = (issue: string, field = "") => new Fault(400, "INVALID_REQUEST", issue, field);
export const missing = () => new Fault(404, "RESOURCE_NOT_FOUND", "RESOURCE_NOT_FOUND");

/** Refuses what the published specification does not know in an object. */
export const only = (body: object, field: string, ...names: string[]): void => {
  const odd = Object.keys(body).find((name) => !names.includes(name));
  if (odd) throw invalid("UNSUPPORTED_PARAMETER", `${field}/${odd}`);
};

const places: Record<string, number> = {
  USD: 2,
  EUR: 2,
  NZD: 2,
  GBP: 2,
  AUD: 2,
  SGD: 2,
  JPY: 0,
  HUF: 0,
  TWD: 0,
};

/** An amount in units of its currency; refuses a currency that PayPal does not charge and places that it has not. */
export const unitsOf = (value: unknown, field: string, name = "currency_code"): number => {
  const money = (value ?? {}) as Record<string, unknown>;
  only(money, field, name, "value", "breakdown");
  const decimals = places[String(money[name])];
  if (decimals === undefined) throw unprocessable("CURRENCY_NOT_SUPPORTED", `${field}/${name}`);
  const text = String(money.value);
  const shape = decimals === 0 ? /^\d{1,10}$/ : /^\d{1,7}(\.\d{1,2})?$/;
  if (!shape.test(text)) throw unprocessable("DECIMAL_PRECISION", `${field}/value`);
  const units = Math.round(Number(text) * 10 ** decimals);
  if (units <= 0) throw unprocessable("CANNOT_BE_ZERO_OR_NEGATIVE", `${field}/value`);
  return units;
};

export const timeOf = (thing: Thing): string =>
  new Date(thing.created * 1000).toISOString().replace(".000", "");

/** Keeps an event and plans its delivery. */
export const emit = (world: World, type: string, resource: object, mischief: Mischief): void => {
  const event: Thing = {
    id: `WH-${newName("", 17).toUpperCase()}-${newName("", 17).toUpperCase()}`,
    object: "paypal.event",
    created: Math.floor(world.clock.now().getTime() / 1000),
    body: { event_version: "1.0", resource_version: "2.0", event_type: type, resource },
  };
  world.store.put(event);
  if (mischief.drop) return;
  const now = world.clock.now().getTime();
  for (let copy = 0; copy < mischief.copies; copy++)
    world.store.later("paypal.deliver", event.id, now + delayOf(mischief));
};

/** Posts an event, signed over `id|time|webhookId|CRC32 of the bytes`; again, later each time, until it is taken. */
export const deliver =
  (world: World): Worker =>
  async (task) => {
    const event = world.store.get(task.subject);
    if (!event) return;
    const body = JSON.stringify({ id: event.id, create_time: timeOf(event), ...(event.body as object) });
    const time = new Date(event.created * 1000).toISOString();
    const text = `${event.id}|${time}|${world.paypal.webhookId}|${Bun.hash.crc32(new TextEncoder().encode(body))}`;
    const taken = await fetch(world.paypal.webhookUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "paypal-transmission-id": event.id,
        "paypal-transmission-time": time,
        "paypal-cert-url": `${world.origin}/v1/notifications/certs/${world.signer.id}`,
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-transmission-sig": world.signer.sign(text),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    }).then(
      (answer) => answer.ok,
      () => false,
    );
    // PayPal gives up after 25 tries.
    if (taken || task.attempt >= 25) return;
    return { again: world.clock.now().getTime() + Math.min(world.pace.retry_ms * 2 ** task.attempt, 60_000) };
  };
