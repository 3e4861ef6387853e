import type { Thing } from "../store.ts";
import { NO_MISCHIEF, newName, seconds } from "../stripe/world.ts";
import type { Worker } from "../timers.ts";
import { captureById, leftOf, takenByBuyer } from "./orders.ts";
import { emit, invalid, type Money, missing, unprocessable, type World } from "./world.ts";

export type Dispute = Thing & {
  captureId: string;
  status: "OPEN" | "RESOLVED";
  outcome: string | null;
  amount: Money;
  /** When what moved, by PayPal's event codes; also the fee, which stays whoever wins. */
  moves: { at: number; value: string; code: string }[];
};

export const shownDispute = ({ id, captureId, status, outcome, amount }: Dispute) => ({
  dispute_id: id,
  status,
  dispute_amount: amount,
  disputed_transactions: [{ seller_transaction_id: captureId }],
  ...(outcome ? { dispute_outcome: { outcome_code: outcome } } : {}),
});

/** The buyer disputes what they paid. */
export const openDispute =
  (world: World): Worker =>
  (task) => {
    world.store.atomically(() => {
      const capture = captureById(world, task.subject);
      const left = leftOf(world, capture);
      if (capture.status === "PENDING" || capture.status === "DECLINED") return;
      if (takenByBuyer(world, task.subject) || Number(left.value) <= 0) return;
      const id = `PP-R-${newName("", 6).toUpperCase()}-${task.subject}`;
      const dispute: Dispute = {
        id,
        object: "paypal.dispute",
        created: seconds(world),
        captureId: task.subject,
        status: "OPEN",
        outcome: null,
        amount: left,
        // The money is held while it is looked into.
        moves: [
          { at: seconds(world), value: `-${left.value}`, code: "T1110" },
          { at: seconds(world), value: `-${feeIn(left)}`, code: "T0114" },
        ],
      };
      world.store.put(dispute);
      emit(world, "CUSTOMER.DISPUTE.CREATED", shownDispute(dispute), NO_MISCHIEF);
    });
    return undefined;
  };

/** What PayPal takes for each dispute, whoever wins it. */
const feeIn = ({ value }: Money): string => (value.includes(".") ? "15.00" : "1500");

const outcomes = ["RESOLVED_BUYER_FAVOUR", "RESOLVED_SELLER_FAVOUR", "CANCELED_BY_BUYER"];

/** As the sandbox lets it be decided; who lost may still win, and nothing else changes. */
export const decide = (world: World, id: string, outcome: string): Dispute => {
  const dispute = world.store.get<Dispute>(id);
  if (dispute?.object !== "paypal.dispute") throw missing();
  if (!outcomes.includes(outcome)) throw invalid("INVALID_PARAMETER_VALUE", "/adjudication_outcome");
  const lost = outcome === "RESOLVED_BUYER_FAVOUR";
  const before = dispute.outcome === "RESOLVED_BUYER_FAVOUR";
  if (dispute.status === "RESOLVED" && (lost || !before)) throw unprocessable("DISPUTE_NOT_OPEN");
  const at = seconds(world);
  const { value } = dispute.amount;
  const released = { at, value, code: "T1111" };
  const taken = { at, value: `-${value}`, code: "T1106" };
  const moves = before ? [{ at, value, code: "T1202" }] : lost ? [released, taken] : [released];
  const decided: Dispute = { ...dispute, status: "RESOLVED", outcome, moves: [...dispute.moves, ...moves] };
  world.store.put(decided);
  emit(world, "CUSTOMER.DISPUTE.RESOLVED", shownDispute(decided), NO_MISCHIEF);
  return decided;
};
