import { inPersonLately, mayAct } from "@evx/accounts";
import type { BankAccount, GatewayName, PayoutState } from "@evx/adapters";
import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { assert, type Currency, day_ms, type Id, minorFromText, namedId, textFromMinor } from "@evx/kernel";
import { cash, payoutClearing, post, release } from "@evx/ledger";
import { chosenGateway, currencyOf } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { limitsAt, setAside } from "./balance.ts";
import { accountText, type BankInput, bankAccountOf, isPaypal, maskedAccount } from "./bank.ts";
import { refuse } from "./errors.ts";
import { accountNamed, withdrawalCompleted, withdrawalFailed, withdrawalSent } from "./events.ts";
import { sendWithdrawal } from "./jobs.ts";
import { IDENTITY_DAYS, withdrawalMayBecome } from "./policy.ts";
import type { PayoutsPorts, PayoutsSettings } from "./ports.ts";
import {
  askedSince,
  changeWithdrawal,
  insertRecipient,
  insertWithdrawal,
  isKnownAccount,
  lockWithdrawal,
  type WithdrawalRow,
  withdrawalRow,
} from "./queries/withdrawals.ts";
import type * as S from "./schema.ts";

/** A withdrawal as its owner sees it, its moments still dates. */
export type WithdrawalView = v.InferInput<typeof S.Withdrawal>;

export const withdrawalView = (row: WithdrawalRow): WithdrawalView => ({
  id: row.id,
  amount: textFromMinor(row.amount_minor, currencyOf(row)),
  currency: row.currency,
  status: row.status,
  bankAccountMasked: row.bank_masked,
  failure: row.failure,
  createdAt: row.requested_at,
  sentAt: row.payout_ref === null ? null : row.sending_at,
  endedAt: row.ended_at,
});

/** What an event says of a withdrawal. */
const summary = (row: WithdrawalRow) => ({
  withdrawalId: row.id,
  userId: row.user_id,
  amountMinor: row.amount_minor.toString(),
  currency: row.currency,
  bankAccountMasked: row.bank_masked,
});

/** Which gateway pays to an account; refuses one that none can pay to in that currency. */
export const gatewayFor = (
  ports: PayoutsPorts,
  settings: PayoutsSettings,
  bank: BankAccount,
  currency: Currency,
): GatewayName => {
  if (!isPaypal(bank)) return chosenGateway(ports, settings.gateway).name;
  const paypal = ports.gateways.paypal;
  // PayPal sends what it charges: no dong.
  if (paypal?.chargeFor(100n, currency)) return paypal.name;
  throw refuse(
    "withdrawal_paypal_not_offered",
    { currency },
    { issues: [{ path: "bankAccount", message: "Name a bank account." }] },
  );
};

export type WithdrawalOrder = {
  readonly id: Id<"withdrawal">;
  /** Decimal text in the venue's currency. */
  readonly amount: string;
  readonly bankAccount: BankInput;
  readonly currency: Currency;
  /** Whose account it is when the writer names no holder, and from where they asked. */
  readonly holder: string;
  readonly ip: string;
};

/** An account that none of a person's money went to takes a fresh proof and no key, and a letter tells of it. */
const proveAccount = async (
  tx: Tx,
  actor: Actor,
  row: WithdrawalRow,
  digests: readonly string[],
): Promise<void> => {
  if (await isKnownAccount(tx, actor.id, { digests, but: row.id })) return;
  await inPersonLately(tx, actor);
  await emit(tx, accountNamed, summary(row));
};

/**
 * Asks for money to be sent to a bank: sets it aside at once and lets a job send it. The same id again answers
 * what it named; with another amount or account it is refused. Refuses also `withdrawal_exceeds_balance`,
 * `withdrawal_amount_invalid`, `withdrawal_bank_invalid`, and where configured an unverified e-mail or identity. An account that
 * none of their money went to yet takes a fresh proof (`proof_required`), no key (`session_required`), and a letter tells of it.
 */
export const withdraw = async (
  tx: Tx,
  ports: PayoutsPorts,
  settings: PayoutsSettings,
  actor: Actor,
  order: WithdrawalOrder,
): Promise<WithdrawalRow> => {
  if (settings.requireVerifiedEmail && !actor.emailVerified) throw refuse("withdrawal_needs_email");
  const { currency } = order;
  const limits = await limitsAt(tx, settings, tx.at);
  const amount_minor = minorFromText(order.amount, currency);
  if (amount_minor === null || amount_minor <= 0n || amount_minor < limits.minimum_minor) {
    const minimum = textFromMinor(limits.minimum_minor, currency);
    const issues = [{ path: "amount", message: "Enter the amount as a decimal number, such as 12.34." }];
    throw refuse("withdrawal_amount_invalid", { currency, minimum }, { issues });
  }
  const bank = bankAccountOf(order.bankAccount, { holder: order.holder, country: settings.homeCountry });
  const account = accountText(bank);
  const [present, ...former] = await ports.vault.digests(account);
  const [bankDigest, olderDigests] = [present.toHex(), former.map((digest) => digest.toHex())];
  const gateway = gatewayFor(ports, settings, bank, currency);
  const row = await insertWithdrawal(tx, {
    id: order.id,
    userId: actor.id,
    amount_minor,
    currency,
    gateway,
    bankMasked: maskedAccount(bank),
    bankSealed: await ports.vault.sealText(account, order.id),
    bankDigest,
    approved: limits.approvalAbove_minor === null || amount_minor <= limits.approvalAbove_minor,
  });
  if (!row) {
    const known = await withdrawalRow(tx, order.id);
    const same =
      known?.user_id === actor.id &&
      known.amount_minor === amount_minor &&
      known.currency === currency &&
      [bankDigest, ...olderDigests].includes(known.bank_digest);
    if (!known || !same) throw refuse("withdrawal_id_reused");
    return known;
  }
  await proveAccount(tx, actor, row, [bankDigest, ...olderDigests]);
  await insertRecipient(tx, {
    userId: actor.id,
    gateway,
    country: bank.country,
    acceptedFrom: order.ip,
  });
  if (row.status === "approved") await enqueue(tx, sendWithdrawal, { withdrawalId: order.id });
  await setAside(
    tx,
    { id: order.id, userId: actor.id, currency, amount: amount_minor, holdingDays: limits.holdingDays },
    short(currency),
  );
  if (settings.requireKyc && actor.kycStatus !== "verified") {
    // Counted under the account's lock, so two at once cannot both stay below the limit.
    const since = new Date(tx.at.getTime() - IDENTITY_DAYS * day_ms);
    if ((await askedSince(tx, actor.id, since)) > limits.identityAbove_minor)
      throw refuse("withdrawal_needs_identity", {
        limit: textFromMinor(limits.identityAbove_minor, currency),
        currency,
        days: IDENTITY_DAYS,
      });
  }
  await audit(tx, actor, "withdrawal.request", order.id, {
    after: { amount: order.amount, currency, bankAccount: row.bank_masked },
  });
  return row;
};

const short = (currency: Currency) => (available: bigint, cause?: unknown) =>
  refuse(
    "withdrawal_exceeds_balance",
    { available: textFromMinor(available, currency), currency },
    { cause },
  );

const locked = async (tx: Tx, id: Id<"withdrawal">): Promise<WithdrawalRow> => {
  const row = await lockWithdrawal(tx, id);
  if (!row) throw refuse("withdrawal_unknown");
  return row;
};

/** An operator lets a withdrawal go that waited for them. */
export const approveWithdrawal = async (
  tx: Tx,
  operator: Actor,
  id: Id<"withdrawal">,
): Promise<WithdrawalRow> => {
  const row = await locked(tx, id);
  if (row.status !== "requested") throw refuse("withdrawal_decided", { status: row.status });
  await enqueue(tx, sendWithdrawal, { withdrawalId: id });
  return changeWithdrawal(tx, id, { status: "approved", decided_at: tx.at, decided_by: operator.id });
};

/** An operator refuses a withdrawal that waited for them: the money is free again. */
export const rejectWithdrawal = async (
  tx: Tx,
  operator: Actor,
  id: Id<"withdrawal">,
  reason: string,
): Promise<WithdrawalRow> => {
  const row = await locked(tx, id);
  if (row.status !== "requested") throw refuse("withdrawal_decided", { status: row.status });
  await changeWithdrawal(tx, id, { decided_at: tx.at, decided_by: operator.id });
  return failed(tx, row, reason);
};

/** Notes that the gateway is about to be asked; only the first time counts. Answers null when nothing is to be sent. */
export const beginSending = async (tx: Tx, id: Id<"withdrawal">): Promise<WithdrawalRow | null> => {
  const row = await locked(tx, id);
  if (row.status !== "approved" || row.payout_ref !== null || row.flag !== null) return null;
  // Money of somebody who is shut out stays in the venue; it goes its way once they are let in again.
  if (!(await mayAct(tx, row.user_id))) return null;
  const sending = await changeWithdrawal(tx, id, { sending_at: row.sending_at ?? tx.at });
  // The account is opened to be sent: like every reading of it, this leaves a trace.
  await audit(tx, null, "bank_account.read", id);
  return sending;
};

/** Stops asking a gateway that may have forgotten our key: only a person can tell whether it was sent. */
export const giveToOperator = async (tx: Tx, id: Id<"withdrawal">): Promise<void> => {
  const row = await locked(tx, id);
  if (row.status === "approved" && row.payout_ref === null)
    await changeWithdrawal(tx, id, { flag: "unanswered" });
};

/** An operator found out what became of a withdrawal that a gateway never answered: it was not sent. */
export const resolveUnanswered = async (
  tx: Tx,
  operator: Actor,
  id: Id<"withdrawal">,
  decision: "send_again" | "give_back",
): Promise<WithdrawalRow> => {
  const row = await locked(tx, id);
  if (row.flag !== "unanswered") throw refuse("withdrawal_decided", { status: row.status });
  await changeWithdrawal(tx, id, { flag: null, sending_at: tx.at, decided_by: operator.id });
  if (decision === "give_back") return failed(tx, row, "not_sent");
  await enqueue(tx, sendWithdrawal, { withdrawalId: id });
  return row;
};

const failed = async (tx: Tx, row: WithdrawalRow, reason: string): Promise<WithdrawalRow> => {
  assert(withdrawalMayBecome(row.status, "failed"), `${row.id} may fail from ${row.status}`);
  const currency = currencyOf(row);
  const after = await changeWithdrawal(tx, row.id, { status: "failed", failure: reason, ended_at: tx.at });
  await emit(tx, withdrawalFailed, { ...summary(row), reason });
  if (row.status === "completed") {
    await post(tx, {
      id: await namedId("transfer", `payout ${row.id} back`),
      kind: "payout_failed",
      legs: [
        { account: payoutClearing(currency, row.gateway), amount: -row.amount_minor },
        { account: cash(currency, row.user_id), amount: row.amount_minor },
      ],
      memo: { withdrawalId: row.id },
    });
  } else {
    await release(tx, { holdId: row.id });
  }
  return after;
};

const completed = async (tx: Tx, row: WithdrawalRow): Promise<void> => {
  const currency = currencyOf(row);
  await changeWithdrawal(tx, row.id, { status: "completed", ended_at: tx.at });
  await emit(tx, withdrawalCompleted, summary(row));
  await post(tx, {
    id: await namedId("transfer", `payout ${row.id} out`),
    kind: "payout",
    legs: [
      { account: cash(currency, row.user_id), amount: -row.amount_minor },
      { account: payoutClearing(currency, row.gateway), amount: row.amount_minor },
    ],
    memo: { withdrawalId: row.id },
    releases: [row.id],
  });
};

/** Takes in what a gateway says of a payout; any number of times, in any order. */
export const applyPayout = async (tx: Tx, id: Id<"withdrawal">, state: PayoutState): Promise<void> => {
  let row = await locked(tx, id);
  if (row.status === "failed" || row.status === "requested") return;
  if (row.status === "approved" && state.ref !== null) {
    row = await changeWithdrawal(tx, id, { status: "sent", payout_ref: state.ref });
    await emit(tx, withdrawalSent, summary(row));
  }
  if (state.status === "failed") {
    await failed(tx, row, state.failure ?? "unknown");
  } else if (state.status === "paid" && row.status === "sent") {
    await completed(tx, row);
  } else {
    await changeWithdrawal(tx, id, {});
  }
};
