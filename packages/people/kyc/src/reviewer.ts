import { member } from "@evx/rpc";
import { refuse } from "./errors.ts";

/** Whether somebody may review proofs of identity: an accredited cva or an administrator. */
export const isReviewer = (actor: { role: string; accredited: boolean }): boolean =>
  actor.role === "admin" || (actor.role === "cva" && actor.accredited);

/** A rung of the ladder beside auditor and operator: either of them. */
export const reviewer = member.use(({ ctx, next }) => {
  if (!isReviewer(ctx.actor)) throw refuse("reviewer_required");
  return next({ ctx: { actor: ctx.actor } });
});
