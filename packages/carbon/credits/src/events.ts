import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Whole grams as decimal text: JSON has no bigint. */
const grams = v.pipe(v.string(), v.regex(/^\d+$/));
const moment = v.string();

/** A batch came into being; `grams` went to its owner, `bufferGrams` were kept back. */
export const creditsIssued = defineEvent(
  "credits.issued",
  v.object({
    batchId: idOf("batch"),
    requestId: idOf("request"),
    transferId: idOf("transfer"),
    ownerId: idOf("user"),
    cvaId: idOf("user"),
    grams,
    bufferGrams: grams,
    vintage: v.number(),
    country: v.string(),
    method: v.string(),
    at: moment,
  }),
);

/** Credits went from one person's wallet to another's, without a sale. */
export const creditsTransferred = defineEvent(
  "credits.transferred",
  v.object({ transferId: idOf("transfer"), fromId: idOf("user"), toId: idOf("user"), grams, at: moment }),
);

/** Credits went from a seller's listing to a buyer's wallet. Written by the settlement's SQL function. */
export const creditsSold = defineEvent(
  "credits.sold",
  v.object({
    transferId: idOf("transfer"),
    orderId: idOf("order"),
    sellerId: idOf("user"),
    buyerId: idOf("user"),
    grams,
    at: moment,
  }),
  { emittedBy: "credits.tell_of_sale" },
);

/** Credits left circulation for good, at their holder's input. */
export const creditsRetired = defineEvent(
  "credits.retired",
  v.object({
    retirementId: idOf("retirement"),
    transferId: idOf("transfer"),
    holderId: idOf("user"),
    grams,
    beneficiaryName: v.string(),
    reason: v.string(),
    at: moment,
  }),
);

/** Credits were taken back, because their batch should not have been issued. `holderId` is null for the buffer. */
export const creditsCancelled = defineEvent(
  "credits.cancelled",
  v.object({
    transferId: idOf("transfer"),
    batchId: idOf("batch"),
    holderId: v.nullable(idOf("user")),
    grams,
    reason: v.string(),
    at: moment,
  }),
);

/** A batch was found to be issued wrongly. What of it is listed should leave the market, so that it can be taken back. */
export const batchRevoked = defineEvent(
  "credits.batch_revoked",
  v.object({ batchId: idOf("batch"), ownerId: idOf("user"), reason: v.string(), at: moment }),
);

/** An operator made up for so many grams of a revoked batch; told to each who has credits of it, with what is still owed. */
export const shortfallMadeUp = defineEvent(
  "credits.shortfall_made_up",
  v.object({
    userId: idOf("user"),
    batchId: idOf("batch"),
    number: v.string(),
    transferId: idOf("transfer"),
    grams,
    left: grams,
    at: moment,
  }),
);

/** Somebody who bought or was given credits of a revoked batch has so many grams of it. */
export const revokedHeld = defineEvent(
  "credits.revoked_held",
  v.object({ userId: idOf("user"), batchId: idOf("batch"), grams, at: moment }),
);
