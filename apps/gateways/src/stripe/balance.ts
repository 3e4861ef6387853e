import type { Thing } from "../store.ts";
import type { Charge } from "./checkout.ts";
import type { Dispute } from "./disputes.ts";
import type { Refund } from "./refunds.ts";
import { visible, type World } from "./world.ts";

type Move = { id: string; created: number; amount: number; fee: number; currency: string; type: string };

/** What Stripe keeps of a charge: 2.9 % and 30 of the minor unit. */
const chargeFee = (amount: number): number => Math.round(amount * 0.029) + 30;

const moved = ({ id, created, amount, fee, currency, type }: Move, source: Thing): Thing => ({
  id,
  object: "balance_transaction",
  amount,
  available_on: created + 2 * 86_400,
  created,
  currency,
  description: null,
  exchange_rate: null,
  fee,
  fee_details: fee === 0 ? [] : [{ amount: fee, currency, type: "stripe_fee", application: null }],
  net: amount - fee,
  reporting_category: type,
  source: visible(source),
  status: "available",
  type,
});

const ofCharges = (world: World): Thing[] =>
  world.store
    .list<Charge>("charge")
    .filter((charge) => charge.paid === true)
    .map((charge) => {
      const { amount, currency, created } = charge;
      const id = String(charge.balance_transaction);
      return moved({ id, created, amount, fee: chargeFee(amount), currency, type: "charge" }, charge);
    });

const ofRefunds = (world: World): Thing[] =>
  world.store.list<Refund>("refund").flatMap((refund) => {
    const { amount, created } = refund;
    const base = { id: String(refund.balance_transaction), currency: String(refund.currency), fee: 0 };
    const out = moved({ ...base, created, amount: -amount, type: "refund" }, refund);
    if (refund.status !== "failed") return [out];
    const failed = { ...base, id: `${base.id}f`, created: Number(refund._failed ?? created), amount };
    return [moved({ ...failed, type: "refund_failure" }, refund), out];
  });

const ofDisputes = (world: World): Thing[] =>
  world.store
    .list<Dispute>("dispute")
    .flatMap((dispute) =>
      (dispute.balance_transactions as Move[]).map((move) => moved({ ...move, type: "adjustment" }, dispute)),
    );

const ofTransfers = (world: World): Thing[] =>
  (["transfer", "transfer_reversal"] as const).flatMap((object) =>
    world.store.list(object).map((thing) => {
      const amount = Number(thing.amount) * (object === "transfer" ? -1 : 1);
      const type = object === "transfer" ? "transfer" : "transfer_refund";
      const currency = String(thing.currency);
      return moved({ id: `txn_${thing.id}`, created: thing.created, amount, fee: 0, currency, type }, thing);
    }),
  );

/** GET /v1/balance_transactions: what moved the platform's balance, newest first, in a time where one is given. */
export const balanceMoves = (world: World, before: number, sources: boolean): Thing[] =>
  [...ofCharges(world), ...ofRefunds(world), ...ofDisputes(world), ...ofTransfers(world)]
    .filter(({ created }) => created < before)
    .map((move) => (sources ? move : { ...move, source: (move.source as Thing).id }))
    .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
