import type { Task, Thing } from "../store.ts";
import type { Worker } from "../timers.ts";
import type { Charge } from "./checkout.ts";
import { emit } from "./events.ts";
import { invalidRequest, noSuch } from "./faults.ts";
import type { Params } from "./form.ts";
import { newName, seconds, type World } from "./world.ts";

export type Dispute = Thing & { charge: string; status: "needs_response" | "won" | "lost" };

const DAYS_TO_ANSWER = 7;

/** What Stripe takes for each dispute, whoever wins it: $15, or that many of the currency's units. */
const FEE = 1_500;

/** The money and the fee leave when the dispute opens, not when it is lost. */
const withdrawn = (charge: Charge, created: number) => {
  const amount = charge.amount_refunded - charge.amount;
  return {
    id: newName("txn_1"),
    object: "balance_transaction",
    amount,
    fee: FEE,
    net: amount - FEE,
    currency: charge.currency,
    type: "adjustment",
    reporting_category: "dispute",
    created,
  };
};

/** The card's holder disputes the charge: the bank takes the money back until it is decided. */
export const openDispute =
  (world: World): Worker =>
  (task: Task) => {
    world.store.atomically(() => {
      const charge = world.store.get<Charge>(task.subject);
      if (!charge || charge.disputed || charge.amount_refunded === charge.amount) return;
      const created = seconds(world);
      const dispute: Dispute = {
        id: newName("du_1"),
        object: "dispute",
        amount: charge.amount - charge.amount_refunded,
        balance_transactions: [withdrawn(charge, created)],
        charge: charge.id,
        created,
        currency: charge.currency,
        evidence: {},
        evidence_details: {
          due_by: created + DAYS_TO_ANSWER * 24 * 60 * 60,
          has_evidence: false,
          past_due: false,
          submission_count: 0,
        },
        is_charge_refundable: false,
        livemode: false,
        metadata: {},
        payment_intent: charge.payment_intent,
        reason: "fraudulent",
        status: "needs_response",
      };
      world.store.put({ ...charge, disputed: true });
      world.store.put(dispute);
      emit(world, "charge.dispute.created", dispute);
      emit(world, "charge.dispute.funds_withdrawn", dispute);
    });
    return undefined;
  };

export const disputeById = (world: World, id: string): Dispute => {
  const dispute = world.store.get<Dispute>(id);
  if (dispute?.object !== "dispute") throw noSuch("dispute", id, "dispute");
  return dispute;
};

export const decide = (world: World, dispute: Dispute, status: "won" | "lost"): Dispute => {
  const moves = dispute.balance_transactions as { amount: number }[];
  // What was withdrawn comes back when it is won; the fee does not.
  const back = {
    ...moves[0],
    id: newName("txn_1"),
    amount: Number(dispute.amount),
    fee: 0,
    net: dispute.amount,
  };
  const balance_transactions = status === "won" ? [...moves, { ...back, created: seconds(world) }] : moves;
  const decided: Dispute = { ...dispute, status, balance_transactions };
  world.store.put(decided);
  emit(world, "charge.dispute.closed", decided);
  if (status === "won") emit(world, "charge.dispute.funds_reinstated", decided);
  return decided;
};

/** POST /v1/disputes/:id: as in Stripe's test mode, the text of the evidence decides at once. */
export const answerDispute = (world: World, id: string, params: Params): Dispute => {
  params.only("evidence", "submit", "metadata", "expand");
  const dispute = disputeById(world, id);
  const text = params.object("evidence")?.text("uncategorized_text") ?? "";
  // A bank can change its mind: who lost may still win, and nothing else.
  if (dispute.status === "lost" && text === "winning_evidence") return decide(world, dispute, "won");
  if (dispute.status !== "needs_response") throw invalidRequest("This dispute is already closed.");
  if (text === "winning_evidence") return decide(world, dispute, "won");
  if (text === "losing_evidence") return decide(world, dispute, "lost");
  const answered: Dispute = { ...dispute, evidence: { uncategorized_text: text } };
  world.store.put(answered);
  return answered;
};

/** POST /v1/disputes/:id/close: gives in. */
export const closeDispute = (world: World, id: string): Dispute => {
  const dispute = disputeById(world, id);
  if (dispute.status !== "needs_response") throw invalidRequest("This dispute is already closed.");
  return decide(world, dispute, "lost");
};
