import { idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import { method as gateway } from "@evx/payments/schema";
import * as v from "valibot";

export const whats = ["payment", "refund", "dispute", "payout", "fee", "other"] as const;

export const Difference = v.object({
  id: idOut("difference"),
  gateway,
  day: v.string(),
  kind: v.picklist(["missing_here", "missing_there", "amount", "fee"]),
  what: v.picklist(whats),
  /** The gateway's name for what it is about. */
  ref: v.nullable(v.string()),
  paymentId: v.nullable(idOut("payment")),
  currency: v.string(),
  /** What was booked here; null where nothing was. */
  here: v.nullable(v.string()),
  there: v.nullable(v.string()),
  foundAt: momentOut,
});
export const DifferencePage = pageOf(Difference);
export const OpenDifferences = v.object(pageEntries);

/** What a gateway says of a day in one currency, by what moved. */
export const Sum = v.object({
  what: v.picklist(whats),
  currency: v.string(),
  count: v.number(),
  gross: v.string(),
  fee: v.string(),
  net: v.string(),
});

export const Day = v.object({
  gateway,
  /** The gateway's own day. */
  day: v.string(),
  from: momentOut,
  to: momentOut,
  /** Whether the gateway has a list of its own; else each payment was asked about. */
  listed: v.boolean(),
  ranAt: momentOut,
  /** How many differences wait for somebody. */
  open: v.number(),
  sums: v.array(Sum),
});
export const DayPage = pageOf(Day);
export const Days = v.object(pageEntries);

export const Resolve = v.object({ differenceId: idOf("difference"), note: textOf(300) });
export const Resolved = v.object({ differenceId: idOut("difference") });
