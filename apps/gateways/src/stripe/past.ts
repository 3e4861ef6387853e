import { chargeOf, intentOf, pays, type Session } from "./checkout.ts";
import type { World } from "./world.ts";

/** A page that was paid before the emulator ran: a demo world's past is laid out without it. */
export type PastPayment = {
  session: string;
  intent: string;
  paymentId: string;
  orderId: string;
  /** In the currency's smallest unit. */
  amount: number;
  currency: string;
  description: string;
  /** Unix seconds. */
  paid_at: number;
};

const sessionOf = (past: PastPayment): Session => {
  const metadata = { payment_id: past.paymentId, order_id: past.orderId };
  return {
    id: past.session,
    object: "checkout.session",
    amount_subtotal: past.amount,
    amount_total: past.amount,
    cancel_url: null,
    client_reference_id: past.paymentId,
    created: past.paid_at,
    currency: past.currency.toLowerCase(),
    expires_at: past.paid_at,
    livemode: false,
    locale: null,
    metadata,
    mode: "payment",
    payment_intent: past.intent,
    payment_status: "paid",
    status: "complete",
    success_url: "",
    url: null,
    _description: past.description,
    _intent: { description: past.description, metadata, transfer_group: past.orderId },
  };
};

/** Knows these payments from now on as its own: lists them and gives them back. No webhook tells of them. */
export const remember = (world: World, payments: readonly PastPayment[]): void =>
  world.store.atomically(() => {
    for (const past of payments) {
      // Known from an earlier start, and perhaps given back since.
      if (world.store.get(past.session)) continue;
      const session = sessionOf(past);
      // Names that stay: whoever keeps the list of a day sees the same movements when this file was lost.
      const charge = {
        ...chargeOf(session, past.intent, "4242424242424242", pays(), past.paid_at),
        id: `ch_${past.intent}`,
        balance_transaction: `txn_${past.intent}`,
      };
      for (const thing of [session, charge, intentOf(session, charge, pays(), past.paid_at)])
        world.store.put(thing);
    }
  });
