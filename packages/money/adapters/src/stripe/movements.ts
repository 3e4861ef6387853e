import type Stripe from "stripe";
import type { Movement } from "../gateway.ts";
import { asked, idIn } from "./calls.ts";

/** What a movement is about, of the thing behind it: Stripe names each by a name of its own. */
const aboutOf = (move: Stripe.BalanceTransaction): Pick<Movement, "kind" | "ref"> => {
  const source = move.source !== null && typeof move.source === "object" ? move.source : null;
  switch (source?.object) {
    case "charge":
      return { kind: "payment", ref: idIn(source.payment_intent) };
    case "refund":
      return { kind: "refund", ref: idIn(source.payment_intent) };
    case "dispute":
      return { kind: "dispute", ref: idIn(source.payment_intent) };
    case "transfer":
      return { kind: "payout", ref: source.id };
    case "transfer_reversal":
      return { kind: "payout", ref: idIn(source.transfer) };
    default:
      return { kind: move.type === "stripe_fee" ? "fee" : "other", ref: idIn(move.source) };
  }
};

/** Everything that moved the platform's balance in a time. A day of Stripe's reports begins at midnight UTC. */
export const movements = async (stripe: Stripe, from: Date, to: Date): Promise<Movement[]> => {
  const created = { gte: Math.floor(from.getTime() / 1000), lt: Math.floor(to.getTime() / 1000) };
  const found: Movement[] = [];
  const list = stripe.balanceTransactions.list({ created, limit: 100, expand: ["data.source"] });
  await asked(async () => {
    for await (const move of list)
      found.push({
        id: move.id,
        ...aboutOf(move),
        at: new Date(move.created * 1000),
        currency: move.currency.toUpperCase(),
        gross: BigInt(move.amount),
        fee: BigInt(move.fee),
      });
  });
  return found;
};
