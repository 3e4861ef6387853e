import type Stripe from "stripe";
import { GatewayFault, type PayoutOrder, type PayoutState, type Recipient } from "../gateway.ts";
import { asked, wireAmount, wireCurrency } from "./calls.ts";

/** A payout's three names at Stripe in one text: account / transfer / payout. */
const payoutRef = (account: string, transfer: string, payout: string) => `${account}/${transfer}/${payout}`;

const namesIn = (ref: string): { account: string; transfer: string; payout: string } => {
  const [account = "", transfer = "", payout = ""] = ref.split("/");
  return { account, transfer, payout };
};

const payoutState = (ref: string, payout: Stripe.Payout): PayoutState => ({
  ref,
  status:
    payout.status === "paid"
      ? "paid"
      : payout.status === "failed" || payout.status === "canceled"
        ? "failed"
        : "sent",
  failure: payout.failure_code,
});

/** Brings the money of a payout that was never sent back to the platform's balance. */
const takeBack = async (stripe: Stripe, transferId: string, key: string): Promise<void> => {
  const transfer = await asked(() => stripe.transfers.retrieve(transferId));
  if (transfer.reversed) return;
  await asked(() => stripe.transfers.createReversal(transferId, {}, { idempotencyKey: `${key}.reversal` }));
};

/** Registers somebody who is paid out. */
export const openRecipient = async (stripe: Stripe, recipient: Recipient): Promise<string> => {
  const account = await asked(() =>
    stripe.accounts.create(
      {
        country: recipient.country,
        default_currency: wireCurrency(recipient.currency),
        business_type: "individual",
        controller: {
          fees: { payer: "application" },
          losses: { payments: "application" },
          requirement_collection: "application",
          stripe_dashboard: { type: "none" },
        },
        capabilities: { transfers: { requested: true } },
        settings: { payouts: { schedule: { interval: "manual" } } },
        tos_acceptance: {
          service_agreement: "recipient",
          date: Math.floor(recipient.acceptedAt.getTime() / 1000),
          ip: recipient.acceptedFrom,
        },
        metadata: { user_id: recipient.userId },
      },
      { idempotencyKey: `${recipient.userId}.recipient` },
    ),
  );
  return account.id;
};

/** Sends money to a bank account: the account is named, the money moved to its owner and paid out from there. */
export const payout = async (stripe: Stripe, order: PayoutOrder): Promise<PayoutState> => {
  const amount = wireAmount(order.amount);
  const currency = wireCurrency(order.currency);
  const recipient = { stripeAccount: order.recipientRef };
  const bank = await asked(() =>
    stripe.accounts.createExternalAccount(
      order.recipientRef,
      {
        external_account: {
          object: "bank_account",
          country: order.bank.country,
          currency,
          account_holder_name: order.bank.holder,
          account_holder_type: "individual",
          account_number: order.bank.number,
          ...(order.bank.bankCode ? { routing_number: order.bank.bankCode } : {}),
        },
      },
      { idempotencyKey: `${order.key}.bank` },
    ),
  );
  const transfer = await asked(() =>
    stripe.transfers.create(
      {
        amount,
        currency,
        destination: order.recipientRef,
        transfer_group: order.key,
        metadata: { withdrawal_id: order.key },
      },
      { idempotencyKey: `${order.key}.transfer` },
    ),
  );
  try {
    const payout = await asked(() =>
      stripe.payouts.create(
        { amount, currency, destination: bank.id, metadata: { withdrawal_id: order.key } },
        { ...recipient, idempotencyKey: order.key },
      ),
    );
    return payoutState(payoutRef(order.recipientRef, transfer.id, payout.id), payout);
  } catch (error) {
    if (!(error instanceof GatewayFault && error.kind === "refused")) throw error;
    await takeBack(stripe, transfer.id, order.key);
    return { ref: null, status: "failed", failure: error.code };
  }
};

/** How a payout stands. */
export const retrievePayout = async (stripe: Stripe, ref: string): Promise<PayoutState> => {
  const { account, payout } = namesIn(ref);
  return payoutState(ref, await asked(() => stripe.payouts.retrieve(payout, {}, { stripeAccount: account })));
};

/** Takes a failed payout's money back to the platform, once. */
export const recallPayout = async (stripe: Stripe, ref: string): Promise<void> => {
  const { transfer, payout } = namesIn(ref);
  await takeBack(stripe, transfer, payout);
};
