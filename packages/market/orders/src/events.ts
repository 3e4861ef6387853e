import { markKinds } from "@evx/accounts/schema";
import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const text = v.string();
/** Whole grams or minor units as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));
const moment = v.string();

const orderEntries = {
  orderId: idOf("order"),
  kind: v.picklist(["purchase", "auction_win", "second_chance"]),
  listingId: idOf("listing"),
  buyerId: idOf("user"),
  sellerId: idOf("user"),
  grams: amount,
  pricePerCreditMinor: amount,
  totalMinor: amount,
  currency: text,
};

/** Credits are reserved and wait for payment. */
export const orderPlaced = defineEvent(
  "marketplace.order_placed",
  v.object({
    ...orderEntries,
    paymentId: idOf("payment"),
    /** Paid out of what was set aside on the buyer's balance, at once: nobody is asked for money. */
    funded: v.optional(v.boolean()),
    expiresAt: moment,
    at: moment,
  }),
);

/** Credits and money have changed hands. The three parts sum to the total. */
export const orderCompleted = defineEvent(
  "marketplace.order_completed",
  v.object({
    ...orderEntries,
    paymentId: idOf("payment"),
    transferId: idOf("transfer"),
    platformFeeMinor: amount,
    cvaFeeMinor: amount,
    netMinor: amount,
    vintage: v.number(),
    country: text,
    method: text,
    /** The order that bought these lines together; none for an order of one listing. */
    sweepId: v.optional(v.nullable(idOf("order"))),
    at: moment,
  }),
  { emittedBy: "marketplace.tell_of_sale" },
);

/** The payment window closed without money; the credits are free again. */
export const orderExpired = defineEvent(
  "marketplace.order_expired",
  v.object({ ...orderEntries, at: moment }),
);

/** The buyer let go of an unpaid order; the credits are free again. */
export const orderCancelled = defineEvent(
  "marketplace.order_cancelled",
  v.object({ ...orderEntries, at: moment }),
);

/** An unpaid order ended because its credits are of a revoked batch. Money that comes all the same goes back. */
export const orderWithdrawn = defineEvent(
  "marketplace.order_withdrawn",
  v.object({ ...orderEntries, at: moment }),
);

const sweepEntries = { orderId: idOf("order"), buyerId: idOf("user"), grams: amount, at: moment };

/** An order over many listings waits for payment. */
export const sweepPlaced = defineEvent(
  "marketplace.sweep_placed",
  v.object({
    ...sweepEntries,
    totalMinor: amount,
    currency: text,
    funded: v.optional(v.boolean()),
    expiresAt: moment,
  }),
);

/** An order over many listings has ended unpaid or with its money gone back. */
export const sweepEnded = defineEvent(
  "marketplace.sweep_ended",
  v.object({
    ...sweepEntries,
    outcome: v.picklist(["cancelled", "expired", "refunded"]),
    /** Whether its credits were of revoked batches and nothing stood in for them; older versions do not say. */
    withdrawn: v.optional(v.boolean()),
  }),
);

/** A line's credits were revoked and nothing stood in for them: the order goes on without, and their money comes back. */
export const sweepLineLost = defineEvent(
  "marketplace.sweep_line_lost",
  v.object({ ...sweepEntries, lineId: idOf("order") }),
);

/** An order over many listings has settled; `changeMinor` is what lines that went away gave to the buyer's balance. */
export const sweepCompleted = defineEvent(
  "marketplace.sweep_completed",
  v.object({
    ...sweepEntries,
    totalMinor: amount,
    changeMinor: amount,
    currency: text,
    retirementId: v.nullable(idOf("retirement")),
  }),
  { emittedBy: "marketplace.settle_sweep" },
);

const disputeEntries = {
  disputeId: idOf("dispute"),
  orderId: idOf("order"),
  buyerId: idOf("user"),
  at: moment,
};

/** A buyer objects to an order; once for each of its sellers. */
export const disputeOpened = defineEvent(
  "marketplace.dispute_opened",
  v.object({ ...disputeEntries, sellerId: idOf("user") }),
);

/** An operator decided a dispute. */
export const disputeResolved = defineEvent(
  "marketplace.dispute_resolved",
  v.object({ ...disputeEntries, outcome: v.picklist(["refund", "partial_refund", "release"]) }),
);

/** A sale turned out to be one person's with themselves: prices leave it out. */
export const selfDealingFound = defineEvent(
  "marketplace.self_dealing_found",
  v.object({
    orderId: idOf("order"),
    buyerId: idOf("user"),
    sellerId: idOf("user"),
    marks: v.array(v.picklist(markKinds)),
    at: moment,
  }),
);

/** An operator found that such a sale was between two people after all. */
export const selfDealingCleared = defineEvent(
  "marketplace.self_dealing_cleared",
  v.object({ orderId: idOf("order"), at: moment }),
);
