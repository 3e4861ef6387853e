import type { Tx } from "@evx/db";
import { type Currency, type Grams, type Id, type Minor, textFromMinor } from "@evx/kernel";
import { cash, hold, release } from "@evx/ledger";
import { currencyOf } from "@evx/listings";
import { settleFromBalance } from "@evx/orders";
import { limitsAt, setAside } from "@evx/payouts";
import { refuse } from "./errors.ts";
import { mostFor, smaller } from "./policy.ts";
import { changeWanted, lockWanted, type WantedRow } from "./queries/wanted.ts";

/**
 * Sets aside what a new wanted order may cost at most, of what its buyer could withdraw now. Answers the hold.
 * Refuses `wanted_not_covered`.
 */
export const fund = async (
  tx: Tx,
  input: {
    id: Id<"wanted">;
    buyerId: Id<"user">;
    amount_g: Grams;
    max_minor: Minor;
    currency: Currency;
    holdDays: number;
  },
): Promise<{ hold_id: string; held_minor: Minor }> => {
  const { id, buyerId, currency } = input;
  const most = mostFor(input.amount_g, input.max_minor);
  const { holdingDays } = await limitsAt(tx, input, tx.at);
  await setAside(tx, { id, userId: buyerId, currency, amount: most, holdingDays }, (available, cause) =>
    refuse(
      "wanted_not_covered",
      { available: textFromMinor(available, currency), most: textFromMinor(most, currency), currency },
      { cause },
    ),
  );
  return { hold_id: id, held_minor: most };
};

/**
 * Pays for what was found out of what is set aside, settles it, and sets aside anew what the rest may cost: no more than
 * there was, so that rounding never asks the balance for more. All in the caller's transaction.
 */
export const payFill = async (
  tx: Tx,
  wanted: WantedRow,
  order: { id: Id<"order">; payment_id: Id<"payment">; total_minor: Minor },
  left: Minor,
): Promise<void> => {
  if (wanted.hold_id === null) return;
  await settleFromBalance(tx, order, wanted.hold_id);
  if (left <= 0n) return changeWanted(tx, wanted.id, { held: null });
  // A hold's amount never changes, so the rest is one of its own, named by the order that left it.
  const id = `${wanted.id}_${order.id}`;
  await changeWanted(tx, wanted.id, { held: { id, minor: left } });
  await hold(tx, { id, account: cash(currencyOf(wanted), wanted.buyer_id), amount: left });
};

/** What stays set aside after an order, for so many grams that are still wanted. */
export const leftAfter = (wanted: WantedRow, spent: Minor, remaining: Grams): Minor =>
  smaller(wanted.held_minor - spent, mostFor(remaining, wanted.max_minor));

/** Frees what is set aside for a wanted order that ended. Does nothing where nothing is. */
export const unfund = async (tx: Tx, wanted: Pick<WantedRow, "id" | "hold_id">): Promise<void> => {
  if (wanted.hold_id === null) return;
  await changeWanted(tx, wanted.id, { held: null });
  await release(tx, { holdId: wanted.hold_id });
};

/** Frees what an ended wanted order left set aside. Any number of times. */
export const unfundEnded = async (tx: Tx, id: Id<"wanted">): Promise<void> => {
  const wanted = await lockWanted(tx, id);
  if (wanted && wanted.status !== "open") await unfund(tx, wanted);
};
