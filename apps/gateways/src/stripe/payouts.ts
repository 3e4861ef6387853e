import type { Task, Thing } from "../store.ts";
import type { Worker } from "../timers.ts";
import { emit } from "./events.ts";
import { invalidRequest, noSuch } from "./faults.ts";
import type { Params } from "./form.ts";
import { newName, seconds, visible, type World } from "./world.ts";

export type Account = Thing & { payouts_enabled: boolean; _balance: Record<string, number> };
type Bank = Thing & { account: string; currency: string; _number: string };
type Transfer = Thing & {
  amount: number;
  amount_reversed: number;
  currency: string;
  destination: string;
  reversed: boolean;
};
export type Payout = Thing & {
  amount: number;
  currency: string;
  destination: string;
  status: "pending" | "in_transit" | "paid" | "failed" | "canceled";
  failure_code: string | null;
  _account: string;
};

/** Bank account numbers with a fate, after Stripe's list; any other number is paid. */
const failures: Record<string, string> = {
  "000111111116": "no_account",
  "000111111113": "account_closed",
  "000222222227": "insufficient_funds",
  "000333333335": "debit_not_authorized",
  "000444444440": "invalid_currency",
};
/** The emulator's own: the bank takes the payout, then returns it. */
const RETURNED_AFTER_PAID = "000555555559";

const bankIn = (world: World, account: string, details: Params): Bank => {
  details.only(
    "object",
    "country",
    "currency",
    "account_number",
    "routing_number",
    "account_holder_name",
    "account_holder_type",
  );
  if (details.needText("object") !== "bank_account") {
    throw invalidRequest("Only bank accounts can be paid.", { param: details.name("object") });
  }
  const number = details.needText("account_number");
  if (!/^[A-Za-z0-9]{4,34}$/.test(number)) {
    throw invalidRequest("Invalid account number.", {
      code: "account_number_invalid",
      param: details.name("account_number"),
    });
  }
  return {
    id: newName("ba_1"),
    object: "bank_account",
    account,
    account_holder_name: details.text("account_holder_name"),
    account_holder_type: details.text("account_holder_type"),
    country: details.needText("country"),
    created: seconds(world),
    currency: details.needText("currency").toLowerCase(),
    last4: number.slice(-4),
    routing_number: details.text("routing_number"),
    status: "new",
    _number: number,
  };
};

/** POST /v1/accounts: a recipient whom the platform pays; no questions are asked here. */
export const openAccount = (world: World, params: Params): Account => {
  params.only(
    "controller",
    "country",
    "email",
    "capabilities",
    "business_type",
    "individual",
    "tos_acceptance",
    "settings",
    "default_currency",
    "business_profile",
    "metadata",
    "expand",
  );
  const country = params.needText("country");
  if (params.object("capabilities")?.object("transfers")?.text("requested") !== "true") {
    throw invalidRequest("A recipient needs capabilities[transfers][requested].", { param: "capabilities" });
  }
  const account: Account = {
    id: newName("acct_1", 16),
    object: "account",
    capabilities: { transfers: "active" },
    charges_enabled: false,
    country,
    created: seconds(world),
    default_currency: params.text("default_currency") ?? "usd",
    details_submitted: true,
    email: params.text("email"),
    metadata: params.metadata(),
    payouts_enabled: true,
    requirements: { currently_due: [], disabled_reason: null, past_due: [] },
    _balance: {},
  };
  world.store.put(account);
  return account;
};

export const accountById = (world: World, id: string): Account => {
  const account = world.store.get<Account>(id);
  if (account?.object !== "account") throw noSuch("account", id, "account");
  return account;
};

/** POST /v1/accounts/:id/external_accounts */
export const addBank = (world: World, accountId: string, params: Params): Bank => {
  params.only("external_account", "default_for_currency", "metadata", "expand");
  accountById(world, accountId);
  const details = params.object("external_account");
  if (!details) throw params.missing("external_account");
  const bank = bankIn(world, accountId, details);
  world.store.put(bank, accountId);
  return bank;
};

const move = (world: World, accountId: string, currency: string, amount: number): void => {
  const account = accountById(world, accountId);
  const balance = (account._balance[currency] ?? 0) + amount;
  if (balance < 0) {
    throw invalidRequest("You have insufficient funds in your Stripe account.", {
      code: "balance_insufficient",
    });
  }
  world.store.put({ ...account, _balance: { ...account._balance, [currency]: balance } });
};

/**
 * POST /v1/transfers: from the platform's balance to a recipient's.
 * The platform's own balance is not counted: the demo world owes money that no card has paid in here.
 */
export const openTransfer = (world: World, params: Params): Transfer => {
  params.only(
    "amount",
    "currency",
    "destination",
    "description",
    "metadata",
    "source_transaction",
    "transfer_group",
    "expand",
  );
  const amount = params.needInteger("amount");
  if (amount < 1) throw invalidRequest("Invalid positive integer", { param: "amount" });
  const currency = params.needText("currency").toLowerCase();
  const destination = accountById(world, params.needText("destination")).id;
  move(world, destination, currency, amount);
  const transfer: Transfer = {
    id: newName("tr_1"),
    object: "transfer",
    amount,
    amount_reversed: 0,
    created: seconds(world),
    currency,
    destination,
    livemode: false,
    metadata: params.metadata(),
    reversed: false,
    transfer_group: params.text("transfer_group"),
  };
  world.store.put(transfer);
  emit(world, "transfer.created", transfer);
  return transfer;
};

export const transferById = (world: World, id: string): Transfer => {
  const transfer = world.store.get<Transfer>(id);
  if (transfer?.object !== "transfer") throw noSuch("transfer", id, "transfer");
  return transfer;
};

/** POST /v1/transfers/:id/reversals: back from the recipient's balance to the platform's. */
export const reverseTransfer = (world: World, id: string, params: Params): Thing => {
  params.only("amount", "metadata", "description", "expand");
  const transfer = transferById(world, id);
  const left = transfer.amount - transfer.amount_reversed;
  const amount = params.integer("amount") ?? left;
  if (left === 0 || amount > left || amount < 1) {
    throw invalidRequest(`Transfer ${id} has ${left} left to reverse.`, {
      code: left === 0 ? "transfer_already_reversed" : "parameter_invalid_integer",
    });
  }
  move(world, transfer.destination, transfer.currency, -amount);
  const amount_reversed = transfer.amount_reversed + amount;
  world.store.put({ ...transfer, amount_reversed, reversed: amount_reversed === transfer.amount });
  const reversal: Thing = {
    id: newName("trr_1"),
    object: "transfer_reversal",
    amount,
    created: seconds(world),
    currency: transfer.currency,
    metadata: params.metadata(),
    transfer: transfer.id,
  };
  world.store.put(reversal);
  return reversal;
};

/** POST /v1/payouts with Stripe-Account: from a recipient's balance to their bank. */
export const openPayout = (world: World, accountId: string, params: Params): Payout => {
  params.only(
    "amount",
    "currency",
    "description",
    "destination",
    "metadata",
    "method",
    "statement_descriptor",
    "expand",
  );
  const amount = params.needInteger("amount");
  if (amount < 1) throw invalidRequest("Invalid positive integer", { param: "amount" });
  const currency = params.needText("currency").toLowerCase();
  const bankId = params.needText("destination");
  const bank = world.store.get<Bank>(bankId, accountId);
  if (bank?.object !== "bank_account") throw noSuch("external account", bankId, "destination");
  if (bank.currency !== currency) {
    throw invalidRequest(`The bank account takes ${bank.currency}, not ${currency}.`, { param: "currency" });
  }
  move(world, accountId, currency, -amount);
  const payout: Payout = {
    id: newName("po_1"),
    object: "payout",
    amount,
    arrival_date: seconds(world) + 2 * 24 * 60 * 60,
    automatic: false,
    created: seconds(world),
    currency,
    description: params.text("description"),
    destination: bankId,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: params.metadata(),
    method: params.oneOf("method", ["standard", "instant"]) ?? "standard",
    source_type: "card",
    statement_descriptor: params.text("statement_descriptor"),
    status: "pending",
    type: "bank_account",
    _account: accountId,
  };
  world.store.put(payout, accountId);
  emit(world, "payout.created", payout, { account: accountId });
  world.store.later("payout.arrive", payout.id, world.clock.now().getTime() + world.pace.payout_ms);
  return payout;
};

export const payoutById = (world: World, accountId: string, id: string): Payout => {
  const payout = world.store.get<Payout>(id, accountId);
  if (payout?.object !== "payout") throw noSuch("payout", id, "payout");
  return payout;
};

const fail = (world: World, payout: Payout, failure_code: string): void => {
  const failed: Payout = {
    ...payout,
    status: "failed",
    failure_code,
    failure_message: `The bank answered: ${failure_code}.`,
  };
  move(world, payout._account, payout.currency, payout.amount);
  world.store.put(failed, payout._account);
  emit(world, "payout.failed", visible(failed), { account: payout._account });
};

/** The bank's answer: paid, failed, or paid and returned a little later. */
export const arrivePayout =
  (world: World): Worker =>
  (task: Task) => {
    world.store.atomically(() => {
      const payout = world.store.get<Payout>(task.subject);
      const bank = payout && world.store.get<Bank>(payout.destination);
      if (!payout || !bank) return;
      if (payout.status === "paid" && bank._number === RETURNED_AFTER_PAID) {
        return fail(world, payout, "account_closed");
      }
      if (payout.status !== "pending") return;
      const failure = failures[bank._number];
      if (failure) return fail(world, payout, failure);
      const paid: Payout = { ...payout, status: "paid" };
      world.store.put(paid, payout._account);
      emit(world, "payout.paid", paid, { account: payout._account });
      if (bank._number === RETURNED_AFTER_PAID) {
        world.store.later("payout.arrive", payout.id, world.clock.now().getTime() + world.pace.payout_ms);
      }
    });
    return undefined;
  };
