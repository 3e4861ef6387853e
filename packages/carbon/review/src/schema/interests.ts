import { idOf, idOut, momentOut, textOf } from "@evx/kernel";
import * as v from "valibot";

/** An interest that keeps a reviewer from a request, as it is declared. */
export const Declare = v.object({
  /** Whom the interest is in: a person or a vehicle. */
  subjectId: v.pipe(v.string(), v.regex(/^(usr|veh)_[0-9a-z]{26}$/, "Not the id of a user.")),
  reason: textOf(500, 3),
  /** An operator declares for a reviewer; a reviewer for themselves. */
  reviewerId: v.optional(idOf("user")),
});

export const ClearInterest = v.object({
  reviewerId: idOf("user"),
  subjectId: textOf(40),
});

export const InterestItem = v.object({
  reviewerId: idOut("user"),
  reviewerName: v.string(),
  subjectId: v.string(),
  subjectName: v.nullable(v.string()),
  reason: v.string(),
  declaredAt: momentOut,
});

export const Interests = v.object({ items: v.array(InterestItem) });
