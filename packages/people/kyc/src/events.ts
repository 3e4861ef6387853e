import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** An identity file was handed in and waits for a reviewer. */
export const kycSubmitted = defineEvent(
  "identity.kyc_submitted",
  v.object({ fileId: idOf("kycFile"), userId: idOf("user") }),
);

export const kycDecided = defineEvent(
  "identity.kyc_decided",
  v.object({
    fileId: idOf("kycFile"),
    userId: idOf("user"),
    status: v.picklist(["verified", "rejected"]),
    reason: v.nullable(v.string()),
  }),
);
