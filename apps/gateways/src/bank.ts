import { type Context, Hono } from "hono";
import {
  decide as decidePaypal,
  openDispute as disputePaypal,
  type Dispute as PaypalDispute,
} from "./paypal/disputes.ts";
import * as paypalOrders from "./paypal/orders.ts";
import type { Refund as PaypalRefund, World as PaypalWorld } from "./paypal/world.ts";
import type { Task, Thing } from "./store.ts";
import type { Charge, Intent } from "./stripe/checkout.ts";
import { type Dispute, decide, openDispute } from "./stripe/disputes.ts";
import { Params } from "./stripe/form.ts";
import { openRefund, payRefund, type Refund, returnRefund } from "./stripe/refunds.ts";
import type { World } from "./stripe/world.ts";
import type { Worker } from "./timers.ts";
import * as vnpay from "./vnpay/vnpay.ts";

/** What banks do behind a gateway, and people in its own dashboard: by the name of the charge, and an amount as on the wire. */
type Hand = (charge: string, amount: string | undefined) => void;
type Hands = Record<string, Hand>;
/**
 * What of a charge still lies at the gateway for its merchant, as on the wire. A refund that waits has not left, nor what
 * a dispute has in hand.
 */
type Left = (charge: string) => string;
type Bank = { hands: Hands; left: Left };

const now = (worker: Worker, subject: string) => void worker({ subject } as Task);

const found = <T>(thing: T | null | undefined): T => {
  if (!thing) throw new Error("There is no such thing.");
  return thing;
};

/** A refund, where it stands so. */
const waiting = <T extends { status: string }>(refund: T, status: string): T => {
  if (refund.status !== status) throw new Error(`The refund is ${refund.status}.`);
  return refund;
};

/** Stripe's: the charge is named by its payment intent. */
export const stripeBank = (world: World): Bank => {
  const chargeOf = (intent: string): Charge =>
    found(world.store.get<Charge>(found(world.store.get<Intent>(intent)).latest_charge ?? ""));
  const newest = <T extends Thing & { charge: string }>(kind: string, charge: string) =>
    found(world.store.list<T>(kind).find((one) => one.charge === chargeOf(charge).id));
  const refunds =
    (fate: Charge["_refunds"]): Hand =>
    (charge) =>
      world.store.put({ ...chargeOf(charge), _refunds: fate });
  const left: Left = (intent) => {
    const charge = chargeOf(intent);
    const taken = world.store
      .list<Dispute>("dispute")
      .filter((one) => one.charge === charge.id && one.status === "lost")
      .reduce((sum, { amount }) => sum + Number(amount), 0);
    const gone = world.store
      .list<Refund>("refund")
      .filter((one) => one.charge === charge.id && one.status === "succeeded")
      .reduce((sum, { amount }) => sum + amount, 0);
    return String(charge.paid ? charge.amount - gone - taken : 0);
  };
  const decided = (charge: string, outcome: "won" | "lost"): void => {
    const dispute = newest<Dispute>("dispute", charge);
    // Who lost may still win, and nothing else changes.
    if (dispute.status === "won" || dispute.status === outcome) throw new Error("It is decided.");
    decide(world, dispute, outcome);
  };
  const hands: Hands = {
    dispute: (charge) => now(openDispute(world), chargeOf(charge).id),
    win: (charge) => decided(charge, "won"),
    lose: (charge) => decided(charge, "lost"),
    refund: (charge, amount) => {
      const before = chargeOf(charge);
      world.store.put({ ...before, _refunds: "at_once" });
      openRefund(world, new Params({ charge: before.id, ...(amount ? { amount } : {}) }));
      world.store.put({ ...chargeOf(charge), _refunds: before._refunds });
    },
    hold_refunds: refunds("held"),
    pass_refunds: refunds("at_once"),
    refund_done: (charge) => payRefund(world, waiting(newest<Refund>("refund", charge), "pending")),
    refund_failed: (charge) => returnRefund(world, newest<Refund>("refund", charge)),
  };
  return { hands, left };
};

/** PayPal's: the charge is a capture; money that waits is cleared or denied. */
export const paypalBank = (world: PaypalWorld): Bank => {
  const dispute = (capture: string) =>
    found(world.store.list<PaypalDispute>("paypal.dispute").find((one) => one.captureId === capture)).id;
  const refund = (capture: string) =>
    found(world.store.list<PaypalRefund>("paypal.refund").find((one) => one.captureId === capture));
  const outcome = (capture: string, ending: string) => {
    const { orderId, status } = paypalOrders.captureById(world, capture);
    if (status !== "PENDING") throw new Error("It does not wait.");
    world.store.put({ ...paypalOrders.orderById(world, orderId), outcome: ending });
    now(paypalOrders.clear(world), capture);
  };
  const left: Left = (capture) => {
    const { status, amount } = paypalOrders.captureById(world, capture);
    const gone = world.store
      .list<PaypalRefund>("paypal.refund")
      .filter((one) => one.captureId === capture && one.status === "COMPLETED")
      .reduce((sum, one) => sum + Number(one.amount.value), 0);
    const value = status === "PENDING" || status === "DECLINED" ? 0 : Number(amount.value) - gone;
    const [newest] = world.store
      .list<PaypalDispute>("paypal.dispute")
      .filter((one) => one.captureId === capture);
    const taken = newest?.outcome === "RESOLVED_BUYER_FAVOUR";
    return String(taken ? value - Number(newest.amount.value) : value);
  };
  const hands: Hands = {
    dispute: (capture) => now(disputePaypal(world), capture),
    win: (capture) => decidePaypal(world, dispute(capture), "RESOLVED_SELLER_FAVOUR"),
    lose: (capture) => decidePaypal(world, dispute(capture), "RESOLVED_BUYER_FAVOUR"),
    refund: (capture, value) => {
      const { refunds, ...kept } = paypalOrders.captureById(world, capture);
      world.store.put(kept);
      const { amount } = kept;
      paypalOrders.refundCapture(world, capture, value ? { amount: { ...amount, value } } : {});
      if (refunds) world.store.put({ ...paypalOrders.captureById(world, capture), refunds });
    },
    hold_refunds: (capture) =>
      world.store.put({ ...paypalOrders.captureById(world, capture), refunds: "held" }),
    pass_refunds: (capture) => {
      const { refunds: _, ...rest } = paypalOrders.captureById(world, capture);
      world.store.put(rest);
    },
    refund_done: (capture) => paypalOrders.endRefund(world, waiting(refund(capture), "PENDING"), "COMPLETED"),
    refund_failed: (capture) => paypalOrders.endRefund(world, waiting(refund(capture), "PENDING"), "FAILED"),
    clear: (capture) => outcome(capture, "pending"),
    deny: (capture) => outcome(capture, "pending_denied"),
  };
  return { hands, left };
};

/** VNPay's: the charge is the merchant's own reference. Of disputes its wire knows nothing. */
export const vnpayBank = (world: vnpay.World): Bank => {
  const payment = (ref: string) => found(world.store.get<vnpay.Transaction>(vnpay.nameOf(ref)));
  const fate =
    (name: vnpay.Transaction["fate"]): Hand =>
    (ref) =>
      world.store.put({ ...payment(ref), fate: name });
  const arrives = (ref: string, code: string, status: string) => {
    const done = payment(ref);
    if (done.said.vnp_TransactionStatus !== "04") throw new Error("It does not wait.");
    const said = { ...done.said, vnp_ResponseCode: code, vnp_TransactionStatus: status };
    world.store.put({ ...done, said });
    vnpay.tell(world, { ...done, said });
  };
  const hands: Hands = {
    refund: (ref, wire) => {
      const done = payment(ref);
      const all = done.said.vnp_Amount ?? "";
      const code = vnpay.giveBack(world, done, Number(wire ?? all), wire && wire !== all ? "03" : "02");
      if (code !== "00") throw new Error(code);
      vnpay.endRefund(world, payment(ref), "06");
    },
    hold_refunds: fate("held"),
    pass_refunds: fate("later"),
    unknown_refunds: fate("unknown_done"),
    lose_refunds: fate("unknown_lost"),
    refund_done: (ref) => {
      waiting(found(payment(ref).refunds.at(-1)), "05");
      vnpay.endRefund(world, payment(ref), "06");
    },
    refund_failed: (ref) => {
      if (found(payment(ref).refunds.at(-1)).status === "09") throw new Error("It was refused.");
      vnpay.endRefund(world, payment(ref), "09");
    },
    clear: (ref) => arrives(ref, "00", "00"),
    deny: (ref) => arrives(ref, "99", "02"),
  };
  const left: Left = (ref) => {
    const { said, refunds } = payment(ref);
    const gone = refunds.reduce((sum, { wire, status }) => (status === "06" ? sum + wire : sum), 0);
    return String(said.vnp_TransactionStatus === "00" ? Number(said.vnp_Amount) - gone : 0);
  };
  return { hands, left };
};

/**
 * `POST /bank/GATEWAY/CHARGE` with `act=` and, where it needs one, `amount=`: 204, or 409 when that cannot be. `GET`
 * answers what is left of the charge.
 */
export const bank = (gateways: Record<string, Bank>): Hono => {
  const app = new Hono();
  app.get("/bank/:gateway/:charge", (context) => {
    const left = gateways[context.req.param("gateway")]?.left;
    return left ? context.text(left(context.req.param("charge"))) : context.notFound();
  });
  app.post("/bank/:gateway/:charge", async (context: Context) => {
    const form = new URLSearchParams(await context.req.text());
    const act = gateways[context.req.param("gateway") ?? ""]?.hands[form.get("act") ?? ""];
    if (!act) return context.text("No such gateway or act.", 404);
    try {
      act(context.req.param("charge") ?? "", form.get("amount") ?? undefined);
      return context.body(null, 204);
    } catch (error) {
      return context.text(error instanceof Error ? error.message : "It cannot be.", 409);
    }
  });
  return app;
};
