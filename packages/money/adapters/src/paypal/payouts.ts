import * as v from "valibot";
import { GatewayFault, type PayoutOrder, type PayoutState, type Recipient } from "../gateway.ts";
import { money, type PaypalClient } from "./calls.ts";

const Batch = v.object({ batch_header: v.object({ payout_batch_id: v.string(), batch_status: v.string() }) });
const Item = v.object({
  payout_item_id: v.string(),
  transaction_status: v.optional(v.string(), "PENDING"),
  errors: v.optional(v.object({ name: v.optional(v.string()) })),
});
const BatchOfItems = v.object({ ...Batch.entries, items: v.optional(v.array(Item), []) });

const FAILED = new Set(["FAILED", "RETURNED", "BLOCKED", "REFUNDED", "REVERSED", "DENIED", "CANCELED"]);

/** UNCLAIMED (30 days), ONHOLD and PENDING are sent: neither paid nor failed, so that nobody is paid twice. */
const stateOf = (ref: string, status: string, failure: string | undefined): PayoutState => {
  if (status === "SUCCESS") return { ref, status: "paid", failure: null };
  if (FAILED.has(status)) return { ref, status: "failed", failure: (failure ?? status).toLowerCase() };
  return { ref, status: "sent", failure: null };
};

/** Nobody is registered at PayPal: a payout goes to an address. */
export const openRecipient = async ({ userId }: Recipient): Promise<string> => userId;

export const retrievePayout = async (client: PaypalClient, ref: string): Promise<PayoutState> => {
  const batch = await client.get(`/v1/payments/payouts/${encodeURIComponent(ref)}`, BatchOfItems);
  const item = batch.items[0];
  return stateOf(ref, item?.transaction_status ?? batch.batch_header.batch_status, item?.errors?.name);
};

/**
 * Pays one withdrawal to an e-mail address, in a batch of its own: one bad item refuses its whole batch, and the same
 * item in another batch would be paid twice. The batch is named as the withdrawal, which PayPal takes once.
 */
export const payout = async (client: PaypalClient, order: PayoutOrder): Promise<PayoutState> => {
  if (!/^[^\s@]+@[^\s@]+$/.test(order.bank.number))
    throw new GatewayFault("paypal", "refused", "receiver_not_an_address");
  const body = {
    sender_batch_header: { sender_batch_id: order.key },
    items: [
      {
        recipient_type: "EMAIL",
        receiver: order.bank.number,
        sender_item_id: order.key,
        amount: { currency: order.currency, value: money(order.amount, order.currency).value },
      },
    ],
  };
  const { batch_header } = await client
    .post("/v1/payments/payouts", order.key, body, Batch)
    .catch((error: unknown) => {
      // A batch of this name is there: it was sent, though we never heard. That is no refusal, and only a person can tell.
      if (error instanceof GatewayFault && /DUPLICATE_BATCH|already exists/i.test(error.code))
        throw new GatewayFault("paypal", "key_reused", "batch_known", { cause: error });
      throw error;
    });
  return stateOf(batch_header.payout_batch_id, batch_header.batch_status, undefined);
};
