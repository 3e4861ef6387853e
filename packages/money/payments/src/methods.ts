import { type GatewayName, gatewayNames } from "@evx/adapters";
import type { Db } from "@evx/db";
import { type Id, textFromMinor } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { chargeOf } from "./charges.ts";
import { usable } from "./checkout.ts";
import { refuse } from "./errors.ts";
import { currencyOf } from "./payments.ts";
import type { PaymentsPorts } from "./ports.ts";
import { type AttemptRow, attemptRows, type PaymentRow, paymentOfOrderRow } from "./queries/payments.ts";
import type * as S from "./schema.ts";

type MethodView = v.InferInput<typeof S.Method>;

/** What a method charges: as its open page does, else as one that was opened now would. */
const offered = (
  ports: PaymentsPorts,
  payment: PaymentRow,
  pages: readonly AttemptRow[],
  method: GatewayName,
  now: Date,
): MethodView | null => {
  const gateway = ports.gateways[method];
  if (!gateway) return null;
  const last = pages.at(-1);
  const open = last && usable(last, method, now) ? last : null;
  const currency = currencyOf(payment);
  const charge = open
    ? { ...chargeOf(payment, open), rate: open.charged_rate ?? undefined }
    : gateway.chargeFor(payment.amount_minor, currency);
  if (!charge) return null;
  const converted = charge.currency !== currency;
  return {
    method,
    amount: textFromMinor(charge.amount, charge.currency),
    currency: charge.currency,
    rate: converted ? (charge.rate ?? null) : null,
    frozen: open !== null,
  };
};

/**
 * The ways in which the buyer of an order can pay it: those whose gateways are configured and charge this amount, each
 * with what it charges in which currency at which rate. `frozen` says that a page is open at that charge already.
 * Refuses `payment_unknown`, also for another's order.
 */
export const methodsOf = async (
  db: Db,
  ports: PaymentsPorts,
  actor: Pick<Actor, "id" | "role">,
  input: { orderId: Id<"order">; now: Date },
): Promise<{ items: MethodView[] }> => {
  const payment = await paymentOfOrderRow(db, input.orderId);
  if (!payment || (payment.buyer_id !== actor.id && actor.role !== "admin")) throw refuse("payment_unknown");
  const pages = await attemptRows(db, payment.id);
  const items = gatewayNames.flatMap((method) => offered(ports, payment, pages, method, input.now) ?? []);
  return { items };
};
