import type { Task, Thing } from "../store.ts";
import type { Worker } from "../timers.ts";
import { emit } from "./events.ts";
import { invalidRequest, noSuch } from "./faults.ts";
import type { Params } from "./form.ts";
import { type Mischief, NO_MISCHIEF, newName, seconds, type World } from "./world.ts";

export type Session = Thing & {
  amount_total: number;
  cancel_url: string | null;
  currency: string;
  expires_at: number;
  locale: string | null;
  metadata: Record<string, string>;
  payment_intent: string | null;
  payment_status: "paid" | "unpaid";
  status: "open" | "complete" | "expired";
  success_url: string;
  url: string | null;
  _description: string;
  _intent: { description: string | null; metadata: Record<string, string>; transfer_group: string | null };
};

export type Intent = Thing & {
  amount: number;
  currency: string;
  latest_charge: string | null;
  metadata: Record<string, string>;
  status: string;
};

export type Charge = Thing & {
  amount: number;
  amount_refunded: number;
  currency: string;
  disputed: boolean;
  metadata: Record<string, string>;
  payment_intent: string;
  refunded: boolean;
  _refunds: "at_once" | "later" | "fail" | "held";
};

const MIN_LIFE_S = 30 * 60;
const MAX_LIFE_S = 24 * 60 * 60;
/** Stripe's own limit: eight digits, whatever the currency. */
const MAX_AMOUNT = 99_999_999;
/** The least that it charges in each: about half a dollar. */
const LEAST = new Map(
  Object.entries({ usd: 50, eur: 50, nzd: 50, jpy: 50, vnd: 15_000, krw: 700, clp: 500 }),
);

const lineTotal = (line: Params) => {
  line.only("price_data", "quantity");
  const price = line.object("price_data");
  if (!price) throw line.missing("price_data");
  price.only("currency", "product_data", "unit_amount");
  const product = price.object("product_data");
  if (!product) throw price.missing("product_data");
  product.only("name", "description", "images", "metadata");
  const quantity = line.integer("quantity") ?? 1;
  const unit_amount = price.needInteger("unit_amount");
  if (unit_amount < 0 || quantity < 1) throw invalidRequest("Invalid non-negative integer");
  return {
    currency: price.needText("currency").toLowerCase(),
    total: unit_amount * quantity,
    name: product.needText("name"),
  };
};

const webAddress = (params: Params, name: string): string => {
  const text = params.needText(name);
  const address = URL.parse(text.replaceAll("{CHECKOUT_SESSION_ID}", "id"));
  if (address?.protocol !== "https:" && address?.protocol !== "http:") {
    throw invalidRequest("Not a valid URL", { code: "url_invalid", param: params.name(name) });
  }
  return text;
};

const known = (params: Params): void => {
  params.only(
    "mode",
    "line_items",
    "success_url",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "expires_at",
    "locale",
    "metadata",
    "payment_intent_data",
    "allowed_payment_method_types",
    "submit_type",
    "expand",
  );
  if (params.oneOf("mode", ["payment"]) === null) throw params.missing("mode");
};

/** What is paid for: all lines in one currency that the emulator knows, within Stripe's bounds. */
const bill = (params: Params) => {
  const lines = params.list("line_items").map(lineTotal);
  const [first] = lines;
  if (!first) throw params.missing("line_items");
  if (lines.some((line) => line.currency !== first.currency)) {
    throw invalidRequest("All line items must use one currency.", { param: "line_items" });
  }
  const least = LEAST.get(first.currency);
  if (least === undefined) {
    throw invalidRequest(`Invalid currency: ${first.currency}`, {
      param: "line_items[0][price_data][currency]",
    });
  }
  const amount_total = lines.reduce((sum, line) => sum + line.total, 0);
  if (amount_total < least) {
    throw invalidRequest("The Checkout Session's total amount must convert to at least 50 cents.", {
      code: "amount_too_small",
    });
  }
  if (amount_total > MAX_AMOUNT) {
    throw invalidRequest("Amount must be no more than 999,999.99.", { code: "amount_too_large" });
  }
  return { amount: amount_total, currency: first.currency, names: lines.map((line) => line.name).join(", ") };
};

const lifeOf = (params: Params, created: number): number => {
  const expires_at = params.integer("expires_at") ?? created + MAX_LIFE_S;
  if (expires_at < created + MIN_LIFE_S) {
    throw invalidRequest(
      "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
      { param: "expires_at" },
    );
  }
  if (expires_at > created + MAX_LIFE_S) {
    throw invalidRequest(
      "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
      { param: "expires_at" },
    );
  }
  return expires_at;
};

/** POST /v1/checkout/sessions: a one-time card payment with prices given inline. */
export const openSession = (world: World, params: Params): Session => {
  known(params);
  const { amount, currency, names } = bill(params);
  const created = seconds(world);
  const expires_at = lifeOf(params, created);
  const intent = params.object("payment_intent_data");
  intent?.only("description", "metadata", "transfer_group", "receipt_email", "statement_descriptor_suffix");
  const id = newName("cs_test_", 58);
  const session: Session = {
    id,
    object: "checkout.session",
    amount_subtotal: amount,
    amount_total: amount,
    cancel_url: params.text("cancel_url") === null ? null : webAddress(params, "cancel_url"),
    client_reference_id: params.text("client_reference_id"),
    created,
    currency,
    customer: null,
    customer_details: null,
    customer_email: params.text("customer_email"),
    expires_at,
    livemode: false,
    locale: params.text("locale"),
    metadata: params.metadata(),
    mode: "payment",
    payment_intent: null,
    allowed_payment_method_types: ["card"],
    payment_method_types: ["card"],
    payment_status: "unpaid",
    status: "open",
    success_url: webAddress(params, "success_url"),
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: `${world.origin}/c/pay/${id}`,
    _description: names,
    _intent: {
      description: intent?.text("description") ?? null,
      metadata: intent?.metadata() ?? {},
      transfer_group: intent?.text("transfer_group") ?? null,
    },
  };
  world.store.put(session);
  world.store.later("session.lapse", id, expires_at * 1000);
  return session;
};

export const sessionById = (world: World, id: string): Session => {
  const session = world.store.get<Session>(id);
  if (session?.object !== "checkout.session") throw noSuch("checkout.session", id, "session");
  return session;
};

const close = (world: World, session: Session): Session => {
  const closed: Session = { ...session, status: "expired", url: null };
  world.store.put(closed);
  emit(world, "checkout.session.expired", closed);
  return closed;
};

/** POST /v1/checkout/sessions/:id/expire: only an open one can be closed. */
export const expireSession = (world: World, id: string): Session => {
  const session = sessionById(world, id);
  if (session.status !== "open") {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  return close(world, session);
};

/** An open session whose time is over closes by itself. */
export const lapse =
  (world: World): Worker =>
  (task: Task) => {
    const session = world.store.get<Session>(task.subject);
    if (session?.status === "open") world.store.atomically(() => close(world, session));
    return undefined;
  };

/** What a card number does, after Stripe's list of test cards. */
type CardFate =
  | { does: "pays"; refunds: Charge["_refunds"]; disputed: boolean }
  | { does: "declines"; code: string; decline_code?: string };

export const pays = (refunds: Charge["_refunds"] = "at_once", disputed = false): CardFate => ({
  does: "pays",
  refunds,
  disputed,
});

const fates: Record<string, CardFate> = {
  "4242424242424242": pays(),
  "5555555555554444": pays(),
  "4000000000000259": pays("at_once", true),
  "4000000000007726": pays("later"),
  "4000000000005126": pays("fail"),
  "4000000000000002": { does: "declines", code: "card_declined", decline_code: "generic_decline" },
  "4000000000009995": { does: "declines", code: "card_declined", decline_code: "insufficient_funds" },
  "4000000000000069": { does: "declines", code: "expired_card" },
  "4000000000000127": { does: "declines", code: "incorrect_cvc" },
};

/** Luhn's check, which a mistyped number fails. */
const isCardNumber = (digits: string): boolean => {
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
};

export type Outcome =
  | { is: "paid"; session: Session }
  | { is: "declined"; session: Session; code: string }
  | { is: "closed"; session: Session };

/** The charge that an attempt leaves, whether the card pays or not. */
export const chargeOf = (
  session: Session,
  intentId: string,
  digits: string,
  fate: CardFate,
  created: number,
) => {
  const paid = fate.does === "pays";
  const charge: Charge = {
    id: newName("ch_3"),
    object: "charge",
    amount: session.amount_total,
    amount_captured: paid ? session.amount_total : 0,
    amount_refunded: 0,
    balance_transaction: paid ? newName("txn_3") : null,
    captured: paid,
    created,
    currency: session.currency,
    description: session._intent.description,
    disputed: false,
    failure_code: paid ? null : fate.code,
    failure_message: paid ? null : "Your card was declined.",
    livemode: false,
    metadata: session._intent.metadata,
    paid,
    payment_intent: intentId,
    payment_method_details: {
      type: "card",
      card: { brand: digits.startsWith("5") ? "mastercard" : "visa", last4: digits.slice(-4) },
    },
    refunded: false,
    status: paid ? "succeeded" : "failed",
    transfer_group: session._intent.transfer_group,
    _refunds: paid ? fate.refunds : "at_once",
  };
  return charge;
};

/** What the payment looks like after the charge. */
export const intentOf = (session: Session, charge: Charge, fate: CardFate, created: number): Intent => ({
  id: charge.payment_intent,
  object: "payment_intent",
  amount: session.amount_total,
  amount_capturable: 0,
  amount_received: fate.does === "pays" ? session.amount_total : 0,
  capture_method: "automatic",
  created,
  currency: session.currency,
  description: session._intent.description,
  last_payment_error:
    fate.does === "pays"
      ? null
      : {
          type: "card_error",
          code: fate.code,
          decline_code: fate.decline_code ?? null,
          message: "Your card was declined.",
          charge: charge.id,
        },
  latest_charge: charge.id,
  livemode: false,
  metadata: session._intent.metadata,
  payment_method_types: ["card"],
  status: fate.does === "pays" ? "succeeded" : "requires_payment_method",
  transfer_group: session._intent.transfer_group,
});

/** A person, or a program in their place, pays the session with a card. */
export const payWithCard = (
  world: World,
  id: string,
  card: string,
  mischief: Mischief = NO_MISCHIEF,
): Outcome => {
  const session = sessionById(world, id);
  if (session.status !== "open") return { is: "closed", session };
  if (session.expires_at <= seconds(world)) return { is: "closed", session: close(world, session) };
  const digits = card.replace(/[\s-]/g, "");
  if (!isCardNumber(digits)) return { is: "declined", session, code: "incorrect_number" };
  const fate: CardFate = fates[digits] ?? {
    does: "declines",
    code: "card_declined",
    decline_code: "test_mode_live_card",
  };
  const created = seconds(world);
  const intentId = session.payment_intent ?? newName("pi_3");
  const charge = chargeOf(session, intentId, digits, fate, created);
  const intent = intentOf(session, charge, fate, world.store.get(intentId)?.created ?? created);
  world.store.put(charge);
  world.store.put(intent);
  if (fate.does === "declines") {
    const tried: Session = { ...session, payment_intent: intentId };
    world.store.put(tried);
    emit(world, "payment_intent.payment_failed", intent, { mischief });
    return { is: "declined", session: tried, code: fate.decline_code ?? fate.code };
  }
  const paid: Session = {
    ...session,
    payment_intent: intentId,
    payment_status: "paid",
    status: "complete",
    url: null,
  };
  world.store.put(paid);
  emit(world, "charge.succeeded", charge, { mischief });
  emit(world, "payment_intent.succeeded", intent, { mischief });
  emit(world, "checkout.session.completed", paid, { mischief });
  if (fate.disputed) {
    world.store.later("dispute.open", charge.id, world.clock.now().getTime() + world.pace.dispute_ms);
  }
  return { is: "paid", session: paid };
};
