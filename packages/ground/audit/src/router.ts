import { member, operator, router, told } from "@evx/rpc";
import * as S from "./schema.ts";
import { type AuditPorts, auditTrail, verdictView, verifyNoted } from "./trail.ts";

/** The trail for those who may read it: one's own lines for everybody, all of it for an operator. */
export const auditRouter = (ports: AuditPorts) =>
  router({
    list: operator
      .meta(told("The audit trail, newest first: by actor, object or action"))
      .input(S.AuditFilter)
      .output(S.AuditPage)
      .query(({ ctx, input }) => auditTrail(ctx.db, ports, input)),
    mine: member
      .meta({ ...told("What you did, newest first"), beforeTwoFactor: true })
      .input(S.OwnTrail)
      .output(S.AuditPage)
      .query(({ ctx, input }) => auditTrail(ctx.db, ports, { ...input, actorId: ctx.actor.id })),
    verify: operator
      .meta(told("Recompute the whole audit trail and compare it with what was noted outside"))
      .input(S.NotedHeads)
      .output(S.AuditVerdict)
      .query(async ({ ctx, input }) => verdictView(await verifyNoted(ctx.db, ports, input.heads))),
  });
