import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const text = v.string();
/** Whole grams as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));

/** A certificate was made, once for its subject. */
export const certificateIssued = defineEvent(
  "verification.certificate_issued",
  v.object({
    certificateId: text,
    number: text,
    kind: v.picklist(["issuance", "purchase", "transfer", "retirement"]),
    holderId: idOf("user"),
    grams: amount,
    orderId: v.nullable(text),
  }),
);

/** A certificate was revoked; of issuance, its batch was taken back as far as it could be. */
export const certificateRevoked = defineEvent(
  "verification.certificate_revoked",
  v.object({
    certificateId: text,
    number: text,
    holderId: idOf("user"),
    reason: text,
    revokedBy: text,
    clawedBack: amount,
    missing: amount,
  }),
);
