import { member, operator, router, told } from "@evx/rpc";
import { programLines } from "./lines.ts";
import * as S from "./schema.ts";
import { type AuditPorts, auditTrail, verdictView, verifyNoted } from "./trail.ts";

/** The trail for those who may read it: one's own lines for everybody, all of it for an operator. */
export const auditRouter = (ports: AuditPorts) =>
  router({
    list: operator
      .meta(told("The audit trail, newest first: by actor, object, action, level or request"))
      .input(S.AuditFilter)
      .output(S.AuditPage)
      .query(({ ctx, input }) => auditTrail(ctx.db, ports, input)),
    lines: operator
      .meta(
        told("What the programs warned of in the last fortnight, newest first: by level, person or request"),
      )
      .input(S.LineFilter)
      .output(S.ProgramLines)
      .query(({ ctx, input }) => programLines(ctx.db, input)),
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
