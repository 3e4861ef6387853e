import type { Thing } from "../store.ts";
import { NO_MISCHIEF, newName, seconds } from "../stripe/world.ts";
import type { Worker } from "../timers.ts";
import {
  type Capture,
  emit,
  type Money,
  missing,
  type Order,
  only,
  type Refund,
  timeOf,
  unitsOf,
  unprocessable,
  type World,
} from "./world.ts";

export type Body = Record<string, unknown>;
const objectOf = (value: unknown): Body =>
  value !== null && typeof value === "object" ? (value as Body) : {};
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export const orderById = (world: World, id: string): Order => {
  const order = world.store.get<Order>(id);
  if (order?.object !== "paypal.order") throw missing();
  // What nobody paid is forgotten: three hours after it was opened, three days after it was approved.
  const life_s = order.status === "APPROVED" ? 3 * 86_400 : 3 * 3_600;
  if (order.status !== "COMPLETED" && seconds(world) > order.created + life_s) throw missing();
  return order;
};

export const captureById = (world: World, id: string): Capture => {
  const capture = world.store.get<Capture>(id);
  if (capture?.object !== "paypal.capture") throw missing();
  return capture;
};

const refundsOf = (world: World, captureId: string): Refund[] =>
  world.store.list<Refund>("paypal.refund").filter((refund) => refund.captureId === captureId);

/** Those of them whose money went or is on its way. */
const goneOf = (world: World, captureId: string): Refund[] =>
  refundsOf(world, captureId).filter(({ status }) => status !== "FAILED");

export const shownCapture = (
  world: World,
  { orderId, object: _, created, refunds: __, ...capture }: Capture,
) => ({
  ...capture,
  final_capture: true,
  create_time: new Date(created * 1000).toISOString(),
  supplementary_data: { related_ids: { order_id: orderId } },
  links: [{ rel: "self", href: `${world.origin}/v2/payments/captures/${capture.id}`, method: "GET" }],
});

export const shownRefund = (world: World, { captureId, object: _, created, ...refund }: Refund) => ({
  ...refund,
  create_time: new Date(created * 1000).toISOString(),
  links: [
    { rel: "self", href: `${world.origin}/v2/payments/refunds/${refund.id}`, method: "GET" },
    { rel: "up", href: `${world.origin}/v2/payments/captures/${captureId}`, method: "GET" },
  ],
});

export const shownOrder = (world: World, order: Order) => {
  const capture = order.captureId ? captureById(world, order.captureId) : null;
  const payments = capture
    ? {
        captures: [shownCapture(world, capture)],
        refunds: refundsOf(world, capture.id).map((refund) => shownRefund(world, refund)),
      }
    : undefined;
  return {
    id: order.id,
    intent: order.intent,
    status: order.status,
    create_time: timeOf(order),
    purchase_units: [{ ...order.unit, ...(payments ? { payments } : {}) }],
    links: [
      { rel: "self", href: `${world.origin}/v2/checkout/orders/${order.id}`, method: "GET" },
      ...(order.status === "PAYER_ACTION_REQUIRED"
        ? [{ rel: "payer-action", href: `${world.origin}/checkoutnow/${order.id}`, method: "GET" }]
        : []),
    ],
  };
};

const contextNames = [
  "brand_name",
  "locale",
  "shipping_preference",
  "user_action",
  "return_url",
  "cancel_url",
  "landing_page",
  "payment_method_preference",
];

/** POST /v2/checkout/orders: one purchase, to be captured. */
export const openOrder = (world: World, body: Body): Order => {
  only(body, "", "intent", "payer", "purchase_units", "payment_source", "application_context");
  if (body.intent !== "CAPTURE") throw unprocessable("INVALID_PARAMETER_VALUE", "/intent");
  const units = Array.isArray(body.purchase_units) ? body.purchase_units.map(objectOf) : [];
  const [unit] = units;
  if (!unit || units.length !== 1) throw unprocessable("INVALID_ARRAY_MAX_ITEMS", "/purchase_units");
  only(
    unit,
    "/purchase_units/0",
    "reference_id",
    "amount",
    "description",
    "custom_id",
    "invoice_id",
    "soft_descriptor",
  );
  unitsOf(unit.amount, "/purchase_units/0/amount");
  for (const [name, most] of [
    ["description", 127],
    ["custom_id", 255],
    ["invoice_id", 127],
  ] as const)
    if ((textOf(unit[name])?.length ?? 0) > most)
      throw unprocessable("INVALID_STRING_MAX_LENGTH", `/purchase_units/0/${name}`);
  const means = objectOf(body.payment_source);
  only(means, "/payment_source", "paypal");
  const source = objectOf(means.paypal);
  only(source, "/payment_source/paypal", "experience_context", "email_address", "name", "vault_id");
  const context = objectOf(source.experience_context);
  only(context, "/payment_source/paypal/experience_context", ...contextNames);
  const order: Order = {
    id: newName("", 17).toUpperCase(),
    object: "paypal.order",
    created: seconds(world),
    status: "PAYER_ACTION_REQUIRED",
    intent: "CAPTURE",
    unit: { ...unit, reference_id: textOf(unit.reference_id) ?? "default", amount: unit.amount as Money },
    returnUrl: textOf(context.return_url) ?? "",
    cancelUrl: textOf(context.cancel_url) ?? "",
    locale: textOf(context.locale) ?? "",
    outcome: "success",
    mischief: NO_MISCHIEF,
    captureId: null,
  };
  world.store.put(order);
  return order;
};

/** What of a capture has not gone back. */
export const leftOf = (world: World, capture: Capture): Money => {
  const gone = goneOf(world, capture.id).reduce((sum, { amount }) => sum + Number(amount.value), 0);
  const places = capture.amount.value.split(".")[1]?.length ?? 0;
  return { ...capture.amount, value: (Number(capture.amount.value) - gone).toFixed(places) };
};

const tell = (world: World, capture: Capture) => {
  const { mischief } = orderById(world, capture.orderId);
  emit(world, `PAYMENT.CAPTURE.${capture.status}`, shownCapture(world, capture), mischief);
};

/** POST …/capture: takes what the buyer approved, once. One invoice is paid once, whatever order it is in. */
export const captureOrder = (world: World, id: string): Order => {
  const order = orderById(world, id);
  if (order.captureId !== null) throw unprocessable("ORDER_ALREADY_CAPTURED");
  if (order.status !== "APPROVED") throw unprocessable("ORDER_NOT_APPROVED");
  if (order.outcome === "fail") {
    world.store.put({ ...order, status: "PAYER_ACTION_REQUIRED" });
    throw unprocessable("INSTRUMENT_DECLINED");
  }
  const { invoice_id, custom_id, amount } = order.unit;
  if (invoice_id && world.store.list<Capture>("paypal.capture").some((one) => one.invoice_id === invoice_id))
    throw unprocessable("DUPLICATE_INVOICE_ID");
  const waits = order.outcome === "pending" || order.outcome === "pending_denied";
  const capture: Capture = {
    id: newName("", 17).toUpperCase(),
    object: "paypal.capture",
    created: seconds(world),
    orderId: order.id,
    status: waits ? "PENDING" : "COMPLETED",
    amount,
    ...(custom_id ? { custom_id } : {}),
    ...(invoice_id ? { invoice_id } : {}),
  };
  world.store.put(capture);
  const captured: Order = { ...order, status: "COMPLETED", captureId: capture.id };
  world.store.put(captured);
  const now = world.clock.now().getTime();
  if (waits) world.store.later("paypal.clear", capture.id, now + world.pace.refund_ms);
  if (order.outcome === "dispute")
    world.store.later("paypal.dispute", capture.id, now + world.pace.dispute_ms);
  tell(world, capture);
  return captured;
};

/** Money that was waited for arrives, or is denied. */
export const clear =
  (world: World): Worker =>
  (task) => {
    world.store.atomically(() => {
      const capture = captureById(world, task.subject);
      if (capture.status !== "PENDING") return;
      const denied = orderById(world, capture.orderId).outcome === "pending_denied";
      const cleared: Capture = { ...capture, status: denied ? "DECLINED" : "COMPLETED" };
      world.store.put(cleared);
      tell(world, cleared);
    });
    return undefined;
  };

/** Whether a dispute has the money in hand, or has given it to the buyer. */
export const takenByBuyer = (world: World, captureId: string): boolean =>
  world.store
    .list<Thing & { captureId: string; status: string; outcome: string | null }>("paypal.dispute")
    .some(
      (one) =>
        one.captureId === captureId && (one.status === "OPEN" || one.outcome === "RESOLVED_BUYER_FAVOUR"),
    );

/** A refund that waited comes to its end; one that failed leaves the money where it was. */
export const endRefund = (world: World, refund: Refund, status: "COMPLETED" | "FAILED"): void => {
  world.store.put({ ...refund, status, ended: seconds(world) });
  const capture = captureById(world, refund.captureId);
  const left = Number(leftOf(world, capture).value);
  const whole = left === Number(capture.amount.value);
  world.store.put({
    ...capture,
    status: left === 0 ? "REFUNDED" : whole ? "COMPLETED" : "PARTIALLY_REFUNDED",
  });
};

/** POST …/captures/:id/refund: the whole of what is left, or a part of it. */
export const refundCapture = (world: World, id: string, body: Body): Refund => {
  only(body, "", "amount", "custom_id", "invoice_id", "note_to_payer", "payment_instruction");
  const capture = captureById(world, id);
  if (capture.status === "PENDING" || capture.status === "DECLINED")
    throw unprocessable("CAPTURE_STATUS_NOT_VALID");
  if (capture.status === "REFUNDED") throw unprocessable("CAPTURE_FULLY_REFUNDED");
  const whole = unitsOf(capture.amount, "/amount");
  const gone = goneOf(world, id).reduce((sum, refund) => sum + unitsOf(refund.amount, "/amount"), 0);
  const amount = (body.amount ?? capture.amount) as Money;
  const asked = unitsOf(amount, "/amount");
  if (amount.currency_code !== capture.amount.currency_code)
    throw unprocessable("REFUND_CAPTURE_CURRENCY_MISMATCH", "/amount/currency_code");
  if (gone + asked > whole) throw unprocessable("REFUND_AMOUNT_EXCEEDED", "/amount/value");
  if (takenByBuyer(world, id)) throw unprocessable("REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK");
  const custom_id = textOf(body.custom_id);
  const refund: Refund = {
    id: newName("", 17).toUpperCase(),
    object: "paypal.refund",
    created: seconds(world),
    captureId: id,
    status: capture.refunds === "held" ? "PENDING" : "COMPLETED",
    amount,
    ...(custom_id ? { custom_id } : {}),
  };
  world.store.put(refund);
  world.store.put({ ...capture, status: gone + asked === whole ? "REFUNDED" : "PARTIALLY_REFUNDED" });
  const { mischief } = orderById(world, capture.orderId);
  emit(world, "PAYMENT.CAPTURE.REFUNDED", shownRefund(world, refund), mischief);
  return refund;
};
