import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const amount = v.pipe(v.string(), v.regex(/^\d+$/));
const moment = v.string();

const entries = {
  wantedId: idOf("wanted"),
  buyerId: idOf("user"),
  grams: amount,
  currency: v.string(),
  at: moment,
};

/** Credits that somebody wanted were found: the order waits for payment, unless it paid by itself. */
export const wantedMatched = defineEvent(
  "marketplace.wanted_matched",
  v.object({
    ...entries,
    orderId: idOf("order"),
    /** Null where the order is of several sellers. */
    sellerId: v.nullable(idOf("user")),
    totalMinor: amount,
    /** Paid and settled at once, out of what its buyer had set aside. */
    funded: v.optional(v.boolean()),
    expiresAt: moment,
  }),
);

/** A wanted order ended with some of it not found; `grams` are those. */
export const wantedEnded = defineEvent(
  "marketplace.wanted_ended",
  v.object({ ...entries, outcome: v.picklist(["expired", "unpaid"]) }),
);

/** An owner's new credits are sold by themselves from now on. */
export const autoSaleSet = defineEvent(
  "marketplace.auto_sale_set",
  v.object({ ownerId: idOf("user"), setAt: v.pipe(v.string(), v.isoTimestamp()) }),
);
