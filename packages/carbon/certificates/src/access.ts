import { type Actor, member, refuseCall } from "@evx/rpc";

const ensureOnlooker = (actor: Actor): void => {
  if (actor.role !== "cva" && actor.role !== "admin") throw refuseCall("role_required", { role: actor.role });
  if (actor.role === "cva" && !actor.accredited) throw refuseCall("accreditation_required");
};

/** Accredited reviewers and operators: who may look at everybody's requests. */
export const onlooker = member.use(({ ctx, next }) => {
  ensureOnlooker(ctx.actor);
  return next();
});

/** Passes for the person themselves, accredited reviewers and operators; hides the rest. */
export const selfOrOnlooker = (actor: Actor, userId: string): void => {
  if (actor.id === userId || actor.role === "admin" || (actor.role === "cva" && actor.accredited)) return;
  throw refuseCall("not_found");
};
