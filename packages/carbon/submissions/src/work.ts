import { mayAct } from "@evx/accounts";
import type { Db } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import { submitRequest } from "@evx/review";
import type { Actor, Context } from "@evx/rpc";
import { claimMonth, closeStages, dropStages, freeTrips } from "@evx/trips";
import { refuse } from "./errors.ts";
import { submissionDone } from "./events.ts";
import { requestAtOnce } from "./policy.ts";
import {
  advanceLine,
  endLine,
  type LineRow,
  lineRows,
  lockWaiting,
  submissionRow,
  updateSubmission,
} from "./queries/submissions.ts";

type Owner = Pick<Actor, "id">;

/** What working off needs: it opens a transaction for each step. */
export type World = { db: Db; transact: Context["transact"] };

/** Claims a large line month by month; what an earlier run took is not free any more. */
const stage = async (ctx: World, owner: Owner, line: LineRow): Promise<void> => {
  const claim = {
    requestId: line.request_id,
    vehicleId: line.vehicle_id,
    ownerId: owner.id,
    from: line.period_from ?? undefined,
    to: line.period_to ?? undefined,
  };
  for (const { month } of await freeTrips(ctx.db, owner, claim))
    await ctx.transact(async (tx) => {
      const taken = await claimMonth(tx, claim, month);
      if (taken > 0) await advanceLine(tx, line, taken);
    });
};

const workLine = async (ctx: World, owner: Owner, line: LineRow): Promise<void> => {
  const large = Number(line.trips) > requestAtOnce.trips;
  try {
    if (!(await mayAct(ctx.db, owner.id))) throw refuse("request_owner_suspended");
    if (large) await stage(ctx, owner, line);
    await ctx.transact(async (tx) => {
      const waiting = await lockWaiting(tx, line);
      if (!waiting) return;
      if (large) await closeStages(tx, line.request_id);
      const request = await submitRequest(tx, owner, {
        id: line.request_id,
        vehicleId: line.vehicle_id,
        from: line.period_from ?? undefined,
        to: line.period_to ?? undefined,
      });
      await endLine(tx, line, { status: "done", trips: request.trip_count });
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await ctx.transact(async (tx) => {
      if (!(await lockWaiting(tx, line))) return;
      if (large) await dropStages(tx, line.request_id);
      await endLine(tx, line, { status: "refused", refusal: error.code, details: error.details });
    });
  }
};

/** Works a submission's lines off, each in transactions of its own; a run that was killed goes on where it ended. */
export const workOff = async (ctx: World, id: Id<"submission">): Promise<void> => {
  const row = await submissionRow(ctx.db, id);
  if (!row || row.status === "done") return;
  if (row.status === "queued") await ctx.transact((tx) => updateSubmission(tx, id, { status: "running" }));
  const owner = { id: row.owner_id };
  for (const line of await lineRows(ctx.db, id))
    if (line.status === "waiting") await workLine(ctx, owner, line);
  await ctx.transact(async (tx) => {
    const held = await submissionRow(tx, id);
    if (!held || held.status === "done") return;
    await updateSubmission(tx, id, { status: "done", finished_at: tx.at });
    const lines = await lineRows(tx, id);
    await emit(tx, submissionDone, {
      submissionId: id,
      ownerId: held.owner_id,
      fleet: held.fleet,
      requests: lines.filter(({ status }) => status === "done").length,
      refused: lines.filter(({ status }) => status === "refused").length,
    });
  });
};
