import { type Gateway, GatewayFault, type PayoutState } from "@evx/adapters";
import type { Id } from "@evx/kernel";
import { currencyOf, gatewayOf, type RequestContext } from "@evx/payments";
import { accountFromText } from "./bank.ts";
import { KEY_MEMORY_MS } from "./policy.ts";
import type { PayoutsPorts } from "./ports.ts";
import { nameRecipient, recipientRow, type WithdrawalRow, withdrawalRow } from "./queries/withdrawals.ts";
import { applyPayout, beginSending, giveToOperator } from "./withdrawals.ts";

/** The gateway's name for a person, made once and kept. */
const recipientOf = async (ctx: RequestContext, gateway: Gateway, row: WithdrawalRow): Promise<string> => {
  const userId = row.user_id;
  const known = await recipientRow(ctx.db, userId, gateway.name);
  if (known?.ref) return known.ref;
  if (!known) throw new Error(`${row.id} has no recipient`);
  const ref = await gateway.openRecipient({
    userId,
    country: known.country_code,
    currency: currencyOf(row),
    acceptedAt: known.accepted_at,
    acceptedFrom: known.accepted_from,
  });
  await ctx.transact((tx) => nameRecipient(tx, userId, gateway.name, ref));
  return (await recipientRow(ctx.db, userId, gateway.name))?.ref ?? ref;
};

/** How a payout stands; the money of a failed one is taken back from the recipient before ours is given back. */
const stateOf = async (gateway: Gateway, ref: string): Promise<PayoutState> => {
  const state = await gateway.retrievePayout(ref);
  if (state.status === "failed") await gateway.recallPayout(ref);
  return state;
};

const send = async (ctx: RequestContext, ports: PayoutsPorts, row: WithdrawalRow): Promise<PayoutState> => {
  const gateway = gatewayOf(ports, row.gateway);
  const state = await gateway
    .payout({
      key: row.id,
      recipientRef: await recipientOf(ctx, gateway, row),
      amount: row.amount_minor,
      currency: currencyOf(row),
      bank: accountFromText(await ports.vault.openText(row.bank_sealed, row.id)),
    })
    .catch((error: unknown): PayoutState => {
      if (!(error instanceof GatewayFault && error.kind === "refused")) throw error;
      return { ref: null, status: "failed", failure: error.code };
    });
  return state;
};

/**
 * Sends an approved withdrawal under its own id, or asks how one that was sent stands. Answers false when there is
 * no such withdrawal. A gateway that is silent or short of funds throws: the same call is made again later, with the
 * same keys, until the gateway's memory of them may be over; then an operator is needed.
 */
export const advanceWithdrawal = async (
  ctx: RequestContext,
  ports: PayoutsPorts,
  id: Id<"withdrawal">,
): Promise<boolean> => {
  const row = await withdrawalRow(ctx.db, id);
  if (!row) return false;
  if (row.payout_ref === null) {
    const sending = await ctx.transact((tx) => beginSending(tx, id));
    if (!sending?.sending_at) return true;
    if (ctx.clock.now().getTime() - sending.sending_at.getTime() > KEY_MEMORY_MS) {
      ctx.log.error({ withdrawal: id }, "a withdrawal has had no answer for too long; an operator must look");
      await ctx.transact((tx) => giveToOperator(tx, id));
      return true;
    }
    const state = await send(ctx, ports, sending);
    await ctx.transact((tx) => applyPayout(tx, id, state));
    if (state.ref === null || state.status === "failed") return true;
  }
  // Asked after the row says "sent": an event that came before found nothing to look at and will not come again.
  const sent = await withdrawalRow(ctx.db, id);
  if (!sent?.payout_ref || sent.status === "failed") return true;
  const state = await stateOf(gatewayOf(ports, sent.gateway), sent.payout_ref);
  await ctx.transact((tx) => applyPayout(tx, id, state));
  return true;
};
