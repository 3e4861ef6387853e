import type { Task, Thing } from "../store.ts";
import type { Worker } from "../timers.ts";
import type { Charge, Intent } from "./checkout.ts";
import { emit } from "./events.ts";
import { invalidRequest, noSuch } from "./faults.ts";
import type { Params } from "./form.ts";
import { newName, seconds, type World } from "./world.ts";

export type Refund = Thing & { amount: number; charge: string; status: "pending" | "succeeded" | "failed" };

const chargeOf = (world: World, params: Params): Charge => {
  const named = params.text("charge");
  const intentId = params.text("payment_intent");
  if (named === null && intentId === null) {
    throw invalidRequest(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = intentId === null ? null : world.store.get<Intent>(intentId);
  if (intentId !== null && intent?.object !== "payment_intent") {
    throw noSuch("payment_intent", intentId, "payment_intent");
  }
  const chargeId = named ?? intent?.latest_charge ?? "";
  const charge = world.store.get<Charge>(chargeId);
  if (charge?.object !== "charge") throw noSuch("charge", chargeId, "charge");
  return charge;
};

/** Whether a dispute has the charge's money in hand, or took it. */
const chargedBack = (world: World, charge: Charge): boolean =>
  world.store
    .list<Thing & { charge: string; status: string }>("dispute")
    .some((one) => one.charge === charge.id && one.status !== "won");

/** POST /v1/refunds: all or part of a charge, back to the card. */
export const openRefund = (world: World, params: Params): Refund => {
  params.only("amount", "charge", "payment_intent", "reason", "metadata", "expand");
  params.oneOf("reason", ["duplicate", "fraudulent", "requested_by_customer"]);
  const charge = chargeOf(world, params);
  if (!charge.paid) {
    throw invalidRequest("This PaymentIntent does not have a successful charge to refund.");
  }
  if (chargedBack(world, charge)) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  }
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    });
  }
  const amount = params.integer("amount") ?? left;
  if (amount < 1) throw invalidRequest("Invalid positive integer", { param: "amount" });
  if (amount > left) {
    throw invalidRequest(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: "amount",
    });
  }
  const at_once = charge._refunds === "at_once";
  const refund: Refund = {
    id: newName("re_3"),
    object: "refund",
    amount,
    balance_transaction: newName("txn_3"),
    charge: charge.id,
    created: seconds(world),
    currency: charge.currency,
    metadata: params.metadata(),
    payment_intent: charge.payment_intent,
    reason: params.text("reason"),
    status: at_once || charge._refunds === "fail" ? "succeeded" : "pending",
  };
  const amount_refunded = charge.amount_refunded + amount;
  const changed: Charge = { ...charge, amount_refunded, refunded: amount_refunded === charge.amount };
  world.store.put(refund);
  world.store.put(changed);
  emit(world, "refund.created", refund);
  emit(world, "charge.refunded", changed);
  if (!at_once && charge._refunds !== "held") {
    world.store.later("refund.settle", refund.id, world.clock.now().getTime() + world.pace.refund_ms);
  }
  return refund;
};

const chargeBehind = (world: World, refund: Refund): Charge | null => world.store.get<Charge>(refund.charge);

/** A refund is paid back to the card. */
export const payRefund = (world: World, refund: Refund): void => {
  const settled: Refund = { ...refund, status: "succeeded" };
  world.store.put(settled);
  emit(world, "refund.updated", settled);
};

/** The card's bank returns a refund, also one that it had taken. */
export const returnRefund = (world: World, refund: Refund): void => {
  const charge = chargeBehind(world, refund);
  if (!charge || refund.status === "failed") return;
  const failed: Refund = {
    ...refund,
    status: "failed",
    failure_reason: "expired_or_canceled_card",
    _failed: seconds(world),
  };
  world.store.put(failed);
  world.store.put({ ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false });
  emit(world, "refund.updated", failed);
  emit(world, "refund.failed", failed);
};

/** A refund that was not final at once becomes so: paid back, or returned by the card's bank. */
export const settleRefund =
  (world: World): Worker =>
  (task: Task) => {
    world.store.atomically(() => {
      const refund = world.store.get<Refund>(task.subject);
      const charge = refund && chargeBehind(world, refund);
      if (!refund || !charge || refund.status === "failed") return;
      if (charge._refunds === "later") payRefund(world, refund);
      else returnRefund(world, refund);
    });
    return undefined;
  };
