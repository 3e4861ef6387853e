import { creditsIn, creditsOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";

/** Of what is owed, what came from its owner and from the buffer; `shortfall` is what nothing has made up for yet. */
export const Revocation = v.object({
  reason: v.string(),
  revokedAt: momentOut,
  owed: creditsOut,
  fromOwner: creditsOut,
  fromBuffer: creditsOut,
  /** Of what came from the buffer, what an operator put into it for this batch. */
  replaced: creditsOut,
  shortfall: creditsOut,
});

/** A revoked batch for which something is owed still, with how many people have how much of it. */
const Shortfall = v.object({
  number: v.pipe(v.bigint(), v.transform(String), v.string()),
  serial: v.string(),
  revocation: Revocation,
  /** What can be made up for now: the rest lies in listings of its owner, and comes back or is sold. */
  missing: creditsOut,
  holders: v.number(),
  held: creditsOut,
});

export const ShortfallQuery = v.object({ ...pageEntries });
export const ShortfallPage = pageOf(Shortfall);

export const MakeUp = v.object({
  number: v.pipe(v.string(), v.regex(/^\d{1,18}$/, "Enter the batch's number in digits.")),
  amount: creditsIn,
  note: textOf(500, 3),
});

export const MadeUp = v.object({ left: creditsOut });

const bpsOut = v.number();

/** How much of each batch goes to the buffer by the quality of its data, in basis points, and what lies in it now. */
export const BufferRule = v.object({
  sharesBps: v.object({ connected: bpsOut, export: bpsOut, manual: bpsOut }),
  held: creditsOut,
});
