import { type Context, Hono } from "hono";
import { preferred } from "../frame.ts";
import { choices, mischiefIn, outcomeOf } from "../shared-wire.ts";
import type { Thing } from "../store.ts";
import { NO_MISCHIEF, newName, seconds } from "../stripe/world.ts";
import type { Worker } from "../timers.ts";
import { type Dispute, decide, shownDispute } from "./disputes.ts";
import {
  type Body,
  captureById,
  captureOrder,
  openOrder,
  orderById,
  refundCapture,
  shownCapture,
  shownOrder,
  shownRefund,
} from "./orders.ts";
import { searched } from "./reporting.ts";
import {
  emit,
  Fault,
  invalid,
  missing,
  type Order,
  only,
  type Refund,
  unitsOf,
  type World,
} from "./world.ts";

export type Payout = Thing & { batchId: string; status: string; item: Body; ended?: number };

/** The endings of a payout one after the other, by the beginning of its receiver's address. */
const endings: Record<string, readonly string[]> = {
  unclaimed: ["UNCLAIMED"],
  // Nobody claimed it for thirty days.
  lapsed: ["UNCLAIMED", "RETURNED"],
  returned: ["RETURNED"],
  reversed: ["SUCCESS", "REVERSED"],
  onhold: ["ONHOLD"],
  blocked: ["BLOCKED"],
  failed: ["FAILED"],
};
const endingsOf = (receiver: string): readonly string[] =>
  endings[receiver.split("@")[0]?.toLowerCase() ?? ""] ?? ["SUCCESS"];

const shownBatch = (payout: Payout) => ({
  batch_header: {
    payout_batch_id: payout.batchId,
    batch_status: payout.status === "PENDING" ? "PENDING" : "SUCCESS",
  },
  items: [
    {
      payout_item_id: payout.id,
      transaction_status: payout.status,
      payout_batch_id: payout.batchId,
      payout_item: payout.item,
    },
  ],
});

const openBatch = (world: World, body: Body) => {
  only(body, "", "sender_batch_header", "items");
  const items = Array.isArray(body.items) ? (body.items as Body[]) : [];
  const name = String((body.sender_batch_header as Body | undefined)?.sender_batch_id ?? "");
  if (items.length !== 1) throw invalid("INVALID_ARRAY_LENGTH", "/items");
  const known = world.store.list<Payout & { name: string }>("paypal.payout").find((one) => one.name === name);
  if (known)
    throw new Fault(400, "USER_BUSINESS_ERROR", "DUPLICATE_BATCH", "/sender_batch_header/sender_batch_id");
  const item = items[0] ?? {};
  only(item, "/items/0", "recipient_type", "receiver", "sender_item_id", "amount", "note");
  unitsOf(item.amount, "/items/0/amount", "currency");
  const payout = {
    id: newName("", 13).toUpperCase(),
    object: "paypal.payout",
    created: seconds(world),
    batchId: newName("", 13).toUpperCase(),
    status: "PENDING",
    item,
    name,
  };
  world.store.put(payout);
  world.store.later("paypal.payout", payout.id, world.clock.now().getTime() + world.pace.payout_ms);
  return { ...shownBatch(payout), items: undefined };
};

export const arrivePayout =
  (world: World): Worker =>
  (task) => {
    const payout = world.store.get<Payout>(task.subject);
    if (!payout) return;
    const all = endingsOf(String(payout.item.receiver));
    const status = all[all.indexOf(payout.status) + 1];
    if (!status) return;
    const at = world.clock.now().getTime();
    world.store.put({ ...payout, status, ended: Math.floor(at / 1000) });
    if (all.at(-1) !== status) world.store.later("paypal.payout", payout.id, at + world.pace.payout_ms);
    const type = status === "SUCCESS" ? "SUCCEEDED" : status;
    emit(
      world,
      `PAYMENT.PAYOUTS-ITEM.${type}`,
      shownBatch({ ...payout, status }).items[0] ?? {},
      NO_MISCHIEF,
    );
    return undefined;
  };

const tokenOf = (world: World) =>
  new Bun.CryptoHasher("sha256", world.paypal.secret).update("token").digest("hex");

const reply = (context: Context, run: () => { status: 200 | 201; body: object }) => {
  try {
    const { status, body } = run();
    return context.json(body, status);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return context.json(error.body(), error.status);
  }
};

const checkToken = (world: World, context: Context) => {
  if (context.req.header("authorization") !== `Bearer ${tokenOf(world)}`)
    throw new Fault(401, "AUTHENTICATION_FAILURE", "INVALID_TOKEN");
};

/** A write under its `PayPal-Request-Id`: the same again is answered as before, another under it is refused. */
const writing =
  (world: World, run: (id: string, body: Body) => object, status: 200 | 201 = 201) =>
  async (context: Context) => {
    const text = await context.req.text();
    return reply(context, () => {
      checkToken(world, context);
      if (!context.req.header("content-type")?.startsWith("application/json"))
        throw invalid("MALFORMED_REQUEST_JSON");
      const key = context.req.header("paypal-request-id");
      const digest = new Bun.CryptoHasher("sha256").update(`${context.req.path}\n${text}`).digest("hex");
      const at = world.clock.now().getTime();
      const known = key ? world.store.answer("paypal", key, at - 45 * 86_400_000) : null;
      if (known && known.digest !== digest)
        throw new Fault(422, "UNPROCESSABLE_ENTITY", "DUPLICATE_REQUEST_ID");
      if (known) return { status: known.status as 200 | 201, body: JSON.parse(known.body) as object };
      let body: unknown;
      try {
        body = JSON.parse(text || "{}");
      } catch {
        throw invalid("MALFORMED_REQUEST_JSON");
      }
      const answer = world.store.atomically(() => {
        const done = run(context.req.param("id") ?? "", body as Body);
        if (key) world.store.keepAnswer("paypal", key, at, { digest, status, body: JSON.stringify(done) });
        return done;
      });
      return { status, body: answer };
    });
  };

const reading = (world: World, run: (id: string, context: Context) => object) => (context: Context) =>
  reply(context, () => {
    checkToken(world, context);
    return { status: 200, body: run(context.req.param("id") ?? "", context) };
  });

const pages = (world: World, app: Hono): void => {
  const find = (id: string): Order | null => {
    const order = world.store.get<Order>(id);
    return order?.object === "paypal.order" ? order : null;
  };
  app.get("/checkoutnow/:id", (context) => {
    const order = find(context.req.param("id"));
    if (!order) return context.notFound();
    return choices(context, preferred(order.locale || context.req.header("accept-language")), {
      title: "PayPal",
      what: order.unit.description ?? "",
      sum: `${order.unit.amount.value} ${order.unit.amount.currency_code}`,
      outcomes:
        order.status === "PAYER_ACTION_REQUIRED"
          ? ["success", "pending", "pending_denied", "dispute", "fail", "cancel"]
          : [],
      returnsTo: order.returnUrl,
    });
  });
  app.post("/checkoutnow/:id", async (context) => {
    const outcome = await outcomeOf(context);
    const order = find(context.req.param("id"));
    if (!order) return context.notFound();
    const back = (address: string) => `${address}${address.includes("?") ? "&" : "?"}token=${order.id}`;
    if (outcome === "cancel") return context.redirect(back(order.cancelUrl), 303);
    if (!["success", "pending", "pending_denied", "dispute", "fail"].includes(outcome))
      return context.text("outcome must be success, pending, pending_denied, dispute, fail or cancel", 400);
    if (order.status !== "PAYER_ACTION_REQUIRED") return context.redirect(back(order.returnUrl), 303);
    const mischief = mischiefIn(new URL(context.req.url).searchParams);
    const approved: Order = { ...order, status: "APPROVED", outcome, mischief };
    world.store.put(approved);
    emit(world, "CHECKOUT.ORDER.APPROVED", shownOrder(world, approved), mischief);
    return context.redirect(back(order.returnUrl), 303);
  });
};

/** Disputes and payouts. */
const disputesAndPayouts = (world: World, app: Hono): void => {
  app.get(
    "/v1/customer/disputes",
    reading(world, (_, context) => ({
      items: world.store
        .list<Dispute>("paypal.dispute")
        .filter((one) => one.captureId === context.req.query("disputed_transaction_id"))
        .map(shownDispute),
    })),
  );
  app.get(
    "/v1/customer/disputes/:id",
    reading(world, (id) => {
      const dispute = world.store.get<Dispute>(id);
      if (dispute?.object !== "paypal.dispute") throw missing();
      return shownDispute(dispute);
    }),
  );
  app.post(
    "/v1/customer/disputes/:id/adjudicate",
    writing(world, (id, body) => shownDispute(decide(world, id, String(body.adjudication_outcome))), 200),
  );
  app.post(
    "/v1/payments/payouts",
    writing(world, (_, body) => openBatch(world, body)),
  );
  app.get(
    "/v1/payments/payouts/:id",
    reading(world, (id) => {
      const payout = world.store.list<Payout>("paypal.payout").find((one) => one.batchId === id);
      if (!payout) throw missing();
      return shownBatch(payout);
    }),
  );
};

/** What moved the balance in a time, as PayPal's transaction search tells it. */
const reporting = (world: World, app: Hono): void => {
  app.get(
    "/v1/reporting/transactions",
    reading(world, (_, context) => searched(world, context.req.query())),
  );
};

/** PayPal's wire: a token, orders, captures, refunds, disputes, payouts, the certificate, and the page of approval. */
export const paypal = (world: World): Hono => {
  const app = new Hono();
  app.post("/v1/oauth2/token", (context) => {
    const good = `Basic ${btoa(`${world.paypal.clientId}:${world.paypal.secret}`)}`;
    if (context.req.header("authorization") !== good) return context.json({ error: "invalid_client" }, 401);
    return context.json({ access_token: tokenOf(world), token_type: "Bearer", expires_in: 32_400 });
  });
  app.get("/v1/notifications/certs/:id", (context) =>
    context.req.param("id") === world.signer.id ? context.text(world.signer.pem) : context.notFound(),
  );
  app.post(
    "/v2/checkout/orders",
    writing(world, (_, body) => shownOrder(world, openOrder(world, body))),
  );
  app.get(
    "/v2/checkout/orders/:id",
    reading(world, (id) => shownOrder(world, orderById(world, id))),
  );
  app.post(
    "/v2/checkout/orders/:id/capture",
    writing(world, (id) => shownOrder(world, captureOrder(world, id))),
  );
  app.get(
    "/v2/payments/captures/:id",
    reading(world, (id) => shownCapture(world, captureById(world, id))),
  );
  app.post(
    "/v2/payments/captures/:id/refund",
    writing(world, (id, body) => shownRefund(world, refundCapture(world, id, body))),
  );
  app.get(
    "/v2/payments/refunds/:id",
    reading(world, (id) => {
      const refund = world.store.get<Refund>(id);
      if (refund?.object !== "paypal.refund") throw missing();
      return shownRefund(world, refund);
    }),
  );
  disputesAndPayouts(world, app);
  reporting(world, app);
  pages(world, app);
  return app;
};
